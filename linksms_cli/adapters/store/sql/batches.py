"""Batches: which were begun, what their rows came to, and which rows went out before."""

from datetime import datetime, timedelta

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.once import keyed
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.timestamp import rfc3339

# How long a row that was sent keeps its equal in another file from being sent.
REMEMBERED = timedelta(hours=24)
_SENT = (Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.PENDING, Outcome.FAILED, Outcome.UNKNOWN)
_MAY_HAVE_BEEN_SENT = (
    f"(outcome IS NULL OR outcome IN ({', '.join(repr(str(one)) for one in _SENT)}))"
)
_COLUMNS = "id, again, created_at, finished_at"


def find(connection: Connection, secret: bytes, identity: BatchIdentity) -> StoredBatch | None:
    """Return the latest batch of that identity."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM batch WHERE digest = ? ORDER BY id DESC LIMIT 1",  # noqa: S608 - a constant
        (keyed(secret, identity.digest.hex()),),
    ).fetchone()
    return StoredBatch(row[0], bool(row[1]), row[2], row[3]) if row else None


def begin(
    connection: Connection,
    secret: bytes,
    identity: BatchIdentity,
    now: datetime,
    *,
    again: bool,
) -> StoredBatch:
    """Begin a batch."""
    number = connection.insert(
        "INSERT INTO batch (digest, again, created_at) VALUES (?, ?, ?)",
        (keyed(secret, identity.digest.hex()), again, rfc3339(now)),
    )
    return StoredBatch(number, again, rfc3339(now), None)


def finish(connection: Connection, batch: int, now: datetime) -> None:
    """Note that every row of a batch has its outcome."""
    connection.execute("UPDATE batch SET finished_at = ? WHERE id = ?", (rfc3339(now), batch))


def rows_after(connection: Connection, batch: int, row: int, limit: int) -> list[Row]:
    """Return the latest submission of each of the next rows behind `row` that have any."""
    return connection.execute(
        "SELECT * FROM submission WHERE id IN (SELECT max(id) FROM submission "
        "WHERE batch = ? AND row > ? GROUP BY row ORDER BY row LIMIT ?) ORDER BY row",
        (batch, row, limit),
    ).fetchall()


def twin_of(connection: Connection, hashed: bytes, *, since: str, besides: int) -> Row | None:
    """Return the latest equal of a row that may have been sent `since`, in another batch."""
    row: Row | None = connection.execute(
        f"SELECT * FROM submission WHERE twin_hash = ? AND created_at >= ? AND batch <> ? "  # noqa: S608 - a constant
        f"AND {_MAY_HAVE_BEEN_SENT} ORDER BY id DESC LIMIT 1",
        (hashed, since, besides),
    ).fetchone()
    return row
