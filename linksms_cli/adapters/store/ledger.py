"""The sender's side of the store: keys claimed, intents and outcomes written."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from linksms_cli.adapters.store import database, once, submissions
from linksms_cli.adapters.store.submissions import Intent
from linksms_cli.sms.mt.result import Result


class Ledger(Protocol):
    """Where a sender remembers what it does."""

    def earlier(self, slot: int, *, to: str, source: str, key: str) -> Result | None:
        """Return what an earlier run under the claimed key did for one recipient."""

    def begin(self, intent: Intent) -> int:
        """Store that a request is about to go out. Raises StoreError."""

    def finish(self, submission: int, result: Result) -> None:
        """Store what became of it. Raises StoreError."""


class NoLedger:
    """Remembers nothing: --no-store."""

    def earlier(self, slot: int, *, to: str, source: str, key: str) -> Result | None:  # noqa: ARG002
        """Remember nothing."""
        return None

    def begin(self, intent: Intent) -> int:  # noqa: ARG002 - the protocol's
        """Write nothing."""
        return 0

    def finish(self, submission: int, result: Result) -> None:
        """Write nothing."""


class StoredLedger:
    """Remembers in the store in `folder`. With `read_only` it looks, claims and writes nothing.

    `created` says whether this made the store: then no earlier run can have left anything in it.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.created = not database.exists(folder)
        self.folder = folder
        self._path = folder / database.FILE
        self._read_only = read_only
        self._connection = database.connect(folder, read_only=read_only)
        self._claimed: int | None = None

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def claim(self, key: once.OnceKey, payload: once.Payload) -> None:
        """Make a key stand for a payload from now on. Raises once.OnceConflictError."""
        with self._readable_errors():
            if self._read_only:
                self._claimed = once.peek(self._connection, key, payload)
                return
            with database.transaction(self._connection):
                self._claimed = once.claim(self._connection, key, payload, datetime.now(UTC))

    def earlier(self, slot: int, *, to: str, source: str, key: str) -> Result | None:
        """Return what an earlier run under the claimed key did for one recipient."""
        if self._claimed is None:
            return None
        with self._readable_errors():
            row = once.earlier(self._connection, self._claimed, slot)
        return submissions.skipped(row, to=to, source=source, key=key) if row else None

    def begin(self, intent: Intent) -> int:
        """Store that a request is about to go out; it is on disk when this returns."""
        with self._readable_errors():
            return submissions.begin(self._connection, intent, self._claimed, datetime.now(UTC))

    def finish(self, submission: int, result: Result) -> None:
        """Store what became of it; it is on disk when this returns."""
        with self._readable_errors():
            submissions.finish(self._connection, submission, result, datetime.now(UTC))

    def settle(self, result: Result) -> None:
        """Store what a message that was accepted came to; it is on disk when this returns."""
        with self._readable_errors():
            row = self._connection.execute(
                "SELECT id FROM submission WHERE message_id = ? AND destination = ? "
                "ORDER BY id DESC LIMIT 1",
                (result.message_id, result.to),
            ).fetchone()
            if row:
                submissions.finish(self._connection, row["id"], result, datetime.now(UTC))

    def _readable_errors(self) -> AbstractContextManager[None]:
        return database.readable_errors(self._path)
