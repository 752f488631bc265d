"""Forget old messages and reports so that nothing of them is left in the store's files."""

import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from linksms_cli.adapters.store.sql.forgetting import QUICKLY, ForgettingPace, forget_rows, gently
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.connection import SqliteConnection
from linksms_cli.adapters.store.sqlite.explaining import readable_errors
from linksms_cli.sms.story import Forgotten

# Pages that are kept in memory meanwhile, KiB: rows of one time lie all over the indices.
_CACHE = 65_536
# How long a transaction is to keep the write lock, and the pause behind it, in seconds: together
# they are the longest that somebody else waits.
_HOLD = 0.07
_PAUSE = 0.025
# How many pages of 4 KiB the log may have before it is brought into the database.
_LOG = 32_768
# How long to go on trying to empty the log, which another process that reads may keep.
_PATIENCE = 5.0
_LOOK = 0.05


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
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    with closing(_Pauses(connection)) as pauses:
        pace = pace or QUICKLY._replace(hold=_HOLD, rest=pauses.rest)
        messages, reports = forget_rows(connection, before, pace)
    erased = _empty_log(connection, _PATIENCE)
    if not erased:
        _put_on_disk(connection.path.with_name(f"{database.FILE}-wal"))
    return Forgotten(before=before, messages=messages, reports=reports, erased=erased)


def _put_on_disk(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


class _Pauses:
    """The pauses between two transactions: others write, and the log is brought into the database.

    Most rows lie on pages of their own in some index. The log holds one more copy of such a page
    for each transaction that has changed it, and the database needs the last alone: so many
    transactions go before it is written there. Until then a reader of ours keeps the log, or
    whoever commits next would have to write it all.
    """

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._reader = database.connect(connection.path.parent)
        self._keep_log()

    def close(self) -> None:
        """Let go of the log."""
        self._reader.close()

    def rest(self, took: float) -> bool:  # noqa: ARG002 - as a pace has it
        """Let others write; whoever waits looks at least every 25 ms, for 150 ms from the first."""
        deadline = time.monotonic() + _PAUSE
        _, pages, _ = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages >= _LOG:
            self._reader.execute("COMMIT")
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._keep_log()
        time.sleep(max(deadline - time.monotonic(), 0))
        return True

    def _keep_log(self) -> None:
        self._reader.execute("BEGIN")
        self._reader.execute("SELECT value FROM secret").fetchone()


def _empty_log(connection: SqliteConnection, patience: float) -> bool:
    """Empty the write-ahead log, which holds the pages as they were; return whether that worked.

    A process that reads the store keeps the log as it is. SQLite would wait for it with the write
    lock in its hands, so it is asked again and again instead, and never waits.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    deadline = time.monotonic() + patience
    while True:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK)
