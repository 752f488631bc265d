"""A connection that waits for the write lock."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.adapters.store.sqlite import database


def test_it_asks_for_the_lock_again_and_again_as_long_as_its_patience_lasts(
    tmp_path: Path,
) -> None:
    """SQLite alone would look every 100 ms in the end, and a pause of others is shorter."""
    asked: list[str] = []
    with (
        closing(database.connect(tmp_path)) as holder,
        closing(database.connect(tmp_path)) as waiting,
    ):
        waiting.execute("PRAGMA busy_timeout = 1000")
        waiting.set_trace_callback(asked.append)
        with holder.transaction():
            with pytest.raises(sqlite3.OperationalError, match="locked"), waiting.transaction():
                pass
            waiting.set_trace_callback(None)
        assert asked.count("BEGIN IMMEDIATE") > 1
        assert waiting.execute("PRAGMA busy_timeout").fetchone()[0] == 1000
        with waiting.transaction():
            assert waiting.in_transaction


def test_who_does_not_wait_asks_once(tmp_path: Path) -> None:
    asked: list[str] = []
    with (
        closing(database.connect(tmp_path)) as holder,
        closing(database.connect(tmp_path)) as waiting,
    ):
        waiting.execute("PRAGMA busy_timeout = 0")
        waiting.set_trace_callback(asked.append)
        with (
            holder.transaction(),
            pytest.raises(sqlite3.OperationalError, match="locked"),
            waiting.transaction(),
        ):
            pass
        assert asked.count("BEGIN IMMEDIATE") == 1
