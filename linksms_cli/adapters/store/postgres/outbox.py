"""The sender's side of a PostgreSQL store: whoever has lost a key or a batch sends nothing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, ParamSpec, TypeVar

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.explaining import StoreBrokenError, StoreDoubtError
from linksms_cli.adapters.store.sql import once
from linksms_cli.adapters.store.sql.connection import Row
from linksms_cli.adapters.store.sql.outbox import SqlOutbox
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, OnceKey, Payload, Submission
from linksms_cli.sms.mt.twin import Twin

Asked = ParamSpec("Asked")
Returned = TypeVar("Returned")

# How often something is tried whose connection breaks each time.
_TRIES = 3


class _Doubted(NamedTuple):
    """What was to be stored when the connection broke, and what it was to return."""

    given: tuple[list[tuple[int, Result]], list[Intent]]
    begun: list[int | Submission]


class PostgresOutbox(SqlOutbox):
    """An `Outbox`.

    The lock of a key or a batch ends with its connection, which may break while its process lives
    and sends on. So each taking is counted, and an intent is stored only for the latest one.

    A server that restarts is waited for, and what it did not store is given to it again: a message
    that went out keeps its outcome. If nobody could say whether it was stored, the same call, made
    again, finds that out first.
    """

    replaced = False

    def __init__(self, connection: PostgresConnection, *, read_only: bool = False) -> None:
        super().__init__(connection, read_only=read_only)
        self._commits = connection.commits
        self._hasten = connection.hasten
        self.created = connection.created
        self._key_fences: dict[int, int] = {}
        self._batch_fences: dict[int, int] = {}
        self._begun: list[int | Submission] = []
        self._doubted: _Doubted | None = None

    def hasten(self) -> None:
        """Give a server that is away only moments to come back, from now on."""
        self._hasten()

    def claim(self, key: OnceKey, payload: Payload) -> int | None:
        """Make a key stand for a payload from now on."""
        return _insisting(super().claim, key, payload)

    def advance(
        self, results: Iterable[tuple[int, Result]], intents: Sequence[Intent]
    ) -> list[int | Submission]:
        """Store what became of requests, and that others are about to go out."""
        given = (list(results), list(intents))
        if self._doubted and self._doubted.given == given and self._was_stored():
            return self._doubted.begun
        self._begun = []
        try:
            return _insisting(super().advance, *given)
        except StoreDoubtError:
            self._doubted = _Doubted(given, self._begun)
            raise

    def settle(self, results: Iterable[Result]) -> None:
        """Store what messages that were accepted have come to."""
        _insisting(super().settle, list(results))

    def finish_batch(self, batch: int) -> None:
        """Note that every row of a batch has its outcome."""
        _insisting(super().finish_batch, batch)

    def batch(self, identity: BatchIdentity) -> StoredBatch | None:
        """Return the latest batch of that identity, taken by this outbox."""
        found = super().batch(identity)
        if found and not self._read_only:
            with self._transaction():
                row = self._connection.execute(
                    "UPDATE batch SET fence = fence + 1 WHERE id = ? RETURNING fence",
                    (found.number,),
                ).fetchone()
                self._batch_fences[found.number] = row[0]
        return found

    def begin_batch(self, identity: BatchIdentity, *, again: bool) -> StoredBatch:
        """Begin a batch."""
        batch = _insisting(super().begin_batch, identity, again=again)
        self._batch_fences[batch.number] = 0
        return batch

    def _was_stored(self) -> bool:
        with self._connection.errors():
            return self._commits.settle_doubt()

    def _begin(self, intents: Sequence[Intent], now: datetime) -> list[int | Submission]:
        self._begun = super()._begin(intents, now)
        return self._begun

    def _claim(self, key: OnceKey, payload: Payload, now: datetime) -> int:
        # First, so that nobody who had the key before stores an intent meanwhile.
        statement = "UPDATE once_key SET fence = fence + 1 WHERE name_hash = ?"
        self._connection.execute(statement, (key.digest,))
        number = once.claim(self._connection, key, payload, now)
        statement = "SELECT fence FROM once_key WHERE id = ?"
        self._key_fences[number] = self._connection.execute(statement, (number,)).fetchone()[0]
        return number

    def _twins(
        self, wanted: Sequence[tuple[bytes, Twin]], *, besides: int, now: datetime
    ) -> dict[bytes, Row]:
        # Whoever stores equals of these is waited for, and seen. In their order, so that no two
        # wait for each other.
        numbers = sorted({int.from_bytes(hashed[:8], "big", signed=True) for hashed, _ in wanted})
        ordered = f"{self._connection.numbers()} ORDER BY value"
        self._connection.execute(
            f"SELECT count(pg_advisory_xact_lock(value)) FROM ({ordered}) AS ordered",  # noqa: S608 - ours
            (numbers,),
        )
        return super()._twins(wanted, besides=besides, now=now)

    def _protect(self, intents: Sequence[Intent]) -> None:
        for number in sorted({one.claim for one in intents if one.claim is not None}):
            self._pass("once_key", number, self._key_fences.get(number))
        for number in sorted({one.batch for one in intents if one.batch is not None}):
            self._pass("batch", number, self._batch_fences.get(number))
        super()._protect(intents)

    def _pass(self, table: str, number: int, fence: int | None) -> None:
        """Raise StoreError where somebody else has taken it since; nobody can until the commit."""
        row = self._connection.execute(
            f"SELECT 1 FROM {table} WHERE id = ? AND fence = ? FOR UPDATE",  # noqa: S608 - a table of ours
            (number, fence),
        ).fetchone()
        if row is None:
            raise StoreError(
                "another process has gone on with this, since the connection to the store broke",
                "See with `linksms status` what it has sent.",
            )


def _insisting(
    store: Callable[Asked, Returned], *given: Asked.args, **options: Asked.kwargs
) -> Returned:
    """Store something, and once more if it is known that a broken connection kept it from that."""
    for _ in range(_TRIES - 1):
        try:
            return store(*given, **options)
        except StoreBrokenError:
            continue
    return store(*given, **options)
