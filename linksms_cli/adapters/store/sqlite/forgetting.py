"""Forget old messages and reports so that nothing of them is left in the store's files."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from linksms_cli.adapters.store.sql.forgetting import QUICKLY, ForgettingPace, forget_rows, gently
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.explaining import readable_errors
from linksms_cli.sms.story import Forgotten

# Pages that are kept in memory meanwhile, KiB: rows of one time lie all over the indices.
_CACHE = 65_536
# How long a transaction is to keep the write lock, and the rows that it begins with and has at
# least, which a slow disk takes as long for.
_HOLD = 0.07
_LEAST = 250
# The pause behind it, in seconds: whoever waits for the lock looks every 10 ms.
_PAUSE = 0.015
# How long to go on trying to empty the log, which another process that reads may keep.
_PATIENCE = 5.0
_LOOK = 0.05
# Pages that make a log long: half of what others may find there (see `database`).
_LOG = database.LOG_PAGES // 2


def forget(folder: Path, before: str) -> Forgotten:
    """Forget what was last heard of before a moment, RFC 3339 in UTC."""
    with (
        readable_errors(folder / database.FILE),
        closing(database.connect(folder)) as connection,
    ):
        return forget_in(connection, before)


def forget_gently(
    folder: Path, before: str, sparing: str, rest: Callable[[float], bool]
) -> Forgotten:
    """Forget the same beside a receiver, but not what waits for a target since `sparing`.

    A commit does not wait for the disk: what a power cut takes back is forgotten once more.
    """
    with (
        readable_errors(folder / database.FILE),
        closing(database.connect(folder)) as connection,
    ):
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        # So long a log is brought in by this commit, and not by the receiver's.
        connection.execute("PRAGMA wal_autocheckpoint = 1000")
        messages, reports = forget_rows(connection, before, gently(sparing, rest))
        erased = _empty_log(connection, 0.0) if messages or reports else None
    return Forgotten(before=before, messages=messages, reports=reports, erased=erased)


def forget_in(
    connection: SqliteConnection, before: str, pace: ForgettingPace | None = None
) -> Forgotten:
    """Forget what is older, by a connection whose errors are the caller's.

    A commit does not wait for the disk, but the return does: what is told as forgotten stays so
    after a power cut.
    """
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    connection.execute("PRAGMA secure_delete = ON")  # freed pages keep nothing to be found
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # see `_rest`
    pace = pace or QUICKLY._replace(least=_LEAST, hold=_HOLD, rest=partial(_rest, connection))
    messages, reports = forget_rows(connection, before, pace)
    erased = _empty_log(connection, _PATIENCE)
    if not erased:
        _put_on_disk(connection.path.with_name(f"{database.FILE}-wal"))
    return Forgotten(before=before, messages=messages, reports=reports, erased=erased)


def _rest(connection: SqliteConnection, _took: float) -> bool:
    """Let others write after a transaction, and bring the log into the database meanwhile.

    SQLite would do that in the commit, or in that of whoever comes next and waits for it. It begins
    the log anew only when all of it is in the database, also what others commit meanwhile: a log
    that is getting long is brought in once more, and a long one with the write lock. Else it would
    grow to the end, and to empty one of a gigabyte takes a second in which nobody can write.
    """
    deadline = time.monotonic() + _PAUSE
    pages = 0
    with _without_waiting(connection):
        for how, least in (("PASSIVE", 0), ("PASSIVE", _LOG // 2), ("FULL", _LOG)):
            if pages >= least:
                statement = f"PRAGMA wal_checkpoint({how})"
                _, pages, _ = connection.execute(statement).fetchone()
    time.sleep(max(deadline - time.monotonic(), 0))
    return True


@contextmanager
def _without_waiting(connection: SqliteConnection) -> Iterator[None]:
    """Let no statement of the block wait for a lock."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _put_on_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _empty_log(connection: SqliteConnection, patience: float) -> bool:
    """Empty the write-ahead log, which holds the pages as they were; return whether that worked.

    A process that reads the store keeps the log as it is. SQLite would wait for it with the write
    lock in its hands, so it is asked again and again instead, and never waits.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    deadline = time.monotonic() + patience
    with _without_waiting(connection):
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOOK)
    return True
