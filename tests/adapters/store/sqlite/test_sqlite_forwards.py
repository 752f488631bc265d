"""What those who forward from a folder notice, and what it costs SQLite."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from linksms_cli.adapters.store import store_in
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.forwards import SqliteForwards
from linksms_cli.sms.forward.due import Settled, State
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.timestamp import rfc3339
from tests.reporting import keep, report

_NOW = datetime.now(UTC)


def _steps_to_settle_one(folder: Path, waiting: int) -> int:
    """Return what SQLite does to settle the first report of a message while so many wait."""
    target = Target(url="http://h/", form=ForwardAs.EVENT, name="h")
    store = store_in(folder)
    store.forwards(target, "a").close()
    others = [report(id=f"m{number}") for number in range(waiting)]
    keep(store, report(id="first", result_code=1005), report(id="first"), *others)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    with closing(SqliteForwards(folder, target, "a")) as forwards:
        advance = partial(forwards.advance, held=(), now=_NOW, lease=timedelta(seconds=40))
        (due,) = advance((), limit=1)
        while forwards.next_due() == "":
            advance((), limit=0)
        connection = forwards._connection  # noqa: SLF001 - no clock tells it as surely
        assert isinstance(connection, SqliteConnection)
        forwarded = Settled(due.number, State.FORWARDED, rfc3339(_NOW), status=200)
        connection.set_progress_handler(step, 10)
        advance([forwarded], limit=0)
        connection.set_progress_handler(None, 0)
    return steps


def test_what_waits_does_not_slow_down_what_goes_out(tmp_path: Path) -> None:
    few, many = (_steps_to_settle_one(tmp_path / str(count), count) for count in (20, 2000))
    assert many < 2 * few


def test_another_store_in_its_place_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    target = Target(url="http://h/", form=ForwardAs.EVENT, name="h")
    with closing(store_in(folder).forwards(target, "a")) as forwards:
        assert not forwards.is_moved()
        folder.rename(tmp_path / "elsewhere")
        assert forwards.is_moved()
