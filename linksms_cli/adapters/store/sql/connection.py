"""A connection to a database of ours, and where two of them speak different SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class DamagedError(Exception):
    """What is kept twice does not agree, or what is kept cannot be."""


class Row(Protocol):
    """A row; a column is found by its name or its place."""

    def __getitem__(self, key: str | int, /) -> Any:
        """Return a column."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the columns."""


class Cursor(Protocol):
    """The rows that a statement returned."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """Return the next row, None behind the last."""

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""


class Connection(Protocol):
    """A connection. Its values stand at `?`, or at `:name` if they are a mapping.

    Outside of a transaction each statement is its own. What the database raises is translated by
    `errors`, which every use of a connection stands in.
    """

    # What stands before a column to keep the planner from its indices, where that is needed.
    unindexed: str
    # What stands behind a query to keep its rows from others until the commit: all of them, or
    # those that nobody else keeps. Nothing where a transaction keeps everybody out anyway.
    locked: str
    if_free: str

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ..., /) -> Cursor:
        """Run a statement."""

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> Any:
        """Run a statement for each of some values."""

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""

    def insert_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> list[int]:
        """Insert rows that have these columns, in a transaction, and return their ids."""

    def update_many(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Change these columns of rows, in a transaction; the id stands before their values."""

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows that have these columns, in a transaction."""

    def texts(self, mark: str = "?") -> str:
        """Return a query of one column, `value`: the texts of a list that is given at `mark`."""

    def numbers(self, mark: str = "?") -> str:
        """Return the same for a list of numbers."""

    def listed(self, values: Iterable[str] | Iterable[int]) -> Any:
        """Return a list as it is given to such a query."""

    def ending(self, column: str, length: int) -> str:
        """Return the expression for the last characters of a column."""

    def briefly(self) -> AbstractContextManager[None]:
        """Give up the one statement of the block, and end the block, after some 50 ms."""

    def transaction(self) -> AbstractContextManager[None]:
        """Commit the block as one, durably, or leave nothing of it."""

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""

    def close(self) -> None:
        """Close it."""
