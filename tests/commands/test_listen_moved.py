"""`linksms listen` whose store is removed, moved or replaced while it works."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_in
from tests.conftest import Linksms, until
from tests.reporting import report, request
from tests.server import running
from tests.targets import a_target


def remove(state: Path) -> None:
    for file in state.glob("linksms.db*"):
        file.unlink()


def move(state: Path) -> None:
    (state / "linksms.db").rename(state / "elsewhere.db")


def replace_by_another(state: Path) -> None:
    other = state.with_name("other")
    store_in(other).inbox().close()
    remove(state)
    (other / "linksms.db").rename(state / "linksms.db")


def remove_folder(state: Path) -> None:
    shutil.rmtree(state)


def remove_log(state: Path) -> None:
    (state / "linksms.db-wal").unlink()


@pytest.mark.parametrize(
    ("taken_away", "left"),
    [
        (remove, ["new", "later"]),
        (move, ["new", "later"]),
        (replace_by_another, ["new", "later"]),
        (remove_folder, ["new", "later"]),
        # The log was no longer the database's, so what was in it is written once more.
        (remove_log, ["old", "new", "new", "later"]),
    ],
)
def test_a_store_that_is_taken_away_is_noticed_and_no_report_goes_with_it(
    environment: dict[str, str],
    tmp_path: Path,
    linksms: Linksms,
    taken_away: Callable[[Path], None],
    left: list[str],
) -> None:
    state = tmp_path / "state"
    with running(environment, "listen") as receiver:
        assert request(receiver.url, report(id="old")).status == 200
        taken_away(state)
        for name in ("new", "later"):
            assert request(receiver.url, report(id=name)).status == 200
        assert [receiver.event()["id"] for _ in range(3)] == ["old", "new", "later"]
        assert store_in(state).has_receiver()
        assert [e["id"] for e in linksms("listen", "--replay", "--json").records] == left
        (line,) = receiver.end().stderr.splitlines()
    assert json.loads(line)["warning"] == (
        f"the store {state / 'linksms.db'} was removed, moved or replaced while it was in use: "
        "reports go into what is there now, or into a new one"
    )


def test_a_store_that_cannot_be_made_again_is_503_until_it_can(
    environment: dict[str, str], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with running(environment, "listen") as receiver:
        shutil.rmtree(state)
        state.write_text("in the way")
        assert [request(receiver.url, report(id=name)).status for name in "ab"] == [503, 503]
        state.unlink()
        assert request(receiver.url, report(id="c")).status == 200
        assert receiver.event()["id"] == "c"
        assert store_in(state).has_receiver()
        lines = receiver.end().stderr.splitlines()
    warnings = [json.loads(line)["warning"].removeprefix("the store ") for line in lines]
    assert [warning.partition(" ")[2].split(":")[0] for warning in warnings] == [
        "was removed, moved or replaced while it was in use",
        "cannot be used",
        "are stored again",
    ]


def test_a_replaced_store_is_left_whole(environment: dict[str, str], tmp_path: Path) -> None:
    """What stands in the log of the new one must not go with the old one's connection."""
    state = tmp_path / "state"
    with running(environment, "listen") as receiver:
        assert request(receiver.url, report(id="old")).status == 200
        remove(state)
        with running(environment, "listen") as other:
            assert request(other.url, report(id="other")).status == 200
            assert request(receiver.url, report(id="new")).status == 200
            other.process.kill()
            other.process.wait()
            connection = sqlite3.connect(state / "linksms.db")
            ids = {row[0] for row in connection.execute("SELECT message_id FROM callback")}
            connection.close()
    assert ids == {"other", "new"}


@pytest.mark.parametrize("taken_away", [replace_by_another, remove_folder])
def test_what_comes_into_the_store_that_is_there_then_is_forwarded_too(
    environment: dict[str, str], tmp_path: Path, taken_away: Callable[[Path], None]
) -> None:
    with a_target() as target, running(environment, "listen", "--forward-to", target.url) as server:
        assert request(server.url, report(id="old")).status == 200
        until(lambda: target.came)
        taken_away(tmp_path / "state")
        for name in ("new", "later"):
            assert request(server.url, report(id=name)).status == 200
        until(lambda: {"new", "later"} <= {json.loads(one.body)["id"] for one in target.came})
