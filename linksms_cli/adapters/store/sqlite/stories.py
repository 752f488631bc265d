"""The side of those who look at a SQLite store."""

from functools import partial
from pathlib import Path

from linksms_cli.adapters.store.sql.stories import SqlStories
from linksms_cli.adapters.store.sqlite import database


class SqliteStories(SqlStories):
    """`Stories`."""

    def __init__(self, folder: Path) -> None:
        # Who waits for the first report of all begins before there is a store.
        connection = database.connect(folder, read_only=database.exists(folder))
        super().__init__(connection, partial(database.connect, folder))

    def version(self) -> int:
        """Return a number that changes whenever another connection has committed."""
        with self._connection.errors():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
