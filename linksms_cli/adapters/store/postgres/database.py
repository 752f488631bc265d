"""The connection to a PostgreSQL store: how it is opened, what its errors mean, how it grows.

Everything runs in transactions that name the schema themselves, and nothing else is kept in a
session: so pgbouncer may stand between, in transaction mode too.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Any, ClassVar

import psycopg
from psycopg import conninfo, errors

from linksms_cli.adapters.store.postgres.schema import MIGRATIONS
from linksms_cli.adapters.store.sql.connection import Cursor, DamagedError
from linksms_cli.errors import StoreError

SCHEMA = "linksms"
VERSION = len(MIGRATIONS)
# Seconds that connecting may take where neither the address nor PGCONNECT_TIMEOUT says so.
CONNECT_TIMEOUT = "5"
# Who brings the schema up to date, and whose turn it is to store what came in.
_MIGRATION_LOCK, INBOX_LOCK = 0x4C534D53_00000001, 0x4C534D53_00000002
# A server that says nothing for so long is given up; in milliseconds.
_STATEMENT_TIMEOUT = 30_000
_BRIEFLY = 50
# How long to find out whether what was committed while the connection broke is there, in seconds.
_PATIENCE = 10.0

_BEGIN = (
    f"BEGIN; SET LOCAL search_path = {SCHEMA}, pg_catalog; "
    f"SET LOCAL statement_timeout = {_STATEMENT_TIMEOUT}"
)
# What a commit is known by later, and on which history of the server: a standby that was promoted
# begins another one, and gives the numbers of lost transactions again.
_IDENTITY = (
    "SELECT pg_current_xact_id_if_assigned()::text, "
    "left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)"
)
_SETTINGS = """
    SELECT current_setting('synchronous_commit') AS synchronous_commit,
        current_setting('transaction_read_only') AS read_only,
        current_setting('server_encoding') AS encoding,
        to_regclass('linksms.version') IS NOT NULL AS is_made
"""
_MARK = re.compile(r"(?<!:):(?!:)([a-z_]+)|\?|%|'[^']*'")


class NamedRow(tuple[Any, ...]):
    """A row; a column is found by its name or its place."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> type[NamedRow]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    return type("OurRow", (NamedRow,), {"__slots__": (), "places": places})


def _rows(cursor: "psycopg.Cursor[Any]") -> Any:
    names = tuple(column.name for column in cursor.description or ())
    return _row_type(names)


