"""Whether anybody has committed, asked of the server now and then.

It is asked, and not listened for: a connection that listens can die without a word, and does not
work through pgbouncer.
"""

import time

from linksms_cli.adapters.store.postgres.connection import PostgresConnection

# Seconds between two looks at the server: a report is seen within 200 ms, by a connection that was
# made anew too.
_LOOK = 0.1


class Watch:
    """Counts how often what it saw of a server has changed."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        self._snapshot: str | None = None
        self._version = 0
        self._looked_at = 0.0

    def version(self) -> int:
        """Return a number that changes whenever somebody has committed."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOK:
            with self._connection.errors():
                snapshot = self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()
            self._looked_at = now
            if snapshot[0] != self._snapshot:
                self._snapshot = snapshot[0]
                self._version += 1
        return self._version
