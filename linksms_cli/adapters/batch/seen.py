"""A set on disk of the rows that stood in a file before, for files of any length."""

import sqlite3
from collections.abc import Sequence
from hashlib import sha256


class Seen:
    """Remembers what makes rows equal, as long as it is open. SQLite keeps it in a file of its own.

    A million rows take some 40 MB there, and a few MB of memory.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)  # a temporary file
        self._connection.execute("CREATE TABLE seen (twin BLOB PRIMARY KEY, row) WITHOUT ROWID")
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Forget all of it."""
        self._connection.close()

    def above(self, twin: Sequence[str], row: int) -> int | None:
        """Return the row above that is equal to this one, None for the first, which is noted."""
        digest = sha256("\0".join(twin).encode("utf-8", "surrogatepass")).digest()[:16]
        added = self._connection.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, row)
        )
        if added.rowcount:
            return None
        (first,) = self._connection.execute(
            "SELECT row FROM seen WHERE twin = ?", (digest,)
        ).fetchone()
        return int(first)
