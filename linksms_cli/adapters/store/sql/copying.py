"""What is copied from one store to another: every row of every table, in pieces, as it is.

The rows that are searched go along, so that nothing has to be made anew. So does what hashes are
keyed with: without it no once-key of the original would be known again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.errors import StoreError

# Each table, after those that it refers to, and what its rows are in the order of.
TABLES = {
    "secret": "value",
    "once_key": "id",
    "batch": "id",
    "submission": "id",
    "callback": "id",
    "message": "id",
    "stale": "message_id",
    "indexed": "callback",
    "forward_target": "id",
    "forward": "callback, target",
}
# What a store has from its beginning.
_BORN_WITH = ("secret", "indexed")
# Rows that are copied at once.
PIECE = 2_000


class Piece(NamedTuple):
    """Some rows of a table. The columns are in the order of their names, in every database."""

    table: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def count(connection: Connection, table: str) -> int:
    """Return how many rows a table has. Errors are the caller's."""
    (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a table of ours
    return int(rows)


def make_room(connection: Connection, place: str) -> None:
    """Take away what a new store has from its beginning. Raises StoreError if it is not new."""
    for table in TABLES:
        if table not in _BORN_WITH and count(connection, table):
            message = f"the store in {place} is not empty, so nothing was copied into it"
            raise StoreError(message, "Name a folder or a database that holds no store yet.")
    for table in _BORN_WITH:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a table of ours


class Counted:
    """Counts the rows that were put in, and compares that with what is there at the end."""

    def __init__(self) -> None:
        self._rows = dict.fromkeys(TABLES, 0)

    def note(self, piece: Piece) -> None:
        """Count the rows of a piece."""
        self._rows[piece.table] += len(piece.rows)

    def check(self, connection: Connection, place: str) -> None:
        """Raise StoreError if a table has not the rows that it should have."""
        for table, rows in self._rows.items():
            found = count(connection, table)
            if found != rows:
                message = f"{found:,} of {rows:,} rows of {table} arrived in the store in {place}"
                raise StoreError(message, "Nothing was copied. Check the disk and its mount.")
