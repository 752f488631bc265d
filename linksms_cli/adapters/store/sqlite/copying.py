"""Copy a SQLite store: read it while nobody else uses it, or fill a new one in one commit."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from linksms_cli.adapters.store.sql.copying import PIECE, TABLES, Counted, Piece, count, make_room
from linksms_cli.adapters.store.sqlite import database, witness
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.explaining import is_busy
from linksms_cli.errors import StoreError

# Seconds in which whoever has the store open may end, and between two looks.
_PATIENCE = 1.0
_LOOK = 0.05
# Pages in memory while a store is filled, KiB.
_CACHE = 262_144
# What is made of the rows, and faster when they are all there.
_LATER = (
    "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql <> ''"
)


class SqliteOriginal:
    """An `Original`."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        with connection.errors():
            self.total = sum(count(connection, table) for table in TABLES)

    def pieces(self) -> Iterator[Piece]:
        """Yield all rows, table by table."""
        for table, order in TABLES.items():
            with self._connection.errors():
                described = self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608 - a table of ours
                columns = sorted(column[0] for column in described)
                rows = self._connection.cursor()
                rows.row_factory = None
                rows.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}")  # noqa: S608 - its own names
            while True:
                with self._connection.errors():
                    piece = rows.fetchmany(PIECE)
                if not piece:
                    break
                yield Piece(table, columns, piece)


class SqliteReplica:
    """A `Replica`, in a transaction that its owner commits."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._counted = Counted()
        self._later = connection.execute(_LATER).fetchall()
        make_room(connection, str(connection.path.parent))
        for made in self._later:
            connection.execute(f"DROP {made['type']} {made['name']}")

    def add(self, piece: Piece) -> None:
        """Put some rows in."""
        marks = ", ".join("?" * len(piece.columns))
        with self._connection.errors():
            self._connection.executemany(
                f"INSERT INTO {piece.table} ({', '.join(piece.columns)}) VALUES ({marks})",  # noqa: S608 - names of ours
                piece.rows,
            )
        self._counted.note(piece)

    def finish(self) -> tuple[bytes, int]:
        """Make what is made of the rows; return what the witness is told (see `witness`)."""
        for made in self._later:
            self._connection.execute(made["sql"])
        self._counted.check(self._connection, str(self._connection.path.parent))
        self._connection.execute(
            "UPDATE once_count SET intents = (SELECT count(*) FROM submission "
            "WHERE once_key IS NOT NULL OR batch IS NOT NULL)"
        )
        (protected,) = self._connection.execute("SELECT intents FROM once_count").fetchone()
        (secret,) = self._connection.execute("SELECT value FROM secret").fetchone()
        return witness.identity(secret), protected


@contextmanager
def original(folder: Path) -> Iterator[SqliteOriginal]:
    """Give what the store holds, for the block, in which nobody else can open it."""
    with closing(_connected(folder)) as connection:
        yield SqliteOriginal(connection)


@contextmanager
def replica(folder: Path) -> Iterator[SqliteReplica]:
    """Give a new store for the block, and commit what was put in at its end."""
    with closing(database.connect(folder)) as connection:
        with connection.errors():
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            keep_others_out(connection)
            filled = SqliteReplica(connection)
        yield filled
        with connection.errors():
            told = filled.finish()
            connection.execute("COMMIT")
            witness.note(folder, *told, lasting=True)


def keep_others_out(connection: SqliteConnection) -> None:
    """Begin a transaction in which no other process can even open the store.

    Raises StoreError if one has it open and keeps it open.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as failure:
            if not is_busy(failure):
                raise
            if time.monotonic() > deadline:
                message = f"another process has the store in {connection.path.parent} open"
                raise StoreError(message, "Stop it, or wait for its end, and try again.") from None
            time.sleep(_LOOK)
        else:
            return


def _connected(folder: Path) -> SqliteConnection:
    if database.is_on_read_only_mount(folder):  # where nobody can write, nobody has to wait
        return database.connect(folder, read_only=True)
    connection = database.connect(folder)
    try:
        with connection.errors():
            keep_others_out(connection)
    except BaseException:
        connection.close()
        raise
    return connection
