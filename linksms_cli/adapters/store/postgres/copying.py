"""Copy a PostgreSQL store: read it while nobody else writes, or fill a new one in one commit."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from psycopg import errors

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.sql.copying import PIECE, TABLES, Counted, Piece, count, make_room
from linksms_cli.errors import StoreError

# What only this database has.
_OWN = ("fence",)
# Who has a table in use may end in the meantime; a vacuum gives way after a second.
_PATIENCE = "SET LOCAL lock_timeout = '5s'"
# Whoever holds a key, sends a batch or receives has such a lock.
_IN_USE = """
    SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid <> pg_backend_pid())
"""
_COLUMNS = """
    SELECT attname, atttypid = 'boolean'::regtype FROM pg_attribute
    WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL (?)
    ORDER BY attname COLLATE "C"
"""
# Indices that no constraint needs: faster when all rows are there.
_INDICES = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index WHERE indrelid = ANY (?::regclass[]) AND NOT EXISTS (
        SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""
_NUMBER_ON = """
    SELECT setval(pg_get_serial_sequence(?, 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
    FROM {table}
"""
_NUMBERED = ("once_key", "batch", "submission", "forward_target")


class PostgresOriginal:
    """An `Original`, in a transaction that keeps all others from writing."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        _use_alone(connection, "SHARE")
        self.total = sum(count(connection, table) for table in TABLES)

    def pieces(self) -> Iterator[Piece]:
        """Yield all rows, table by table."""
        for table, order in TABLES.items():
            with self._connection.errors():
                columns = list(_columns(self._connection, table))
                chosen = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608 - names of ours
            with self._connection.cursor(table) as rows:
                with self._connection.errors():
                    rows.execute(chosen.encode())
                while piece := self._fetched(rows):
                    yield Piece(table, columns, piece)

    def _fetched(self, rows: psycopg.Cursor[Any]) -> list[Any]:
        with self._connection.errors():
            return rows.fetchmany(PIECE)


class PostgresReplica:
    """A `Replica`, in a transaction that its owner commits."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection
        self._counted = Counted()
        self._flags: dict[str, dict[str, bool]] = {}
        _use_alone(connection, "ACCESS EXCLUSIVE")
        make_room(connection, connection.place)
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            self._flags[table] = _columns(connection, table)
        self._indices = connection.execute(_INDICES, (list(TABLES),)).fetchall()
        for index in self._indices:
            connection.execute(f"DROP INDEX {index['name']}")

    def add(self, piece: Piece) -> None:
        """Put some rows in."""
        flags = [self._flags[piece.table][column] for column in piece.columns]
        statement = f"COPY {piece.table} ({', '.join(piece.columns)}) FROM STDIN"
        with (
            self._connection.errors(),
            self._connection.cursor() as cursor,
            cursor.copy(statement.encode()) as copied,
        ):
            for row in piece.rows:
                copied.write_row(_kept(row, flags))
        self._counted.note(piece)

    def finish(self) -> None:
        """Make what is made of the rows."""
        for index in self._indices:
            self._connection.execute(index["definition"])
        for table in _NUMBERED:
            self._connection.execute(_NUMBER_ON.format(table=table), (table,))
        for table in TABLES:
            self._connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            self._connection.execute(f"ANALYZE {table}")
        self._counted.check(self._connection, self._connection.place)


@contextmanager
def original(connection: PostgresConnection) -> Iterator[PostgresOriginal]:
    """Give what the store holds, for the block."""
    with closing(connection), connection.errors(), connection.transaction():
        yield PostgresOriginal(connection)


@contextmanager
def replica(connection: PostgresConnection) -> Iterator[PostgresReplica]:
    """Give a new store for the block, and commit what was put in at its end."""
    with closing(connection), connection.errors(), connection.transaction():
        filled = PostgresReplica(connection)
        yield filled
        filled.finish()


def _use_alone(connection: PostgresConnection, mode: str) -> None:
    """Lock all tables. Raises StoreError if a sender or a receiver is at work."""
    connection.execute(_PATIENCE)
    try:
        connection.execute(f"LOCK TABLE {', '.join(TABLES)} IN {mode} MODE")
        (in_use,) = connection.execute(_IN_USE).fetchone()
    except errors.LockNotAvailable:
        in_use = True
    if in_use:
        message = f"a sender or a receiver is using the store in {connection.place}"
        raise StoreError(message, "Stop it, or wait for its end, and try again.")


def _columns(connection: PostgresConnection, table: str) -> dict[str, bool]:
    """Return the columns of a table that every database has, each with whether it is a flag."""
    return dict(connection.execute(_COLUMNS, (table, list(_OWN))).fetchall())


def _kept(row: Sequence[Any], flags: Sequence[bool]) -> list[Any]:
    """Return a row as this database keeps it: flags are no numbers, and no text has a NUL."""
    return [
        bool(value)
        if is_flag and value is not None
        else value.replace("\0", "\N{SYMBOL FOR NULL}")
        if isinstance(value, str) and "\0" in value
        else value
        for value, is_flag in zip(row, flags, strict=True)
    ]
