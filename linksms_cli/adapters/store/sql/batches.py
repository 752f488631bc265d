"""Batches: which were begun, what their rows came to, and which rows went out before."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.once import keyed
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch
from linksms_cli.sms.mt.twin import Bar, Twin
from linksms_cli.sms.timestamp import rfc3339

# How long a row that was sent keeps its equal in another file from being sent.
REMEMBERED = timedelta(hours=24)
_SENT = "'accepted', 'delivered', 'pending', 'failed'"
_BARRED_BY = {
    Bar.SENT: f"outcome IN ({_SENT})",
    Bar.MAYBE_SENT: f"(outcome IS NULL OR outcome IN ({_SENT}, 'unknown'))",
}
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


def twins(
    connection: Connection,
    wanted: Iterable[tuple[bytes, Twin]],
    *,
    besides: int,
    now: datetime,
) -> dict[bytes, Row]:
    """Return the latest equals, in other batches, that bar rows; each under its keyed hash."""
    groups = defaultdict[tuple[bool, Bar], list[bytes]](list)
    for hashed, twin in wanted:
        groups[twin.is_key, twin.bar].append(hashed)
    found: dict[bytes, Row] = {}
    for (is_key, bar), hashes in groups.items():
        if bar is Bar.NONE:
            continue
        since = "" if is_key else rfc3339(now - REMEMBERED)
        marks = ", ".join("?" * len(hashes))
        rows = connection.execute(
            f"SELECT * FROM submission WHERE twin_hash IN ({marks}) "  # noqa: S608 - marks, and constants
            f"AND created_at >= ? AND batch <> ? AND {_BARRED_BY[bar]} ORDER BY id",
            (*hashes, since, besides),
        )
        found |= {bytes(row["twin_hash"]): row for row in rows}
    return found
