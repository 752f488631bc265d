"""The rows that are searched follow the facts, whoever writes them and in whatever order."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store import Store, store_in
from linksms_cli.adapters.store.sql import counting, indexing, searching
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS
from linksms_cli.sms.dlr.tally import PartStatus, Tally, key_of
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import CountField, NumberPattern, Search
from tests.older import older_store
from tests.reporting import report

AT = "2026-11-26T09:00:00.250Z"
MS = 1795683600250


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteConnection]:
    with closing(database.connect(tmp_path)) as connection:
        yield connection


@pytest.fixture
def face(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def raw(path: Path) -> SqliteConnection:
    return sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)


def begin(store: SqliteConnection, to: str = "+99955501234") -> int:
    return (
        store.execute(
            "INSERT INTO submission (created_at, updated_at, base_url, service_id, profile, "
            "destination, source, parts, slot) VALUES (?, ?, 'u', 1, 'prod', ?, 'LINK', 1, 0)",
            (AT, AT, to),
        ).lastrowid
        or 0
    )


def finish(store: SqliteConnection, number: int, message_id: str | None, code: int = 1005) -> None:
    store.execute(
        "UPDATE submission SET outcome = 'accepted', result_code = ?, message_id = ?, final = 0 "
        "WHERE id = ?",
        (code, message_id, number),
    )


def receive(store: SqliteConnection, message_id: str, code: int = 1001, **more: Any) -> None:
    """Store a report as a receiver does."""
    tally = Tally(1)
    part = PartStatus(None, code, AT, 1, AT)
    tally.add(part, key_of(None, code, "2", AT))
    store.execute(
        "INSERT INTO callback (received_at, remote, method, query, headers, body, message_id, "
        "result_code, operator_result_code, timestamp, segments, tally) "
        "VALUES (?, '', 'POST', '', '{}', ?, ?, ?, '2', ?, 1, ?)",
        (AT, report(id=message_id, resultCode=code, **more), message_id, code, AT, str(tally)),
    )


def rows(store: SqliteConnection) -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in store.execute(
            "SELECT id, at, destination, source, profile, outcome, result_code, operator "
            "FROM message ORDER BY id"
        )
    ]


def test_a_submission_has_its_row_at_once(store: SqliteConnection) -> None:
    number = begin(store)
    intent = (number, MS, "+99955501234", "LINK", "prod", "unknown", None, None)
    assert rows(store) == [intent]
    finish(store, number, "a")
    assert rows(store) == [(*intent[:5], "pending", 1005, None)]
    store.execute("UPDATE submission SET destination = ''")
    assert rows(store) == []
    store.execute("DELETE FROM submission")
    number = begin(store)
    store.execute("DELETE FROM submission")
    assert rows(store) == []


def test_reports_are_added_up_when_somebody_catches_up(
    store: SqliteConnection, tmp_path: Path
) -> None:
    number = begin(store)
    finish(store, number, "a")
    receive(store, "a", 2104)
    receive(
        store, "theirs", 1001, customParameters={"source": "2333", "destination": "46701740605"}
    )
    assert indexing.behind(store) == 2
    indexing.catch_up(partial(database.connect, tmp_path))
    assert rows(store) == [
        (-2, MS, "+46701740605", "2333", None, "delivered", 1001, "no.telenor"),
        (number, MS, "+99955501234", "LINK", "prod", "failed", 2104, "no.telenor"),
    ]
    assert indexing.behind(store) == 0


def test_a_report_that_beats_the_answer_finds_its_message(
    store: SqliteConnection, tmp_path: Path
) -> None:
    number = begin(store)
    receive(store, "a", 1001)
    indexing.catch_up(partial(database.connect, tmp_path))
    assert [row[0] for row in rows(store)] == [-1, number]
    finish(store, number, "a")
    assert indexing.behind(store) == 1
    indexing.catch_up(partial(database.connect, tmp_path))
    assert [(row[0], row[5]) for row in rows(store)] == [(number, "delivered")]


def test_what_is_forgotten_is_found_no_more(
    store: SqliteConnection, face: Store, tmp_path: Path
) -> None:
    finish(store, begin(store), "a")
    receive(store, "a")
    receive(store, "theirs")
    indexing.catch_up(partial(database.connect, tmp_path))
    face.forget("2027")
    assert rows(store) == []
    assert store.execute("SELECT count(*) FROM stale").fetchone()[0] == 0
    # The numbers of the callbacks that are gone are given again, and looked at again.
    receive(store, "later")
    indexing.catch_up(partial(database.connect, tmp_path))
    assert [row[0] for row in rows(store)] == [-1]


def test_a_message_whose_first_report_is_forgotten_is_found_by_its_next(
    store: SqliteConnection, tmp_path: Path
) -> None:
    receive(store, "theirs", 1000)
    receive(store, "theirs", 1001)
    indexing.catch_up(partial(database.connect, tmp_path))
    assert [(row[0], row[5]) for row in rows(store)] == [(-1, "delivered")]
    store.execute("DELETE FROM callback WHERE id = 1")
    indexing.catch_up(partial(database.connect, tmp_path))
    assert [(row[0], row[5]) for row in rows(store)] == [(-2, "delivered")]


def test_an_older_store_is_filled_in_pieces_and_others_write_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = next(i for i, steps in enumerate(MIGRATIONS) if "CREATE TABLE message" in steps[0])
    with closing(older_store(tmp_path, place)) as old:
        for number in range(1200):
            finish(old, begin(old), f"m{number}")
            receive(old, f"m{number}", 2104 if number % 2 else 1001)
    store = database.connect(tmp_path)
    assert rows(store) == []  # bringing it up to date has looked at no row
    written = 0

    def write(_seconds: float) -> None:
        nonlocal written
        store.execute("PRAGMA busy_timeout = 0")
        receive(store, f"new{written}")
        written += 1

    monkeypatch.setattr(time, "sleep", write)
    monkeypatch.setattr(indexing, "_PIECE", 100)
    left: list[int] = []
    indexing.catch_up(
        partial(database.connect, tmp_path), told=left.append, stopped=lambda: written >= 30
    )
    found = dict(store.execute("SELECT outcome, count(*) FROM message WHERE id > 0 GROUP BY 1"))
    assert (found["delivered"], found["failed"]) == (600, 600)
    assert written == 30
    assert left == sorted(left, reverse=True)
    store.close()


def test_who_is_stopped_goes_on_where_it_was(store: SqliteConnection, tmp_path: Path) -> None:
    for number in range(3 * indexing._PIECE):  # noqa: SLF001 - its size
        receive(store, f"m{number}")
    pieces = iter([False, True])
    indexing.catch_up(partial(database.connect, tmp_path), stopped=lambda: next(pieces))
    assert len(rows(store)) == indexing._PIECE  # noqa: SLF001
    indexing.catch_up(partial(database.connect, tmp_path))
    assert len(rows(store)) == 3 * indexing._PIECE  # noqa: SLF001


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Search(), "message_at"),
        (Search(since=5, until=9), "message_at (at>? AND at<?)"),
        (Search(to=NumberPattern(digits="+9995550")), "message_destination"),
        (Search(to=NumberPattern(digits="01234", is_ending=True), since=5), "message_ending"),
        (Search(outcome=Outcome.FAILED), "message_outcome (outcome=?)"),
        (Search(outcome=Outcome.PENDING, until=9), "message_outcome (outcome=? AND at<?)"),
        (Search(outcome=Outcome.DELIVERED), "message_at"),
        (Search(code=2104), "message_code (result_code=?)"),
        (Search(code=1001), "message_at"),
        (Search(operator="no.telenor", outcome=Outcome.DELIVERED), "message_operator (operator=?)"),
        (Search(profile="prod", since=5), "message_profile (profile=? AND at>?)"),
        (Search(source="LINK"), "message_source (source=?)"),
        (Search(batch=1), "message_batch (batch=?)"),
        (Search(reference="1"), "message_reference (reference=?)"),
        (Search(key="k"), "INTEGER PRIMARY KEY (rowid=?)"),
        # The first of them finds the rows, and no other.
        (
            Search(to=NumberPattern(digits="+9995550"), outcome=Outcome.FAILED, source="LINK"),
            "message_destination",
        ),
        (Search(outcome=Outcome.FAILED, operator="x", profile="p"), "message_outcome (outcome=?)"),
    ],
)
def test_every_question_has_its_index(store: SqliteConnection, wanted: Search, index: str) -> None:
    asked: list[str] = []
    store.set_trace_callback(asked.append)
    assert list(searching.find(store, wanted, 20)) == []
    store.set_trace_callback(None)
    plan = [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
    steps = [step for step in plan if step.startswith(("SEARCH message", "SCAN message"))]
    assert len(steps) == 1
    assert index in steps[0], plan


def test_a_beginning_that_many_numbers_have_is_looked_for_among_the_latest(
    store: SqliteConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_FEW", 3)
    numbers = [begin(store, f"+9995550123{digit}") for digit in range(5)]
    asked: list[str] = []
    store.set_trace_callback(asked.append)
    wanted = Search(to=NumberPattern(digits="+999"))
    assert list(searching.find(store, wanted, 2)) == numbers[:-3:-1]
    plan = [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
    assert "SCAN message USING INDEX message_at" in plan


def test_counting_ends_when_it_takes_too_long(
    store: SqliteConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(100):
        begin(store)
    assert searching.total(store, Search()) == 100
    monkeypatch.setattr(f"{SqliteConnection.__module__}._BUDGET", 100)
    assert searching.total(store, Search()) is None


def test_all_messages_are_counted_by_an_index_as_they_are_row_by_row(
    store: SqliteConnection,
) -> None:
    outcomes = ("delivered", "failed", "pending", "unknown")
    for number in range(200):
        outcome = outcomes[number % 7 % 4]
        code = {"delivered": 1001, "failed": 2104, "pending": 1000}.get(outcome)
        operator = ("no.telenor", None, "se.tele2")[number % 3]
        at = MS + number * 777_777 * (1 + number % 2)
        store.execute(
            "INSERT INTO message (at, outcome, result_code, operator) VALUES (?, ?, ?, ?)",
            (at, outcome, code, operator),
        )
    for field in CountField:
        by_index = counting.count(store, Search(), [field])
        row_by_row = counting.count(store, Search(since=0), [field])
        assert sorted(by_index, key=str) == sorted(row_by_row, key=str), field
        assert sum(count for _, count in by_index) == 200


@pytest.mark.parametrize("field", CountField)
def test_no_message_counts_nothing(store: SqliteConnection, field: CountField) -> None:
    assert counting.count(store, Search(), [field]) == []


def test_rows_that_a_damaged_file_counts_and_does_not_hold_are_not_waited_for(
    store: SqliteConnection, tmp_path: Path
) -> None:
    number = begin(store)
    store.execute("DELETE FROM message")
    store.execute("UPDATE indexed SET submission = 1 << 62, callback = -(1 << 62)")
    indexing.catch_up(partial(database.connect, tmp_path))
    assert store.execute("SELECT id FROM message").fetchone()[0] == number
