"""The database's file: how it is opened, and how it is told from another.

One SQLite database, `linksms.db`, in WAL mode with `synchronous=FULL`: a commit that has returned
is on disk, and readers never wait for a writer. It holds phone numbers, so a folder made for it
is the user's alone (0700), and so is the file (0600) unless the folder is shared (see `files`).
"""

import errno
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from linksms_cli.adapters.ownership import is_open_to_all, make_folder, refuse_planted
from linksms_cli.adapters.store.files import make
from linksms_cli.adapters.store.sqlite import versions
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.explaining import is_busy, readable_errors
from linksms_cli.errors import StoreMovedError

# What `identity` returns: the device and inode of the database and of its log.
Identity = tuple[tuple[int, int] | None, ...]

FILE = "linksms.db"
# How long a statement waits for another process's commit, milliseconds.
BUSY_TIMEOUT = 5000
# Pages of 4 KiB that the log may have before a commit brings it into the database: 64 MB. With
# SQLite's 1,000, whoever commits after a large transaction of another process does its work.
LOG_PAGES = 16_000


def connect(folder: Path, *, read_only: bool = False, one_thread: bool = True) -> SqliteConnection:
    """Open the store in `folder`, made or brought up to date where needed.

    The connection is in autocommit: what belongs together stands between BEGIN IMMEDIATE and
    COMMIT. With `read_only` nothing is written, and a store that is not there is an error.
    Without `one_thread` threads may hand it on; two must still not use it at once.

    Raises StoreError: the folder or the file cannot be used, is damaged, or is a newer version's.
    """
    path = folder / FILE
    with readable_errors(path):
        _refuse_planted(path)
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
            # Looked at before anything is written into a file that is not ours.
            is_older = versions.version_of(connection, path) < versions.VERSION
            if not read_only:
                _use_wal(connection)
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
            _refuse_planted(path)  # again: SQLite has opened the files beside it only now
            if is_older and read_only:
                connect(folder).close()  # it is brought up to date by whoever comes first
            elif is_older:
                versions.bring_up_to_date(connection, path)
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
    """Raise StoreMovedError if the files in `folder` are no longer those that were `opened`.

    Without the second it is the database alone that counts.
    """
    if identity(folder)[: len(opened)] != opened:
        raise StoreMovedError(
            f"the store {folder / FILE} was removed, moved or replaced while it was in use", hint
        )


def _file_identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - see above
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def _refuse_planted(path: Path) -> None:
    """Raise OSError if a stranger may have made the database or a file beside it."""
    refuse_planted(path)
    try:
        if not is_open_to_all(path.parent):
            return
    except (FileNotFoundError, NotADirectoryError):
        return
    for suffix in ("-wal", "-shm", "-journal"):
        refuse_planted(path.with_name(f"{path.name}{suffix}"))


def _make_private(folder: Path, path: Path) -> None:
    make_folder(folder)
    # A file that is there must not be opened here: to close it would drop every lock that this
    # process holds on it (fcntl), and another process would then throw the log away under SQLite.
    if path.exists():
        if not os.access(path, os.W_OK):
            code = errno.EROFS if is_on_read_only_mount(folder) else errno.EACCES
            raise OSError(code, os.strerror(code))
        return
    # SQLite gives its WAL files the mode of the database, so the mode is right from the first byte.
    # A link to what is not there yet is made there, too: SQLite would let everybody read it.
    with suppress(FileExistsError):
        os.close(make(path.resolve()))


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
