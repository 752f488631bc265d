"""The side of those who look at a PostgreSQL store."""

import time
from collections.abc import Callable

from linksms_cli.adapters.store.postgres.database import PostgresConnection
from linksms_cli.adapters.store.sql.stories import SqlStories

# Seconds between two looks at the server: a report is seen within 200 ms, by a connection that was
# made anew too, and pgbouncer may stand between.
_LOOK = 0.1


class PostgresStories(SqlStories):
    """`Stories`.

    Whether anybody has committed is asked, and not listened for: a connection that listens can die
    without a word, and does not work through pgbouncer.
    """

    def __init__(
        self, connection: PostgresConnection, connect: Callable[[], PostgresConnection]
    ) -> None:
        super().__init__(connection, connect)
        self._snapshot: str | None = None
        self._version = 0
        self._looked_at = 0.0

    def version(self) -> int:
        """Return a number that changes whenever somebody has committed."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK:
            self._looked_at = now
            with self._connection.errors():
                snapshot = self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()
            if snapshot[0] != self._snapshot:
                self._snapshot = snapshot[0]
                self._version += 1
        return self._version
