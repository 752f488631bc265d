"""What a PostgreSQL store is: its server, its version, what it holds."""

from contextlib import closing

from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.presence import is_received
from linksms_cli.adapters.store.sql.holdings import held
from linksms_cli.sms.holdings import StoreFacts, StoreKind

_SIZE = """
    SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
    WHERE relnamespace = 'linksms'::regnamespace AND relkind = 'r'
"""
_SERVER = "SELECT current_setting('server_version')"


def facts(address: str, place: str, *, is_made: bool) -> StoreFacts:
    """Return what the store at an address is. Raises StoreError."""
    if not is_made:
        with closing(PostgresConnection(address, place)) as connection:
            software = _software(connection)
        return StoreFacts(kind=StoreKind.POSTGRESQL, place=place, software=software)
    with (
        closing(database.connect(address, place, read_only=True)) as connection,
        connection.errors(),
    ):
        (number,) = connection.execute("SELECT number FROM version").fetchone()
        return StoreFacts(
            kind=StoreKind.POSTGRESQL,
            place=place,
            software=_software(connection),
            version=number,
            size=size(connection),
            has_receiver=is_received(connection),
            held=held(connection),
        )


def size(connection: PostgresConnection) -> int:
    """Return how many bytes the tables and their indices take. Raises StoreError."""
    with connection.errors():
        (found,) = connection.execute(_SIZE).fetchone()
    return int(found)


def _software(connection: PostgresConnection) -> str:
    with connection.errors():
        (version,) = connection.execute(_SERVER).fetchone()
    return f"PostgreSQL {version.split()[0]}"