@lru_cache(maxsize=256)
def _translated(statement: str) -> str:
    """Return a statement with the marks for its values as psycopg knows them."""

    def mark(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return _MARK.sub(mark, statement)


class PostgresConnection:
    """A `Connection` to a server. A connection that broke is made again by the next transaction."""

    unindexed = ""
    locked = "FOR UPDATE"
    if_free = "FOR UPDATE SKIP LOCKED"

    def __init__(self, address: str, place: str, *, read_only: bool = False) -> None:
        self._address = address
        self._begin = f"{_BEGIN}; SET LOCAL transaction_read_only = on" if read_only else _BEGIN
        self.place = place
        self.created = False  # whether this connection made the store
        self._is_open = False
        self._link = self._connect()

    def _connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            self._address,
            autocommit=True,
            row_factory=_rows,
            prepare_threshold=None,
            client_encoding="utf8",
        )

    def close(self) -> None:
        """Close it."""
        self._link.close()

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = (), /) -> Cursor:
        """Run a statement, in a transaction of its own if none is open."""
        if not self._is_open:
            with self._begun():
                return self._run(statement, values)
        return self._run(statement, values)

    def _run(self, statement: str, values: Any) -> Cursor:
        return self._link.execute(_translated(statement).encode(), _stored(values))

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> None:
        """Run a statement for each of some values."""
        with self._link.cursor() as cursor:
            cursor.executemany(_translated(statement).encode(), [_stored(row) for row in values])

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""
        return int(self.execute(f"{statement} RETURNING id", values).fetchone()[0])

    def texts(self, mark: str = "?") -> str:
        """Return a query of the texts of a list."""
        return f"SELECT value FROM unnest({mark}::text[]) AS list (value)"  # noqa: S608 - a mark

    def numbers(self, mark: str = "?") -> str:
        """Return a query of the numbers of a list."""
        return f"SELECT value FROM unnest({mark}::bigint[]) AS list (value)"  # noqa: S608 - a mark

    def listed(self, values: Iterable[str] | Iterable[int]) -> list[Any]:
        """Return a list."""
        return list(values)

    def ending(self, column: str, length: int) -> str:
        """Return the expression for the last characters of a column."""
        return f"right({column}, {length})"

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """Give up the statement of the block after 50 ms."""
        try:
            with self._begun():
                self._link.execute(f"SET LOCAL statement_timeout = {_BRIEFLY}".encode())
                yield
        except errors.QueryCanceled:
            return

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block as one, durably, or leave nothing of it.

        Where the connection breaks while it is committed, a new one finds out what became of it.
        """
        with self._begun(commits=True):
            yield

    def begin(self) -> None:
        """Begin a transaction that lasts as long as the connection."""
        self._link.execute(self._begin.encode())
        self._is_open = True

    @contextmanager
    def _begun(self, *, commits: bool = False) -> Iterator[None]:
        if self._link.closed:
            self._link = self._connect()
        try:
            self._link.execute(self._begin.encode())
        except psycopg.OperationalError:
            # It broke while it was idle: nothing of the block has run yet.
            self._link.close()
            self._link = self._connect()
            self._link.execute(self._begin.encode())
        self._is_open = True
        try:
            yield
            if commits:
                self._commit()
            else:
                self._link.execute(b"COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._is_open = False

    def _roll_back(self) -> None:
        try:
            if not self._link.closed:
                self._link.execute(b"ROLLBACK")
        except psycopg.Error:
            self._link.close()

    def _commit(self) -> None:
        identity = tuple(self._link.execute(_IDENTITY.encode()).fetchone() or ())
        try:
            self._link.execute(b"COMMIT")
        except psycopg.OperationalError:
            if identity[0] is None or not self._was_committed(identity):
                raise

    def _was_committed(self, identity: tuple[Any, ...]) -> bool:
        """Return whether a transaction is there that was under way when the connection broke."""
        self._link.close()
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                if self._link.closed:
                    self._link = self._connect()
                row = self._link.execute(
                    b"SELECT pg_xact_status(%s::xid8), "
                    b"left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)",
                    (identity[0],),
                ).fetchone() or (None, None)
            except psycopg.OperationalError:
                self._link.close()
                time.sleep(0.1)
                continue
            if row[1] != identity[1]:
                return False
            if row[0] != "in progress":
                return bool(row[0] == "committed")
            time.sleep(0.05)
        return False

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""
        return readable_errors(self.place)


def _stored(values: Any) -> Any:
    """Return values without NUL, which PostgreSQL cannot keep in a text."""
    if isinstance(values, Mapping):
        return {name: _text(value) for name, value in values.items()}
    return [_text(value) for value in values]


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\N{SYMBOL FOR NULL}")
    return value


def connect(address: str, place: str, *, read_only: bool = False) -> PostgresConnection:
    """Open the store at an address, made or brought up to date where needed.

    Raises StoreError.
    """
    with readable_errors(place):
        connection = PostgresConnection(address, place, read_only=read_only)
        try:
            settings = connection.execute(_SETTINGS).fetchone()
            _check(settings, place, read_only=read_only)
            _bring_up_to_date(connection, is_made=settings["is_made"], read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def exists(address: str, place: str) -> bool:
    """Return whether there is a store at an address. Raises StoreError."""
    with readable_errors(place):
        connection = PostgresConnection(address, place)
        try:
            return bool(connection.execute(_SETTINGS).fetchone()["is_made"])
        finally:
            connection.close()


def _check(settings: NamedRow, place: str, *, read_only: bool) -> None:
    if read_only:
        return
    if settings["read_only"] == "on":
        message = f"the store in {place} is read-only: a standby, or set so"
        raise StoreError(message, "Name the primary server in LINKSMS_STATE.")
    if settings["synchronous_commit"] == "off":
        message = (
            f"the store in {place} has synchronous_commit off: a crash would take back what was "
            "stored, and it would be sent twice"
        )
        raise StoreError(message, "Switch it on for this user or database, or in the server.")
    if settings["encoding"] != "UTF8":
        message = f"the database in {place} has the encoding {settings['encoding']}"
        raise StoreError(message, "Create one with the encoding UTF8.")


def _bring_up_to_date(connection: PostgresConnection, *, is_made: bool, read_only: bool) -> None:
    version = _version(connection) if is_made else 0
    if version > VERSION:
        message = (
            f"the store in {connection.place} was written by a newer linksms (version {version})"
        )
        raise StoreError(message, "Update this one, or name another store in LINKSMS_STATE.")
    if version == VERSION:
        return
    if read_only:
        raise StoreError(f"there is no store in {connection.place} that can be read", None)
    with connection.transaction():
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
    return int(row[0]) if row else 0


@contextmanager
def readable_errors(place: str) -> Iterator[None]:
    """Turn what the server and the network raise in the block into a StoreError about `place`.

    No message of libpq holds a password, and none of ours repeats the address.
    """
    try:
        yield
    except psycopg.Error as failure:
        wrong, remedy = _explained(failure)
        raise StoreError(f"the store in {place} {wrong}", remedy) from None
    except (DamagedError, ValueError, TypeError, LookupError) as failure:
        raise StoreError(f"the store in {place} is damaged ({failure})", None) from None


def _explained(failure: psycopg.Error) -> tuple[str, str | None]:
    said = str(failure.diag.message_primary or failure).strip().split("\n")[-1].strip()
    match failure:
        case errors.InsufficientPrivilege():
            return (
                f"may not be used: {said}",
                f"Have an administrator run: CREATE SCHEMA {SCHEMA} AUTHORIZATION that user.",
            )
        case errors.ReadOnlySqlTransaction():
            return f"is read-only: {said}", "Name the primary server in LINKSMS_STATE."
        case errors.QueryCanceled():
            return "is too slow: it was given up", "Look what keeps the server busy."
        case errors.DiskFull():
            return f"cannot grow: {said}", "Free some space on the server."
        case psycopg.OperationalError():
            return (
                f"cannot be reached: {said}",
                "Check LINKSMS_STATE, the server, and the password in PGPASSWORD or ~/.pgpass.",
            )
        case _:
            return f"failed: {said}", None


def address_of(text: str) -> tuple[str, str]:
    """Return the address that libpq takes and where that is in words, without any secret.

    Raises StoreError where it cannot be read.
    """
    try:
        parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(text).items()}
    except psycopg.ProgrammingError:
        # What libpq says of it repeats it, and it may hold a password.
        message = "LINKSMS_STATE is not an address of PostgreSQL"
        hint = "Write postgresql://USER@HOST/DATABASE, or service=NAME."
        raise StoreError(message, hint) from None
    import os

    if "connect_timeout" not in parts and "PGCONNECT_TIMEOUT" not in os.environ:
        parts["connect_timeout"] = CONNECT_TIMEOUT
    parts.setdefault("application_name", "linksms")
    where = [f"service {parts['service']}"] if "service" in parts else []
    host = ":".join(parts[name] for name in ("host", "port") if name in parts)
    where += [one for one in (host, parts.get("dbname")) if one]
    place = f"PostgreSQL ({', '.join(where) or 'the default server'})"
    return conninfo.make_conninfo("", **parts), place
