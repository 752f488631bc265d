"""Forget old messages and reports: they hold phone numbers, which are personal data."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.timestamp import rfc3339

# Rows that are forgotten in one transaction, so that senders and receivers get their turns.
_BATCH = 5_000


def forget(folder: Path, before: datetime) -> tuple[int, int]:
    """Forget what was last heard of before a moment; return how many messages and reports."""
    with (
        database.readable_errors(folder / database.FILE),
        closing(database.connect(folder)) as connection,
    ):
        return _forget(connection, rfc3339(before))


def _forget(connection: sqlite3.Connection, limit: str) -> tuple[int, int]:
    connection.execute("PRAGMA secure_delete = ON")  # freed pages keep nothing to be found
    messages = _in_batches(
        connection,
        "DELETE FROM submission WHERE id IN (SELECT id FROM submission WHERE updated_at < ? "
        "AND once_key IS NULL LIMIT ?)",
        limit,
    )
    messages += _in_batches(
        connection,
        "UPDATE submission SET destination = '', source = '', description = NULL, "
        "message_id = NULL, error_message = NULL, error_hint = NULL "
        "WHERE id IN (SELECT id FROM submission WHERE updated_at < ? AND destination <> '' "
        "LIMIT ?)",
        limit,
    )
    reports = _in_batches(
        connection,
        "DELETE FROM callback WHERE id IN (SELECT id FROM callback WHERE received_at < ? LIMIT ?)",
        limit,
    )
    # The log holds the pages as they were.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return messages, reports


def _in_batches(connection: sqlite3.Connection, statement: str, limit: str) -> int:
    count = 0
    while True:
        with database.transaction(connection):
            changed = connection.execute(statement, (limit, _BATCH)).rowcount
        count += changed
        if changed < _BATCH:
            return count
