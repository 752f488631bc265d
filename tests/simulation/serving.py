"""A store of a simulation on a PostgreSQL server."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from linksms_cli.adapters.store import Store, store_at
from linksms_cli.adapters.store.postgres import database, forwards, link, presence, watching
from linksms_cli.adapters.store.sql.recording import record
from linksms_cli.sms.dlr.receiving import Callback
from tests.simulation.clockwork import simulate
from tests.simulation.linking import Server, SteppingLink

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'linksms' ORDER BY tablename"
_MY_TURN = "SELECT pg_advisory_xact_lock(?)"
# How many runs leave so much behind that it is cleared away.
_CLEARED_AFTER = 200


class ServerPlace:
    """A store in a database of its own."""

    # Of two who wait for a row that a third changes, either may be the next to have it.
    is_exact = False

    def __init__(self, address: str, folder: Path) -> None:
        self.folder = folder
        self._address = address
        self.store().outbox().close()
        self._looking = psycopg.connect(address, autocommit=True)
        # Rows alone are kept and put back, by which no trigger is to do anything.
        self._looking.execute("SET session_replication_role = replica")
        self._looking.execute("SET search_path = linksms")
        self._looking.execute("CREATE SCHEMA kept")
        self._tables = [name for (name,) in self._looking.execute(_TABLES)]
        self._server = Server(address)
        self._runs = 0
        self.keep()

    def close(self) -> None:
        """Look no more."""
        self._server.close()
        self._looking.execute("DROP SCHEMA kept CASCADE")
        self._looking.close()

    def store(self) -> Store:
        return store_at(self._address)

    def keep(self) -> None:
        for name in self._tables:
            self._looking.execute(f"DROP TABLE IF EXISTS kept.{name}".encode())
            self._looking.execute(f"CREATE TABLE kept.{name} AS TABLE {name}".encode())

    def renew(self) -> None:
        self._runs += 1
        if self._runs % _CLEARED_AFTER == 0:
            self._looking.execute("VACUUM")
        statements = [
            f"DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept.{name}"  # noqa: S608 - ours
            for name in self._tables
        ]
        self._looking.execute("; ".join(statements).encode())

    def receive(self, batch: Sequence[Callback]) -> None:
        with (
            closing(database.connect(self._address, "")) as connection,
            connection.errors(),
            connection.transaction(),
        ):
            connection.execute(_MY_TURN, (database.INBOX_LOCK,))
            record(connection, batch)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self._looking.execute(query.replace("?", "%s").encode(), values).fetchall()

    def simulate(self, patch: pytest.MonkeyPatch) -> None:
        """Make steps of statements, and give the modules of the store the time of the run."""
        patch.setattr(SteppingLink, "server", self._server, raising=False)
        patch.setattr(link, "Link", SteppingLink)
        simulate(patch, forwards, link, presence, watching)
