"""The sender's side of the store: it claims keys, and stores intents and outcomes in groups."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from linksms_cli.adapters.store.sql import batches, once
from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch, StoredRow
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, OnceKey, Payload, Submission
from linksms_cli.sms.mt.twin import Bar, Twin
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.timestamp import rfc3339

_INTENT = (
    *("created_at", "updated_at", "base_url", "service_id", "profile", "destination", "source"),
    *("encoding", "parts", "once_key", "slot", "message_hash", "batch", "row", "twin_hash"),
    "has_key",
)
_OUTCOME = (
    *("updated_at", "outcome", "result_code", "description", "message_id", "final", "delivered"),
    *("billed", "retry", "sent_at", "elapsed_ms", "error_kind", "error_message", "error_hint"),
)
_LATEST = """
    SELECT id FROM submission WHERE message_id = ? AND destination = ? ORDER BY id DESC LIMIT 1
"""


class SqlOutbox:
    """An `Outbox`, but for how a backend is opened and what it protects beyond its own tables."""

    def __init__(self, connection: Connection, *, read_only: bool = False) -> None:
        self._connection = connection
        self._read_only = read_only
        self._moved: dict[tuple[int, int], int] = {}
        with connection.errors():
            self._secret = once.read_secret(connection)

    def hasten(self) -> None:
        """Change nothing: a file is there or not, at once."""

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def claim(self, key: OnceKey, payload: Payload) -> int | None:
        """Make a key stand for a payload from now on."""
        if self._read_only:
            with self._connection.errors():
                number, moved = once.peek(self._connection, key, payload)
            if number is not None:
                self._moved |= {(number, new): old for new, old in moved.items()}
            return number
        with self._transaction() as now:
            return self._claim(key, payload, now)

    def earlier(self, claim: int, slot: int) -> Submission | None:
        """Return the submission that has used up a claimed key for one recipient."""
        with self._connection.errors():
            slot = self._moved.get((claim, slot), slot)
            row = once.earlier(self._connection, claim, slot)
            return submission(row) if row else None

    def begin(self, intents: Sequence[Intent]) -> list[int]:
        """Store that requests are about to go out."""
        return [begun for begun in self.advance((), intents) if isinstance(begun, int)]

    def finish(self, results: Iterable[tuple[int, Result]]) -> None:
        """Store what became of requests."""
        self.advance(results, ())

    def advance(
        self, results: Iterable[tuple[int, Result]], intents: Sequence[Intent]
    ) -> list[int | Submission]:
        """Store what became of requests, and that others are about to go out."""
        with self._transaction() as now:
            self._finish(results, now)
            return self._begin(intents, now) if intents else []

    def _begin(self, intents: Sequence[Intent], now: datetime) -> list[int | Submission]:
        """Store intents, in a transaction, unless a twin bars them."""
        hashes = [once.keyed(self._secret, one.twin.words) if one.twin else b"" for one in intents]
        wanted = [
            (hashed, one.twin) for hashed, one in zip(hashes, intents, strict=True) if one.twin
        ]
        twins = self._twins(wanted, besides=intents[0].batch or 0, now=now) if wanted else {}
        barred = [
            twins.get(hashed) if one.twin and one.twin.bar is not Bar.NONE else None
            for hashed, one in zip(hashes, intents, strict=True)
        ]
        stored = [
            (hashed, one)
            for hashed, one, twin in zip(hashes, intents, barred, strict=True)
            if twin is None
        ]
        rows = [self._row(one, hashed or None, rfc3339(now)) for hashed, one in stored]
        numbers = iter(self._connection.insert_many("submission", _INTENT, rows) if rows else ())
        self._protect([one for _, one in stored])
        return [next(numbers) if twin is None else submission(twin) for twin in barred]

    def _twins(
        self, wanted: Sequence[tuple[bytes, Twin]], *, besides: int, now: datetime
    ) -> dict[bytes, Row]:
        """Return the twins that bar rows, in a transaction that lets nobody store more of them."""
        return batches.twins(self._connection, wanted, besides=besides, now=now)

    def _claim(self, key: OnceKey, payload: Payload, now: datetime) -> int:
        """Claim a key, in a transaction."""
        return once.claim(self._connection, key, payload, now)

    def _protect(self, intents: Sequence[Intent]) -> None:
        """Count those of the intents that must not be sent twice, in their transaction."""
        once.count(self._connection, [one.claim for one in intents if one.claim is not None])

    def _row(self, intent: Intent, twin_hash: bytes | None, now: str) -> Sequence[Any]:
        """Return what is stored of an intent."""
        return (
            now,
            now,
            intent.base_url,
            intent.service_id,
            intent.profile,
            intent.destination,
            intent.source,
            intent.encoding,
            intent.parts,
            intent.claim,
            intent.slot,
            once.keyed(self._secret, intent.parameters),
            intent.batch,
            intent.row,
            twin_hash,
            intent.twin.is_key if intent.twin else None,
        )

    def batch(self, identity: BatchIdentity) -> StoredBatch | None:
        """Return the latest batch of that identity."""
        with self._connection.errors():
            return batches.find(self._connection, self._secret, identity)

    def begin_batch(self, identity: BatchIdentity, *, again: bool) -> StoredBatch:
        """Begin a batch."""
        with self._transaction() as now:
            return batches.begin(self._connection, self._secret, identity, now, again=again)

    def finish_batch(self, batch: int) -> None:
        """Note that every row of a batch has its outcome."""
        with self._transaction() as now:
            batches.finish(self._connection, batch, now)

    def rows_after(self, batch: int, row: int, limit: int) -> list[StoredRow]:
        """Return the latest submission of each of the next rows that have any."""
        with self._connection.errors():
            rows = batches.rows_after(self._connection, batch, row, limit)
            return [StoredRow(one["row"], submission(one)) for one in rows]

    def twins(self, wanted: Sequence[Twin], *, besides: int) -> list[Submission | None]:
        """Return for each row its latest equal in another batch that bars it."""
        hashes = [once.keyed(self._secret, twin.words) for twin in wanted]
        asked = zip(hashes, wanted, strict=True)
        with self._connection.errors():
            rows = batches.twins(self._connection, asked, besides=besides, now=datetime.now(UTC))
            found = {hashed: submission(row) for hashed, row in rows.items()}
        return [found.get(hashed) for hashed in hashes]

    def settle(self, results: Iterable[Result]) -> None:
        """Store what messages that were accepted have come to."""
        with self._transaction() as now:
            self._finish(self._numbered(results), now)

    def _numbered(self, results: Iterable[Result]) -> Iterator[tuple[int, Result]]:
        for result in results:
            row = self._connection.execute(_LATEST, (result.message_id, result.to)).fetchone()
            if row:
                yield row["id"], result

    def _finish(self, results: Iterable[tuple[int, Result]], now: datetime) -> None:
        rows = [
            (
                number,
                rfc3339(now),
                result.outcome,
                result.result_code,
                result.description,
                result.message_id,
                result.final,
                result.delivered,
                result.billed,
                result.retry,
                result.sent_at,
                result.elapsed_ms,
                *(result.error or (None, None, None)),
            )
            for number, result in results
        ]
        if rows:
            self._connection.update_many("submission", _OUTCOME, rows)

    @contextmanager
    def _transaction(self) -> Iterator[datetime]:
        """Commit the block as one, durably; it is given the time."""
        with self._connection.errors(), self._connection.transaction():
            yield datetime.now(UTC)


def submission(row: Row) -> Submission:
    """Read a row again; an intent that nobody saw the end of is unknown."""
    return Submission(
        base_url=row["base_url"],
        service_id=row["service_id"],
        to=row["destination"],
        source=row["source"],
        outcome=Outcome(row["outcome"] or Outcome.UNKNOWN),
        result_code=row["result_code"],
        description=row["description"],
        message_id=row["message_id"],
        final=bool(row["final"]),
        delivered=Certainty(row["delivered"] or Certainty.UNKNOWN),
        billed=Certainty(row["billed"] or Certainty.UNKNOWN),
        retry=Retry(row["retry"] or Retry.NEVER),
        encoding=Encoding(row["encoding"]) if row["encoding"] else None,
        parts=row["parts"],
        profile=row["profile"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        updated_at=row["updated_at"],
        elapsed_ms=row["elapsed_ms"],
        problem=row["error_message"],
        problem_kind=row["error_kind"],
    )
