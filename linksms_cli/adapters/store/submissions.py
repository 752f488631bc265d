"""What was sent: the intent before each request, the outcome after it, both durable."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.sms.timestamp import rfc3339


class Intent(NamedTuple):
    """A submission that is about to be made. `slot` tells recipients of one order apart."""

    base_url: str
    service_id: int
    profile: str | None
    destination: str
    source: str
    encoding: Encoding | None
    parts: int | None
    slot: int


def begin(
    connection: sqlite3.Connection, intent: Intent, once_key: int | None, now: datetime
) -> int:
    """Store an intent durably and return its id; only then may the request go out."""
    cursor = connection.execute(
        """
        INSERT INTO submission (created_at, updated_at, base_url, service_id, profile, destination,
            source, encoding, parts, once_key, slot)
        VALUES (:now, :now, :base_url, :service_id, :profile, :destination,
            :source, :encoding, :parts, :once_key, :slot)
        """,
        {
            "now": rfc3339(now),
            "base_url": intent.base_url,
            "service_id": intent.service_id,
            "profile": intent.profile,
            "destination": intent.destination,
            "source": intent.source,
            "encoding": intent.encoding,
            "parts": intent.parts,
            "once_key": once_key,
            "slot": intent.slot,
        },
    )
    return int(cursor.lastrowid or 0)


def finish(connection: sqlite3.Connection, submission: int, result: Result, now: datetime) -> None:
    """Store the outcome of a submission durably."""
    error = result.error
    connection.execute(
        """
        UPDATE submission SET updated_at = :now, outcome = :outcome, result_code = :result_code,
            description = :description, message_id = :message_id, final = :final,
            delivered = :delivered, billed = :billed, retry = :retry, sent_at = :sent_at,
            elapsed_ms = :elapsed_ms, error_kind = :error_kind, error_message = :error_message,
            error_hint = :error_hint
        WHERE id = :id
        """,
        {
            "id": submission,
            "now": rfc3339(now),
            "outcome": result.outcome,
            "result_code": result.result_code,
            "description": result.description,
            "message_id": result.message_id,
            "final": result.final,
            "delivered": result.delivered,
            "billed": result.billed,
            "retry": result.retry,
            "sent_at": result.sent_at,
            "elapsed_ms": result.elapsed_ms,
            "error_kind": error and error.kind,
            "error_message": error and error.message,
            "error_hint": error and error.hint,
        },
    )


def stored_outcome(row: sqlite3.Row) -> Outcome:
    """Return a submission's outcome; an intent that nobody saw the end of is unknown."""
    return Outcome(row["outcome"]) if row["outcome"] else Outcome.UNKNOWN


def skipped(row: sqlite3.Row, *, to: str, source: str, key: str) -> Result:
    """Return the result of a recipient that an earlier run under the same key has dealt with.

    Its exit code is 0, but where the earlier run did not do what was asked for: that of a message
    whose outcome is unknown, or that was rejected and yet billed, is said again.
    """
    hint: str | None = None
    match stored_outcome(row):
        case Outcome.UNKNOWN:
            code, kind, what = ExitCode.UNKNOWN, "once_unknown", "may have been sent"
            hint = "Find out before sending again; --resend-unknown sends it."
        case Outcome.REJECTED:
            code, kind, what = ExitCode.REJECTED, "once_billed", "was rejected and yet billed"
            hint = "Ask LINK Support; under a new key it would be billed again."
        case _:
            code, kind, what = ExitCode.DONE, "once", "was sent"
    problem = Problem(
        kind=kind, message=f"it {what} under this key on {row['created_at']}", hint=hint
    )
    return Result(
        to=to,  # the row may have forgotten both
        source=source,
        outcome=Outcome.SKIPPED,
        exit_code=code,
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
        key=key,
        sent_at=row["sent_at"],
        elapsed_ms=row["elapsed_ms"],
        error=problem,
    )
