"""`linksms send` whose store is removed, moved or replaced while it sends."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.actions.send.batch import waiting
from linksms_cli.actions.send.batch.patience import beats
from linksms_cli.sms.batch.beat import Beat
from tests.conftest import Linksms, account
from tests.counting import ACCEPTED, CountingGateway

ROWS = 200
NOTICED_AT = 40
CONCURRENCY = 4
WRONG = "was removed, moved or replaced while it was in use"


def remove(state: Path) -> None:
    for file in state.glob("linksms.db*"):
        file.unlink()


def move(state: Path) -> None:
    (state / "linksms.db").rename(state / "elsewhere.db")


def replace(state: Path) -> None:
    other = state / "other.db"
    shutil.copy(state / "linksms.db", other)
    other.rename(state / "linksms.db")


def remove_log(state: Path) -> None:
    (state / "linksms.db-wal").unlink()


class Taking:
    """Decides each answer, and takes the store away when a certain number of requests came."""

    def __init__(self, state: Path, take_away: Callable[[Path], None], at: int) -> None:
        self._state = state
        self._take_away = take_away
        self._left = at

    def __call__(self, _number: str, _nth: int) -> int:
        self._left -= 1
        if not self._left:
            self._take_away(self._state)
        return ACCEPTED


ways = pytest.mark.parametrize("take_away", [remove, move, replace, remove_log, shutil.rmtree])


@ways
def test_a_batch_stops_and_the_rest_is_not_sent(
    linksms: Linksms, tmp_path: Path, take_away: Callable[[Path], None]
) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("".join(f"+99955{number:07}\n" for number in range(ROWS)))
    words = ("send", "--batch", str(file), "-f", "LINK", "--json", "Closed tomorrow")
    taking = Taking(tmp_path / "state", take_away, NOTICED_AT)
    with CountingGateway(decide=taking) as gateway:
        done = linksms(*words, "--concurrency", str(CONCURRENCY), env=account(gateway.url))
    rows = [record for record in done.records if "row" in record]
    by_outcome: dict[object, set[object]] = {}
    for row in rows:
        by_outcome.setdefault(row["outcome"], set()).add(row["to"])
    assert len(rows) == ROWS
    assert set(by_outcome) == {"accepted", "not_sent"}
    assert by_outcome["accepted"] == set(gateway.taken)
    # Whatever was out when it went comes to its end; at most one more group follows it.
    assert NOTICED_AT <= gateway.taken.total() <= NOTICED_AT + 2 * CONCURRENCY
    first, *others = [row["error"] for row in rows if row["outcome"] == "not_sent"]
    assert WRONG in first["message"]
    assert "Put it back" in first["hint"]
    assert all(WRONG in error["message"] for error in others)
    summary = done.records[-1]
    assert (summary["finished"], summary["not_sent"]) == (False, len(by_outcome["not_sent"]))
    assert "outcomes could not be stored" in done.stderr


@ways
def test_the_recipients_behind_it_are_not_sent(
    linksms: Linksms, tmp_path: Path, take_away: Callable[[Path], None]
) -> None:
    to = [word for number in range(4) for word in ("-t", f"+9995550000{number}")]
    taking = Taking(tmp_path / "state", take_away, 2)
    with CountingGateway(decide=taking) as gateway:
        done = linksms(
            "send", *to, "-f", "LINK", "--once", "k", "--json", "Hi", env=account(gateway.url)
        )
    outcomes = [record["outcome"] for record in done.records]
    assert outcomes == ["accepted", "accepted", "not_sent", "not_sent"]
    assert gateway.taken.total() == 2
    assert WRONG in done.records[2]["error"]["message"]
    assert "the outcome could not be stored" in done.stderr


def test_a_batch_says_that_another_store_lay_there(linksms: Linksms, tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("+99955500001\n")
    words = ("send", "--batch", str(file), "-f", "LINK", "Closed tomorrow")
    with CountingGateway() as gateway:
        first = linksms(*words, env=account(gateway.url))
        remove(tmp_path / "state")
        second = linksms(*words, env=account(gateway.url))
    assert "another store lay" not in first.stderr
    assert "this one knows nothing of what its batches sent" in second.stderr


def test_nothing_is_waited_for_in_a_store_that_is_gone(call: Linksms, tmp_path: Path) -> None:
    taking = Taking(tmp_path / "state", move, 1)
    words = ("send", "-t", "+99955500001", "-f", "LINK", "--wait", "1h", "--json", "Hi")
    with CountingGateway(decide=taking) as gateway:
        done = call(*words, env=account(gateway.url))
    assert (done.code, done.record["outcome"]) == (8, "pending")
    assert done.record["error"]["message"].startswith("accepted, but the wait failed: the store ")
    assert WRONG in done.record["error"]["message"]


def test_nothing_is_waited_for_by_a_batch_whose_store_is_gone(
    call: Linksms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("+99955500001\n+99955500002\n")
    words = ("send", "--batch", str(file), "-f", "LINK", "--wait", "1h", "--json", "Hi")

    def take_away(*terms: Any) -> Iterator[Beat]:
        move(tmp_path / "state")
        yield from beats(*terms)

    monkeypatch.setattr(waiting, "beats", take_away)
    with CountingGateway() as gateway:
        done = call(*words, env=account(gateway.url))
    assert (done.code, done.records[-1]["pending"]) == (8, 2)
    assert [WRONG in record["error"]["message"] for record in done.records[:-1]] == [True] * 2
