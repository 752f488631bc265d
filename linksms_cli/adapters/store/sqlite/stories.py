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
        self._folder = folder
        # Not of its log, which comes and goes with those who write.
        self._identity = database.identity(folder)[:1]
        super().__init__(connection, partial(database.connect, folder))

    def version(self) -> int:
        """Return a number that changes whenever another connection has committed.

        Raises StoreMovedError: nobody will commit here any more, however long one waits.
        """
        with self._connection.errors():
            database.check_identity(self._folder, self._identity)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
