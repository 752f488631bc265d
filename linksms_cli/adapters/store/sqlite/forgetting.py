"""Forget old messages and reports: they hold phone numbers, which are personal data."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.story import Forgotten

# Rows that are looked at in the first transaction, and in any: as many as keep the write lock for
# this long, since the pages that they share are then written once.
_BATCH, _MOST = 1_000, 10_000
_HOLD = 0.1
# Pages that are kept in memory meanwhile, KiB: rows of one time lie all over the indices.
_CACHE = 65_536
# Who waits for the write lock looks every 100 ms at most. The pause after a batch is as long as the
# batch took, so that each look finds the lock free half of the time, and never shorter than this.
_PAUSE = 0.01
# How long to go on trying to empty the log, which another process that reads may keep.
_PATIENCE = 5.0
_LOOK = 0.05

# An intent is never newer than its outcome, so the index on the first finds what is older.
_COUNT_MESSAGES = """
    SELECT count(*) FROM submission WHERE created_at < :before AND updated_at < :before
        AND (once_key IS NULL OR destination <> '')
"""
_COUNT_REPORTS = "SELECT count(*) FROM callback WHERE received_at < :before"
_NEXT = """
    SELECT created_at, id FROM submission WHERE (created_at, id) > (?, ?) AND created_at < ?
    ORDER BY created_at, id LIMIT ?
"""
_DELETE = """
    DELETE FROM submission WHERE id IN (SELECT value FROM json_each(:ids))
        AND updated_at < :before AND once_key IS NULL
"""
# What a once-key has sent stays as a bare fact.
_STRIP = """
    UPDATE submission SET destination = '', source = '', description = NULL, message_id = NULL,
        error_message = NULL, error_hint = NULL
    WHERE id IN (SELECT value FROM json_each(:ids))
        AND updated_at < :before AND once_key IS NOT NULL AND destination <> ''
"""
_DELETE_REPORTS = """
    DELETE FROM callback WHERE id IN (
        SELECT id FROM callback WHERE received_at < ? ORDER BY received_at LIMIT ?)
"""


def forgettable(folder: Path, before: str) -> Forgotten:
    """Return how much would be forgotten; nothing is written."""
    with (
        database.readable_errors(folder / database.FILE),
        closing(database.connect(folder, read_only=True)) as connection,
    ):
        messages, reports = (
            connection.execute(statement, {"before": before}).fetchone()[0]
            for statement in (_COUNT_MESSAGES, _COUNT_REPORTS)
        )
    return Forgotten(before=before, messages=messages, reports=reports, erased=None)


def forget(folder: Path, before: str) -> Forgotten:
    """Forget what was last heard of before a moment, RFC 3339 in UTC."""
    with (
        database.readable_errors(folder / database.FILE),
        closing(database.connect(folder)) as connection,
    ):
        return forget_in(connection, before)


def forget_in(connection: sqlite3.Connection, before: str) -> Forgotten:
    """Forget what is older, by a connection whose errors are the caller's."""
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    connection.execute("PRAGMA secure_delete = ON")  # freed pages keep nothing to be found
    messages = _in_batches(connection, _Submissions(connection, before).forget)
    reports = _in_batches(connection, lambda most: _forget_callbacks(connection, before, most))
    return Forgotten(
        before=before, messages=messages, reports=reports, erased=_empty_log(connection)
    )


class _Submissions:
    """Forgets submissions batch by batch, from the oldest: each is looked at once."""

    def __init__(self, connection: sqlite3.Connection, before: str) -> None:
        self._connection = connection
        self._before = before
        self._last = ("", 0)

    def forget(self, most: int) -> tuple[int, bool]:
        """Forget the next batch; return how many, and whether there may be more."""
        rows = self._connection.execute(_NEXT, (*self._last, self._before, most)).fetchall()
        if not rows:
            return 0, False
        self._last = (rows[-1]["created_at"], rows[-1]["id"])
        chosen = {"ids": json.dumps([row["id"] for row in rows]), "before": self._before}
        changed = [
            self._connection.execute(statement, chosen).rowcount for statement in (_DELETE, _STRIP)
        ]
        return sum(changed), len(rows) == most


def _forget_callbacks(connection: sqlite3.Connection, before: str, most: int) -> tuple[int, bool]:
    deleted = connection.execute(_DELETE_REPORTS, (before, most)).rowcount
    return deleted, deleted == most


def _in_batches(
    connection: sqlite3.Connection, forget_some: Callable[[int], tuple[int, bool]]
) -> int:
    """Run batches, each a transaction of its own, and let senders and receivers in between."""
    count, most, more = 0, _BATCH, True
    while more:
        began = time.monotonic()
        with database.transaction(connection):
            changed, more = forget_some(most)
        took = time.monotonic() - began
        count += changed
        most = min(max(round(most * min(_HOLD / max(took, 0.001), 2)), 100), _MOST)
        if more:
            time.sleep(max(_PAUSE, took))
    return count


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Empty the write-ahead log, which holds the pages as they were; return whether that worked.

    A process that reads the store keeps the log as it is. SQLite would wait for it with the write
    lock in its hands, so it is asked again and again instead, and never waits.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    deadline = time.monotonic() + _PATIENCE
    while True:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK)
