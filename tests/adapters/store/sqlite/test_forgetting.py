"""Forgetting: what is deleted is gone from the files too, and nobody has to wait for it."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store.sql.forgetting import ForgettingPace
from linksms_cli.adapters.store.sqlite import SqliteStore, database, forgetting
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection

NUMBER = "+99955501234"
LATER = "2030-01-01T00:00:00.000Z"
BATCH = 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteConnection]:
    with closing(database.connect(tmp_path)) as connection:
        yield connection


def fill(store: SqliteConnection, count: int, *, keyed: bool = False, at: str = "2020-") -> None:
    """Store so many submissions and reports; with `keyed` each submission under a key."""
    if keyed:
        store.execute(
            "INSERT OR IGNORE INTO once_key (id, base_url, service_id, key, payload, created_at) "
            "VALUES (1, 'u', 1, 'k', x'00', '2020')"
        )
    store.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
        "INSERT INTO submission (created_at, updated_at, base_url, service_id, "
        "destination, source, once_key, slot, message_id) "
        "SELECT :at || i, :at || i, 'u', 1, :number, 'LINK', :key, i, 'id' || i FROM n",
        {"count": count, "at": at, "number": NUMBER, "key": 1 if keyed else None},
    )
    store.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
        "INSERT INTO callback (received_at, remote, method, query, headers, body, "
        "message_id) SELECT :at || i, '', 'POST', '', '{}', :number, 'id' || i FROM n",
        {"count": count, "at": at, "number": NUMBER},
    )


def count(store: SqliteConnection, table: str) -> int:
    return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a test's


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("keyed", [False, True])
def test_what_is_counted_is_what_is_deleted(
    store: SqliteConnection, tmp_path: Path, keyed: bool
) -> None:
    fill(store, BATCH + 1, keyed=keyed)
    fill(store, 3, at="2040-")
    planned = SqliteStore(tmp_path).forgettable(LATER)
    assert (planned.messages, planned.reports, planned.erased) == (BATCH + 1, BATCH + 1, None)
    assert count(store, "callback") == BATCH + 4
    done = forgetting.forget(tmp_path, LATER)
    assert (done.messages, done.reports, done.erased) == (BATCH + 1, BATCH + 1, True)
    left = store.execute("SELECT count(*) FROM submission WHERE destination <> ''").fetchone()[0]
    assert (left, count(store, "callback")) == (3, 3)
    assert count(store, "submission") == (BATCH + 4 if keyed else 3)
    again = SqliteStore(tmp_path).forgettable(LATER)
    assert (again.messages, again.reports) == (0, 0)


def test_a_message_that_was_heard_of_lately_stays(store: SqliteConnection, tmp_path: Path) -> None:
    fill(store, 2)
    store.execute("UPDATE submission SET updated_at = '2040' WHERE slot = 2")
    assert SqliteStore(tmp_path).forgettable(LATER).messages == 1
    assert forgetting.forget(tmp_path, LATER).messages == 1
    assert count(store, "submission") == 1


@pytest.mark.parametrize("keyed", [False, True])
def test_nothing_is_left_in_a_file_while_others_have_the_store_open(
    store: SqliteConnection, tmp_path: Path, keyed: bool
) -> None:
    """The last to close the store empties its log, so here somebody else keeps it open."""
    fill(store, 50, keyed=keyed)
    assert NUMBER.encode() in files(tmp_path)
    assert forgetting.forget(tmp_path, LATER).erased
    assert NUMBER.encode() not in files(tmp_path)


def test_freed_pages_are_overwritten_wherever_sqlite_would_leave_them(
    store: SqliteConnection, tmp_path: Path
) -> None:
    """Some systems build SQLite to overwrite by default, most do not."""
    fill(store, 50)
    store.execute("PRAGMA secure_delete = OFF")
    assert forgetting.forget_in(store, LATER).erased
    assert NUMBER.encode() not in files(tmp_path)


def test_a_reader_that_keeps_the_log_is_told_of(
    store: SqliteConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 50)
    monkeypatch.setattr(forgetting, "_PATIENCE", 0.0)
    with closing(database.connect(tmp_path, read_only=True)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM submission").fetchone()
        assert forgetting.forget(tmp_path, LATER).erased is False
        assert NUMBER.encode() in files(tmp_path)
    assert forgetting.forget(tmp_path, LATER).erased
    assert NUMBER.encode() not in files(tmp_path)


def test_who_sends_meanwhile_gets_a_turn_after_every_batch(
    store: SqliteConnection, tmp_path: Path
) -> None:
    fill(store, 3 * BATCH, keyed=True)
    turns = 0

    def send(_took: float) -> bool:
        nonlocal turns
        store.execute("PRAGMA busy_timeout = 0")
        fill(store, 1, at="2040-")
        turns += 1
        return True

    with closing(database.connect(tmp_path)) as other:
        forgetting.forget_in(other, LATER, ForgettingPace(most=BATCH, hold=60, rest=send))
    assert turns == 6  # three batches of each, and each but the last may be followed by another


def test_the_log_does_not_grow_by_what_others_commit_while_it_is_brought_in(
    store: SqliteConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each transaction would be appended to those before, and to empty it all holds senders up."""
    fill(store, 5 * BATCH, keyed=True)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    monkeypatch.setattr(forgetting, "QUICKLY", ForgettingPace(most=BATCH))
    monkeypatch.setattr(forgetting, "_LOG", 0)
    sizes: list[int] = []
    reader = database.connect(tmp_path)

    class Forgetter(SqliteConnection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            if statement != "PRAGMA wal_checkpoint(PASSIVE)":
                return super().execute(statement, *values)
            # What a reader does not see yet is not brought in, like what comes too late for it.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM stale").fetchone()
            store.execute("INSERT OR REPLACE INTO stale VALUES ('sent meanwhile')")
            done = super().execute(statement)
            reader.execute("COMMIT")
            sizes.append((tmp_path / f"{database.FILE}-wal").stat().st_size)
            return done

    monkeypatch.setattr("linksms_cli.adapters.store.sqlite.database.SqliteConnection", Forgetter)
    with closing(reader):
        assert forgetting.forget(tmp_path, LATER).erased
    assert len(sizes) >= 10
    assert max(sizes) < 3 * sizes[0]


def test_beside_a_receiver_it_is_done_in_small_pieces_and_can_end_after_each(
    store: SqliteConnection, tmp_path: Path
) -> None:
    fill(store, 5 * BATCH, keyed=True)
    left = [5 * BATCH]

    def come_in(_took: float) -> bool:
        """What the receiver does meanwhile: it never finds the lock taken."""
        store.execute("PRAGMA busy_timeout = 0")
        fill(store, 1, at="2040-")
        (count,) = store.execute(
            "SELECT count(*) FROM callback WHERE received_at < '2030'"
        ).fetchone()
        left.append(count)
        return bool(count > BATCH)

    gone = SqliteStore(tmp_path).forget_gently(LATER, sparing="2020", rest=come_in)
    pieces = [before - after for before, after in pairwise(left)]
    assert max(pieces) <= 512
    assert 0 < left[-1] <= BATCH
    assert (gone.messages, gone.reports) == (5 * BATCH, 5 * BATCH - left[-1])
    assert store.execute("SELECT count(*) FROM once_key").fetchone()[0] == 1


def steps(store: SqliteConnection, work: Callable[[], object]) -> int:
    """Return how many thousand instructions SQLite took for some work."""
    taken = 0

    def count_one() -> int:
        nonlocal taken
        taken += 1
        return 0

    store.set_progress_handler(count_one, 1000)
    work()
    store.set_progress_handler(None, 0)
    return taken


def test_the_work_grows_with_the_rows_and_not_with_their_square(
    store: SqliteConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that stay, since a key needs them, must not be looked at again with every batch."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    fill(store, 5 * BATCH, keyed=True)
    few = steps(store, lambda: forgetting.forget_in(store, LATER))
    store.execute("DELETE FROM submission")
    fill(store, 20 * BATCH, keyed=True)
    many = steps(store, lambda: forgetting.forget_in(store, LATER))
    assert few * 3 < many < few * 5


def test_a_batch_that_is_not_finished_keeps_its_rows_as_bare_facts(
    store: SqliteConnection, tmp_path: Path
) -> None:
    store.execute(
        "INSERT INTO batch (id, digest, again, created_at, finished_at) "
        "VALUES (1, x'01', 0, '2020', NULL), (2, x'02', 0, '2020', '2020-02')"
    )
    fill(store, 4)
    store.execute("UPDATE submission SET batch = 1 + id % 2, row = id, outcome = 'accepted'")
    planned = SqliteStore(tmp_path).forgettable(LATER)
    forgotten = forgetting.forget(tmp_path, LATER)
    assert (planned.messages, forgotten.messages) == (4, 4)
    kept = store.execute(
        "SELECT batch, outcome, destination, message_id FROM submission"
    ).fetchall()
    assert [tuple(row) for row in kept] == [(1, "accepted", "", None)] * 2
    # What is stripped is not counted again.
    assert SqliteStore(tmp_path).forgettable(LATER).messages == 0
