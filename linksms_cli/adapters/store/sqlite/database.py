"""The database's file: how it is opened, what its errors mean, and how it grows by versions.

One SQLite database, `linksms.db`, in WAL mode with `synchronous=FULL`: a commit that has returned
is on disk, and readers never wait for a writer. It holds phone numbers, so a folder made for it
is the user's alone (0700), and so is the file (0600) unless the folder is shared (see `files`).
"""

import errno
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from linksms_cli.adapters.store.files import make
from linksms_cli.adapters.store.sql.connection import DamagedError
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS
from linksms_cli.errors import StoreAwayError, StoreError, StoreMovedError

# What `identity` returns: the device and inode of the database and of its log.
Identity = tuple[tuple[int, int] | None, ...]

FILE = "linksms.db"
VERSION = len(MIGRATIONS)
# "LSMS": tells our file from another program's SQLite file under the same name.
APPLICATION_ID = 0x4C534D53
# How long a statement waits for another process's commit, milliseconds.
BUSY_TIMEOUT = 5000
# The pause between two versions of an older store, in seconds: others look for the lock by then.
_PAUSE = 0.1
# How many instructions `briefly` allows: some 30 ms.
_BUDGET = 1_000_000

# SQLite's primary result codes, https://www.sqlite.org/rescode.html
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
_ELSEWHERE = "or name another folder in LINKSMS_STATE."
_WHAT_IS_WRONG = {
    _BUSY: (
        "is locked by another process",
        "Try again; if that does not help, find the process that holds it.",
    ),
    _LOCKED: ("is locked", "Try again."),
    _READONLY: ("cannot be written", f"Make the folder writable, {_ELSEWHERE}"),
    _IOERR: ("cannot be read or written: the disk failed", "Check the disk and its mount."),
    _CORRUPT: (
        "is damaged",
        "Copy it, then repair it with sqlite3's .recover: a fresh one knows none of its once-keys.",
    ),
    _FULL: ("cannot grow: the disk is full", f"Free some space, {_ELSEWHERE}"),
    _CANTOPEN: ("cannot be opened", f"Check the folder and its permissions, {_ELSEWHERE}"),
    _NOTADB: ("is not a database", f"Move it aside, {_ELSEWHERE}"),
}


class SqliteConnection(sqlite3.Connection):
    """A `Connection` to one of our files."""

    unindexed = "+"
    locked = if_free = ""
    path: Path

    def insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        """Insert one row, and return its id."""
        return self.execute(statement, values).lastrowid or 0

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert many rows."""
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - a table of ours
        self.executemany(statement, rows)

    def texts(self, mark: str = "?") -> str:
        """Return a query of the texts of a list."""
        return f"SELECT value FROM json_each({mark})"  # noqa: S608 - a mark for a value

    numbers = texts

    def listed(self, values: Iterable[str] | Iterable[int]) -> str:
        """Return a list as JSON."""
        return json.dumps(list(values))

    def ending(self, column: str, length: int) -> str:
        """Return the expression for the last characters of a column."""
        return f"substr({column}, -{length})"

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """Give up the statement of the block after so many instructions."""
        self.set_progress_handler(lambda: 1, _BUDGET)
        try:
            with suppress(sqlite3.OperationalError):
                yield
        finally:
            self.set_progress_handler(None, 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit the block as one, durably, or leave nothing of it.

        The write lock is taken at the start, so that what the block reads stays true until it
        writes.
        """
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.execute("ROLLBACK")
            raise

    def errors(self) -> AbstractContextManager[None]:
        """Turn what goes wrong in the block into a StoreError."""
        return readable_errors(self.path)


def connect(folder: Path, *, read_only: bool = False, one_thread: bool = True) -> SqliteConnection:
    """Open the store in `folder`, made or brought up to date where needed.

    The connection is in autocommit: what belongs together stands between BEGIN IMMEDIATE and
    COMMIT. With `read_only` nothing is written, and a store that is not there is an error.
    Without `one_thread` threads may hand it on; two must still not use it at once.

    Raises StoreError: the folder or the file cannot be used, is damaged, or is a newer version's.
    """
    path = folder / FILE
    with readable_errors(path):
        if read_only:
            connection = _open_read_only(path, one_thread=one_thread)
        else:
            _make_private(folder, path)
            connection = _open(str(path), one_thread=one_thread)
        try:
            connection.path = path
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
            connection.execute("PRAGMA foreign_keys = ON")
            _version(connection, path)  # before anything is written into a file that is not ours
            if not read_only:
                _use_wal(connection)
                connection.execute("PRAGMA synchronous = FULL")
            _bring_up_to_date(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _open_read_only(path: Path, *, one_thread: bool) -> SqliteConnection:
    """Open a database that is only read, on a read-only mount too.

    SQLite needs a file that it can write to beside a database in WAL mode. On a read-only mount it
    can do without only if it is told that nothing changes, and then it passes over the log: a
    database that has one is read from a copy.
    """
    if not is_on_read_only_mount(path.parent):
        return _open_uri(path, "mode=ro", one_thread=one_thread)
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return _open_uri(path, "mode=ro&immutable=1", one_thread=one_thread)
    from shutil import copy
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="linksms-") as copied:
        for file in (path, log):
            copy(file, copied)
        connection = _open_uri(Path(copied) / path.name, "mode=rw", one_thread=one_thread)
        # Once they are open, the files of the copy need no name any more.
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return connection


