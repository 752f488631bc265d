"""The side of those who forward from a SQLite store."""

from pathlib import Path

from linksms_cli.adapters.store.sql.forwards import SqlForwards
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.forward.target import Target


class SqliteForwards(SqlForwards):
    """`Forwards` to one target.

    A commit does not wait for the disk: what a power cut takes back is forwarded once more, and the
    next report that is received brings the rest along.
    """

    def __init__(self, folder: Path, target: Target, owner: str) -> None:
        self._folder = folder
        connection = database.connect(folder, one_thread=False)
        with connection.errors():
            connection.execute("PRAGMA synchronous = NORMAL")
            self._identity = database.identity(folder)
        super().__init__(connection, target, owner)

    def version(self) -> int:
        """Return a number that changes whenever another connection has committed."""
        with self._connection.errors():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def is_moved(self) -> bool:
        """Return whether another store lies there now, or none."""
        return database.identity(self._folder)[0] != self._identity[0]
