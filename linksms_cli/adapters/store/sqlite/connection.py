"""A connection to a store in a folder: its transactions, and what SQLite writes in its own way."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.sqlite.explaining import is_busy, readable_errors

# How many instructions `briefly` allows: some 30 ms.
_BUDGET = 1_000_000
# Milliseconds: in so short a spell SQLite looks for a lock every 10 ms at least.
_SPELL = 25

# The most values that every SQLite takes in a statement.
_VALUES = 999


class SqliteConnection(sqlite3.Connection):
    """A `Connection` to one of our files."""

    unindexed = "+"
    locked = if_free = ""
    path: Path

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""
        return self.execute(statement, values).lastrowid or 0

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> list[int]:
        """Insert rows by few statements: each lets other threads take turns with this one."""
        ids: list[int] = []
        for some in _in_groups(rows, len(columns)):
            last = self.insert(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {_marks(some)}",  # noqa: S608 - names of ours
                [value for row in some for value in row],
            )
            # Nobody else writes, so they have numbers in a row.
            ids += range(last - len(some) + 1, last + 1)
        return ids

    def update_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Change rows by few statements."""
        new = ", ".join(f"{column} = new.{column}" for column in columns)
        for some in _in_groups(rows, len(columns) + 1):
            self.execute(
                f"WITH new (id, {', '.join(columns)}) AS (VALUES {_marks(some)}) "  # noqa: S608 - names of ours
                f"UPDATE {table} SET {new} FROM new WHERE {table}.id = new.id",
                [value for row in some for value in row],
            )

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - a table of ours
        self.executemany(statement, rows)

    def texts(self, mark: str = "?") -> str:
        """Return a query of the texts of a list."""
        return f"SELECT value FROM json_each({mark})"  # noqa: S608 - a mark for a value

    numbers = texts

    def listed(self, values: Iterable[str] | Iterable[int]) -> str:
        """Return a list as JSON."""
        return json.dumps(list(values))

    def ending(self, column: str, length: int) -> str:
        """Return the expression for the last characters of a column."""
        return f"substr({column}, -{length})"

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """Give up the statement of the block after so many instructions."""
        self.set_progress_handler(lambda: 1, _BUDGET)
        try:
            with suppress(sqlite3.OperationalError):
                yield
        finally:
            self.set_progress_handler(None, 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block as one, durably, or leave nothing of it.

        The write lock is taken at the start, so that what the block reads stays true until it
        writes.
        """
        try:
            self._begin()
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.execute("ROLLBACK")
            raise

    def _begin(self) -> None:
        """Take the write lock, after waiting for it as long as the connection waits for anything.

        SQLite looks for it less and less often, and would miss the pauses of a process that writes
        again and again. So its patience is short, and it is asked again.
        """
        (patience,) = self.execute("PRAGMA busy_timeout").fetchone()
        deadline = time.monotonic() + patience / 1000
        self.execute(f"PRAGMA busy_timeout = {min(patience, _SPELL)}")
        try:
            while True:
                try:
                    self.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as failure:
                    if not is_busy(failure) or time.monotonic() >= deadline:
                        raise
                else:
                    return
        finally:
            self.execute(f"PRAGMA busy_timeout = {patience}")

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""
        return readable_errors(self.path)


def _in_groups(rows: Sequence[Sequence[Any]], columns: int) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield rows in groups that one statement may have the values of."""
    size = _VALUES // columns
    for begin in range(0, len(rows), size):
        yield rows[begin : begin + size]


def _marks(rows: Sequence[Sequence[Any]]) -> str:
    """Return the marks for the values of rows."""
    row = f"({', '.join('?' * len(rows[0]))})"
    return ", ".join([row] * len(rows))
