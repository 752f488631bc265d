"""How a PostgreSQL store is opened, what it must be like, and how it grows by versions."""

from contextlib import closing

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.dialect import NamedRow
from linksms_cli.adapters.store.postgres.explaining import PRIMARY, SCHEMA, readable_errors
from linksms_cli.adapters.store.postgres.limits import NORMAL, Limits
from linksms_cli.adapters.store.postgres.schema import MIGRATIONS
from linksms_cli.errors import StoreAwayError, StoreError

VERSION = len(MIGRATIONS)
# Who brings the schema up to date, and whose turn it is to store what came in.
_MIGRATION_LOCK, INBOX_LOCK = 0x4C534D53_00000001, 0x4C534D53_00000002
# The first with ids of transactions as `commits` asks for them.
_OLDEST_SERVER = 13

_SETTINGS = """
    SELECT current_setting('synchronous_commit') AS synchronous_commit,
        current_setting('transaction_read_only') AS read_only,
        current_setting('server_encoding') AS encoding,
        current_setting('server_version_num')::int / 10000 AS server,
        to_regclass('linksms.version') IS NOT NULL AS is_made
"""


def connect(
    address: str,
    place: str,
    *,
    read_only: bool = False,
    make: bool = False,
    limits: Limits = NORMAL,
) -> PostgresConnection:
    """Open the store at an address, made or brought up to date where needed.

    With `read_only` one that is not there is an error, unless it is to `make`.

    Raises StoreError.
    """
    with readable_errors(place):
        connection = PostgresConnection(
            address, place, read_only=read_only, limits=limits, check=_check
        )
        try:
            settings = _check(connection, read_only=read_only)
            version = _version(connection) if settings["is_made"] else 0
            if version < VERSION and not read_only:
                _bring_up_to_date(connection)
            elif version == 0 and not make:
                raise StoreError(f"there is no store in {place} yet", None)
            elif version < VERSION:
                connect(address, place).close()
        except BaseException:
            connection.close()
            raise
    return connection


def link(address: str, place: str) -> PostgresConnection:
    """Connect, and look at nothing. Raises StoreError."""
    with readable_errors(place):
        return PostgresConnection(address, place)


def exists(address: str, place: str) -> bool:
    """Return whether there is a store at an address. Raises StoreError."""
    with closing(link(address, place)) as connection, connection.errors():
        return bool(connection.execute(_SETTINGS).fetchone()["is_made"])


def _check(connection: PostgresConnection, *, read_only: bool) -> NamedRow:
    """Return how the server is set. Raises StoreError where that would not do to write."""
    settings: NamedRow = connection.execute(_SETTINGS).fetchone()
    place = connection.place
    if settings["server"] < _OLDEST_SERVER:
        message = f"the server in {place} is PostgreSQL {settings['server']}"
        raise StoreError(message, f"Use PostgreSQL {_OLDEST_SERVER} or later.")
    if read_only:
        return settings
    if settings["read_only"] == "on":
        message = f"the store in {place} is read-only: a standby, or set so"
        raise StoreAwayError(message, PRIMARY)
    if settings["synchronous_commit"] == "off":
        message = (
            f"the store in {place} has synchronous_commit off: a crash would take back what was "
            "stored, and it would be sent twice"
        )
        raise StoreError(message, "Switch it on for this user or database, or in the server.")
    if settings["encoding"] != "UTF8":
        message = f"the database in {place} has the encoding {settings['encoding']}"
        raise StoreError(message, "Create one with the encoding UTF8.")
    return settings


def _bring_up_to_date(connection: PostgresConnection) -> None:
    with connection.transaction(marked=False):
        connection.execute("SELECT pg_advisory_xact_lock(?)", (_MIGRATION_LOCK,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute("CREATE TABLE IF NOT EXISTS version (number BIGINT NOT NULL)")
        # Another process may have been faster; the lock makes what is read now final.
        version = _version(connection)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        if version == 0:
            import secrets

            connection.execute("INSERT INTO secret (value) VALUES (?)", (secrets.token_bytes(32),))
            connection.execute("INSERT INTO version VALUES (?)", (VERSION,))
            connection.created = True
        else:
            connection.execute("UPDATE version SET number = ?", (VERSION,))


def _version(connection: PostgresConnection) -> int:
    row = connection.execute("SELECT number FROM version").fetchone()
    version = int(row[0]) if row else 0
    if version > VERSION:
        message = (
            f"the store in {connection.place} was written by a newer linksms (version {version})"
        )
        raise StoreError(message, "Update this one, or name another store in LINKSMS_STATE.")
    return version
