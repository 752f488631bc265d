"""The sender's side of the store: it claims keys, and stores intents and outcomes in groups."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from linksms_cli.adapters.store.sql import batches, once
from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch, StoredRow
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, OnceKey, Payload, Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.timestamp import rfc3339

_BEGIN = """
    INSERT INTO submission (created_at, updated_at, base_url, service_id, profile, destination,
        source, encoding, parts, once_key, slot, message_hash, batch, row, twin_hash,
        has_key)
    VALUES (:now, :now, :base_url, :service_id, :profile, :destination, :source, :encoding, :parts,
        :claim, :slot, :message_hash, :batch, :row, :twin_hash, :has_key)
"""
_FINISH = """
    UPDATE submission SET updated_at = :now, outcome = :outcome, result_code = :result_code,
        description = :description, message_id = :message_id, final = :final,
        delivered = :delivered, billed = :billed, retry = :retry, sent_at = :sent_at,
        elapsed_ms = :elapsed_ms, error_kind = :error_kind, error_message = :error_message,
        error_hint = :error_hint
    WHERE id = :id
"""
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
        return self.advance((), intents)

    def finish(self, results: Iterable[tuple[int, Result]]) -> None:
        """Store what became of requests."""
        self.advance(results, ())

    def advance(
        self, results: Iterable[tuple[int, Result]], intents: Sequence[Intent]
    ) -> list[int]:
        """Store what became of requests, and that others are about to go out."""
        with self._transaction() as now:
            self._finish(results, now)
            numbers = [self._insert(intent, rfc3339(now)) for intent in intents]
            if intents:
                self._protect(intents)
        return numbers

    def _claim(self, key: OnceKey, payload: Payload, now: datetime) -> int:
        """Claim a key, in a transaction."""
        return once.claim(self._connection, key, payload, now)

    def _protect(self, intents: Sequence[Intent]) -> None:
        """Count those of the intents that must not be sent twice, in their transaction."""
        once.count(self._connection, [one.claim for one in intents if one.claim is not None])

    def _insert(self, intent: Intent, now: str) -> int:
        values = {
            **intent._asdict(),
            "now": now,
            "message_hash": once.keyed(self._secret, intent.parameters),
            "twin_hash": once.keyed(self._secret, intent.twin) if intent.twin else None,
        }
        del values["parameters"], values["twin"]
        return self._connection.insert(_BEGIN, values)

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

    def twin(self, twin: Sequence[str], *, besides: int, for_ever: bool) -> Submission | None:
        """Return the latest equal of a row that may have been sent in another batch."""
        since = "" if for_ever else rfc3339(datetime.now(UTC) - batches.REMEMBERED)
        hashed = once.keyed(self._secret, twin)
        with self._connection.errors():
            row = batches.twin_of(self._connection, hashed, since=since, besides=besides)
            return submission(row) if row else None

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
        for number, result in results:
            error = result.error
            values = {
                **result._asdict(),
                "error_kind": error and error.kind,
                "error_message": error and error.message,
                "error_hint": error and error.hint,
            }
            self._connection.execute(_FINISH, {**values, "id": number, "now": rfc3339(now)})

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
