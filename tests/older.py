"""A store as an older version of linksms left it."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.sqlite import database, versions
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS

# How many versions there were before a callback had a tally.
BEFORE_TALLIES = next(n for n, steps in enumerate(MIGRATIONS) if "tally" in "".join(steps))
COLUMNS = (
    *("id", "received_at", "remote", "method", "query", "headers", "body", "fault", "message_id"),
    *("part", "result_code", "operator_result_code", "timestamp", "segments", "duplicate", "place"),
)


def older_store(folder: Path, version: int = BEFORE_TALLIES) -> SqliteConnection:
    """Make a store of an older version, and return a connection to it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = sqlite3.connect(folder / database.FILE, isolation_level=None, factory=SqliteConnection)
    versions._offer_functions(store)  # noqa: SLF001 - as those versions were made
    for statements in MIGRATIONS[:version]:
        for statement in statements:
            store.execute(statement)
    store.execute("INSERT INTO secret (value) VALUES (zeroblob(32))")
    store.execute(f"PRAGMA user_version = {version}")
    store.execute(f"PRAGMA application_id = {versions.APPLICATION_ID}")
    return store


def insert_callbacks(store: sqlite3.Connection, rows: Iterable[tuple[Any, ...]]) -> None:
    """Store callbacks, each the values of COLUMNS, as those versions did."""
    marks = ", ".join("?" * len(COLUMNS))
    with store:
        store.execute("BEGIN")
        store.executemany(
            f"INSERT INTO callback ({', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608 - ours
            rows,
        )