def _open_uri(path: Path, options: str, *, one_thread: bool) -> SqliteConnection:
    uri = f"{path.absolute().as_uri()}?{options}"
    return _open(uri, one_thread=one_thread)


def _open(name: str, *, one_thread: bool) -> SqliteConnection:
    return sqlite3.connect(
        name,
        uri=name.startswith("file:"),
        isolation_level=None,
        check_same_thread=one_thread,
        factory=SqliteConnection,
    )


def is_on_read_only_mount(folder: Path) -> bool:
    """Return whether nobody can write to a folder."""
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def exists(folder: Path) -> bool:
    """Return whether there is a store in `folder`.

    Raises StoreError where nobody can say: the folder may not be entered, or is none.
    """
    path = folder / FILE
    with readable_errors(path):
        try:
            path.stat()
        except FileNotFoundError:
            return False
    return True


def identity(folder: Path) -> Identity:
    """Return what tells the database in `folder` and its log from others that may lie there later.

    SQLite goes on with files that have lost their names, and says nothing.
    """
    path = f"{folder}{os.sep}{FILE}"  # a Path takes longer to make than to look at
    return _file_identity(path), _file_identity(f"{path}-wal")


def check_identity(folder: Path, opened: Identity, hint: str | None = None) -> None:
    """Raise StoreMovedError if the files in `folder` are no longer those that were `opened`."""
    if identity(folder) != opened:
        raise StoreMovedError(
            f"the store {folder / FILE} was removed, moved or replaced while it was in use", hint
        )


def _file_identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - see above
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def is_busy(failure: sqlite3.Error) -> bool:
    """Return whether another process has the lock that was wanted."""
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF == _BUSY


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise in the block into a StoreError about `path`."""
    try:
        yield
    except sqlite3.Error as failure:
        # The low byte is the primary code; the rest says which of its cases it was.
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
        wrong, remedy = _WHAT_IS_WRONG.get(code, (f"failed: {failure}", None))
        kind = StoreAwayError if code == _BUSY else StoreError
        raise kind(f"the store {path} {wrong}", remedy) from None
    except (DamagedError, ValueError, TypeError, LookupError) as failure:
        # A row that SQLite reads without complaint may still hold what nobody has written.
        wrong, remedy = _WHAT_IS_WRONG[_CORRUPT]
        raise StoreError(f"the store {path} {wrong} ({failure})", remedy) from None
    except OSError as failure:
        message = f"the store {path} cannot be used: {failure.strerror}"
        hint = "Name another folder in LINKSMS_STATE."
        if failure.errno == errno.EACCES:
            hint = (
                "Ask its owner to share it with a group of yours (linksms store share GROUP), "
                "or name another folder in LINKSMS_STATE."
            )
        raise StoreError(message, hint) from None


def _make_private(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # A file that is there must not be opened here: to close it would drop every lock that this
    # process holds on it (fcntl), and another process would then throw the log away under SQLite.
    if path.exists():
        if not os.access(path, os.W_OK):
            code = errno.EROFS if is_on_read_only_mount(folder) else errno.EACCES
            raise OSError(code, os.strerror(code))
        return
    # SQLite gives its WAL files the mode of the database, so the mode is right from the first byte.
    with suppress(FileExistsError):
        os.close(make(path))


def _use_wal(connection: sqlite3.Connection) -> None:
    # Several processes that meet at a new file get "locked" at once: SQLite does not wait here.
    deadline = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as failure:
            if not is_busy(failure) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _bring_up_to_date(connection: SqliteConnection, path: Path, *, read_only: bool) -> None:
    version = _version(connection, path)
    if version == VERSION:
        return
    if read_only:
        connect(path.parent).close()  # an older one is brought up to date by whoever comes first
        return
    _offer_functions(connection)
    while _bring_to_next(connection, path):
        time.sleep(_PAUSE)


def _bring_to_next(connection: SqliteConnection, path: Path) -> bool:
    """Bring a store to its next version, or a new one to the last; return whether there is another.

    An index on a table of millions takes seconds: between two versions others may write.
    """
    with connection.transaction():
        # Another process may have been faster; the write lock makes what is read now final.
        version = _version(connection, path)
        upto = version + 1 if version else VERSION
        for number, statements in enumerate(MIGRATIONS[version:upto], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        if version == 0:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("INSERT INTO secret (value) VALUES (?)", (secrets.token_bytes(32),))
    return upto < VERSION


def _offer_functions(connection: sqlite3.Connection) -> None:
    """Give the migrations the functions of ours that they call."""
    from linksms_cli.sms.account import base_url
    from linksms_cli.sms.mt.submission import OnceKey

    def once_name(url: str, service_id: int, key: str) -> bytes:
        return OnceKey(canonical(url), service_id, key).digest

    def canonical(url: str) -> str:
        try:
            return base_url.canonical(url)
        except ValueError:  # written before base URLs were checked as they are today
            return url

    connection.create_function("once_name", 3, once_name, deterministic=True)
    connection.create_function("canonical_url", 1, canonical, deterministic=True)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    # The owner last: another process that makes the store commits all three at once, and may do so
    # between two of these.
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID and (tables or version):
        message = f"{path} is another program's database"
        raise StoreError(message, "Name another folder in LINKSMS_STATE.")
    if version > VERSION:
        message = f"the store {path} was written by a newer linksms (version {version})"
        raise StoreError(message, "Update this one, or name another folder in LINKSMS_STATE.")
    return int(version)
