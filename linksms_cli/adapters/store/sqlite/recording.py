"""Write callbacks to the database in batches, each one transaction."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from linksms_cli.adapters.store.sql.recording import record
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.explaining import is_busy, readable_errors
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback

# Pages that the log may have before it is brought into the database: 16 MB. The more there are, the
# more of them are the same page again. With SQLite's 1,000 a report takes 2 µs more; with 8,000 one
# commit in a hundred takes twice as long.
_LOG_PAGES = 4000


class Writer:
    """Writes callbacks in batches: `begin`, `write`, then `commit`, which alone waits for the disk.

    One batch at a time; the three may run in different threads. Every method raises StoreError,
    and leaves nothing of the batch when it does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / database.FILE
        self._connection = database.connect(folder, one_thread=False)
        self._connection.execute("PRAGMA busy_timeout = 0")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
        self._identity = database.identity(folder)

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def begin(self, *, patient: bool = True) -> bool:
        """Take the write lock, and return whether it could be had; it never waits.

        If not `patient`, it raises StoreError where another process has the lock.
        """
        with readable_errors(self._path):
            self._roll_back()  # what there was no memory to roll back at once
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as failure:
                if patient and is_busy(failure):
                    return False
                raise
            return True

    def write(self, batch: Sequence[Callback]) -> list[Sequence[StoredCallback]]:
        """Write a batch, and return what each held; nothing if it has no room and is not stored.

        Of an empty one, write what stands there already.
        """
        with readable_errors(self._path):
            try:
                if not batch:
                    # SQLite would not write a row that stays what it is.
                    self._connection.execute("UPDATE once_count SET intents = intents + 1")
                    self._connection.execute("UPDATE once_count SET intents = intents - 1")
                return record(self._connection, batch)
            except BaseException:
                self._roll_back()
                raise

    def commit(self) -> None:
        """Make the batch durable.

        Raises StoreMovedError if it is durable where nobody will look for it.
        """
        with readable_errors(self._path):
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            database.check_identity(self._folder, self._identity)

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
