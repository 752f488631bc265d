"""The side of those who look at a PostgreSQL store."""

from collections.abc import Callable

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.watching import Watch
from linksms_cli.adapters.store.sql.stories import SqlStories


class PostgresStories(SqlStories):
    """`Stories`."""

    def __init__(
        self, connection: PostgresConnection, connect: Callable[[], PostgresConnection]
    ) -> None:
        super().__init__(connection, connect)
        self._watch = Watch(connection)

    def version(self) -> int:
        """Return a number that changes whenever somebody has committed."""
        return self._watch.version()
