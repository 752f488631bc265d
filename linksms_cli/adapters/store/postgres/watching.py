"""Whether anybody has committed, asked of the server now and then.

It is asked, and not listened for (LISTEN). A connection that listens can die without a word, so it
would have to ask each second anyway; pgbouncer lends none for so long; and NOTIFY has all commits
of the server wait for one another. To ask ten times a second costs little: 50 who wait take 19 % of
a core, each in a process of its own, and 4 % of the server's, and a report is told 78 ms after its
commit (`python tests/benchmarks server`).
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
                snapshot = self._connection.glance("SELECT pg_current_snapshot()::text")
            self._looked_at = now
            if snapshot[0] != self._snapshot:
                self._snapshot = snapshot[0]
                self._version += 1
        return self._version
