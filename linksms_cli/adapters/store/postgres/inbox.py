"""The receiver's side of a PostgreSQL store: one batch at a time, whoever receives.

At 128 connections that makes 13,000 reports a second, each on the server's disk before its answer.
"""

import asyncio
from collections.abc import Callable, Sequence

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.database import INBOX_LOCK
from linksms_cli.adapters.store.sql.indexing import Indexer
from linksms_cli.adapters.store.sql.recording import record
from linksms_cli.adapters.threads import one_thread
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback

# Nothing is judged by reading the whole table: of a small one the planner would, and of one that
# has grown since it was last looked at.
_MY_TURN = "SELECT pg_advisory_xact_lock(?), set_config('enable_seqscan', 'off', true)"


class PostgresInbox:
    """An `Inbox`. A thread of its own waits for the server, and the loop reads on meanwhile."""

    def __init__(
        self, connection: PostgresConnection, connect: Callable[[], PostgresConnection]
    ) -> None:
        self._connection = connection
        self._server = one_thread("commit")
        self._indexer = Indexer(connect)

    async def store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        """Store a batch as one, and return what each callback held."""
        loop = asyncio.get_running_loop()
        stored = await loop.run_in_executor(self._server, self._store, batch)
        self._indexer.reported()
        return stored

    def close(self) -> None:
        """End the threads and close the store."""
        self._indexer.stop()
        self._server.shutdown()
        self._connection.close()

    def _store(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        with self._connection.errors(), self._connection.transaction():
            # Numbers come in the order of the commits, and each report is judged by all before it,
            # whichever receiver had them.
            self._connection.execute(_MY_TURN, (INBOX_LOCK,))
            return record(self._connection, batch)
