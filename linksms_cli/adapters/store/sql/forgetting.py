"""Forget old messages and reports: they hold phone numbers, which are personal data."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from linksms_cli.adapters.store.sql import batches, tallying
from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.sms.story import Forgotten
from linksms_cli.sms.timestamp import rfc3339

# Rows that are looked at in one transaction, at first and at least, and at most: as many as keep
# the write lock for this long, since the pages that they share are then written once.
_BATCH, _MOST = 1_000, 10_000
_HOLD = 0.1
# Who waits for the write lock looks every 100 ms at most. The pause after a batch is half as long
# as the batch took, so that a third of the looks find the lock free, and never shorter than this.
_PAUSE = 0.01

# What must stay as a bare fact, or it would be sent again: what has gone out under a once-key or
# the key of a row, the rows of a batch that is not finished, and of any batch those that are so
# recent that an equal row of another would be skipped.
_KEPT = """
    (once_key IS NOT NULL OR has_key IS TRUE
        OR (twin_hash IS NOT NULL AND created_at >= :recent)
        OR (batch IS NOT NULL AND batch IN (SELECT id FROM batch WHERE finished_at IS NULL)))
"""
# An intent is never newer than its outcome, so the index on the first finds what is older.
_COUNT_MESSAGES = f"""
    SELECT count(*) FROM submission WHERE created_at < :before AND updated_at < :before
        AND (NOT {_KEPT} OR destination <> '')
"""  # noqa: S608 - a constant
_COUNT_REPORTS = "SELECT count(*) FROM callback WHERE received_at < :before"
_NEXT = """
    SELECT created_at, id FROM submission WHERE (created_at, id) > (?, ?) AND created_at < ?
    ORDER BY created_at, id LIMIT ?
"""
_DELETE = f"""
    DELETE FROM submission WHERE id IN ({{ids}})
        AND updated_at < :before AND NOT {_KEPT}
"""  # noqa: S608 - a constant
_STRIP = f"""
    UPDATE submission SET destination = '', source = '', description = NULL, message_id = NULL,
        error_message = NULL, error_hint = NULL
    WHERE id IN ({{ids}})
        AND updated_at < :before AND {_KEPT} AND destination <> ''
"""  # noqa: S608 - a constant
_OLD_REPORTS = (
    "SELECT id FROM callback WHERE received_at < :before ORDER BY received_at LIMIT :most"
)
_DELETE_REPORTS = f"DELETE FROM callback WHERE id IN ({_OLD_REPORTS})"  # noqa: S608 - a constant
# Messages of which some reports stay, if what all of them add up to is not written yet.
_DIVIDED = f"""
    SELECT DISTINCT message_id FROM callback AS old
    WHERE id IN ({_OLD_REPORTS}) AND tally IS NULL AND result_code IS NOT NULL AND EXISTS (
        SELECT 1 FROM callback AS later WHERE later.message_id = old.message_id
            AND NOT later.duplicate AND later.received_at >= :before)
"""  # noqa: S608 - a constant


def forgettable(connection: Connection, before: str) -> Forgotten:
    """Return how much would be forgotten; nothing is written."""
    values = {"before": before, "recent": _recent()}
    with connection.errors():
        messages, reports = (
            connection.execute(statement, values).fetchone()[0]
            for statement in (_COUNT_MESSAGES, _COUNT_REPORTS)
        )
    return Forgotten(before=before, messages=messages, reports=reports, erased=None)


def forget_rows(connection: Connection, before: str) -> tuple[int, int]:
    """Delete what is older; return how many messages and reports. Errors are the caller's."""
    messages = _in_batches(connection, _Submissions(connection, before).forget)
    reports = _in_batches(connection, lambda most: _forget_callbacks(connection, before, most))
    return messages, reports


class _Submissions:
    """Forgets submissions batch by batch, from the oldest: each is looked at once."""

    def __init__(self, connection: Connection, before: str) -> None:
        self._connection = connection
        self._before = before
        self._recent = _recent()
        self._last = ("", 0)

    def forget(self, most: int) -> tuple[int, bool]:
        """Forget the next batch; return how many, and whether there may be more."""
        rows = self._connection.execute(_NEXT, (*self._last, self._before, most)).fetchall()
        if not rows:
            return 0, False
        self._last = (rows[-1]["created_at"], rows[-1]["id"])
        numbers = self._connection.numbers(":ids")
        chosen = {
            "ids": self._connection.listed([row["id"] for row in rows]),
            "before": self._before,
            "recent": self._recent,
        }
        changed = [
            self._connection.execute(statement.format(ids=numbers), chosen).rowcount
            for statement in (_DELETE, _STRIP)
        ]
        return sum(changed), len(rows) == most


def _recent() -> str:
    """Return since when an equal row of another batch is skipped."""
    return rfc3339(datetime.now(UTC) - batches.REMEMBERED)


def _forget_callbacks(connection: Connection, before: str, most: int) -> tuple[int, bool]:
    chosen = {"before": before, "most": most}
    for (message_id,) in connection.execute(_DIVIDED, chosen).fetchall():
        tallying.write_last(connection, message_id)
    deleted = connection.execute(_DELETE_REPORTS, chosen).rowcount
    return deleted, deleted == most


def _in_batches(connection: Connection, forget_some: Callable[[int], tuple[int, bool]]) -> int:
    """Run batches, each a transaction of its own, and let senders and receivers in between."""
    count, most, more = 0, _BATCH, True
    while more:
        began = time.monotonic()
        with connection.transaction():
            changed, more = forget_some(most)
        took = time.monotonic() - began
        count += changed
        most = min(max(round(most * min(_HOLD / max(took, 0.001), 2)), _BATCH), _MOST)
        if more:
            time.sleep(max(_PAUSE, took / 2))
    return count
