"""A connection to a store in a folder: its transactions, and what SQLite writes in its own way."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.sqlite.explaining import readable_errors

# How many instructions `briefly` allows: some 30 ms.
_BUDGET = 1_000_000


class SqliteConnection(sqlite3.Connection):
    """A `Connection` to one of our files."""

    unindexed = "+"
    locked = if_free = ""
    path: Path

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""
        return self.execute(statement, values).lastrowid or 0

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
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.execute("ROLLBACK")
            raise

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""
        return readable_errors(self.path)
