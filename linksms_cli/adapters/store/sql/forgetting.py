"""Forget old messages and reports: they hold phone numbers, which are personal data."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from linksms_cli.adapters.store.sql import batches, tallying
from linksms_cli.adapters.store.sql.connection import Connection
from linksms_cli.sms.duration import LONGEST_ANSWER
from linksms_cli.sms.story import Forgotten
from linksms_cli.sms.timestamp import rfc3339

# Who waits for the write lock looks every 100 ms at most. The pause after a batch is half as long
# as the batch took, so that a third of the looks find the lock free, and never shorter than this.
_PAUSE = 0.01


def _rest(took: float) -> bool:
    time.sleep(max(_PAUSE, took / 2))
    return True


class ForgettingPace(NamedTuple):
    """How to forget: so many rows at first and at least in a transaction, and at most.

    It is as many as keep the write lock for `hold` seconds, since the pages that they share are
    then written once. `rest` is given how long a transaction took, and returns, when it is time for
    the next, whether there is to be one. What came in at `sparing` or later, RFC 3339 in UTC, stays
    while it waits for a target; None spares nothing.
    """

    least: int = 1_000
    most: int = 10_000
    hold: float = 0.1
    rest: Callable[[float], bool] = _rest
    sparing: str | None = None


QUICKLY = ForgettingPace()


def gently(sparing: str, rest: Callable[[float], bool]) -> ForgettingPace:
    """Return how to forget beside a receiver: no transaction takes longer than its commits."""
    return ForgettingPace(least=32, most=512, hold=0.005, rest=rest, sparing=sparing)


# What must stay as a bare fact, or it would be sent again: what has gone out under a once-key or
# the key of a row, the rows of a batch that is not finished, and of any batch those that are so
# recent that an equal row of another would be skipped. And the last message, whose number SQLite
# would give to the next one, which would then get what becomes known of the last.
_KEPT = """
    (once_key IS NOT NULL OR has_key IS TRUE
        OR (twin_hash IS NOT NULL AND created_at >= :recent)
        OR (batch IS NOT NULL AND batch IN (SELECT id FROM batch WHERE finished_at IS NULL))
        OR id = (SELECT max(id) FROM submission))
"""
# An intent that is no older may be waiting for its outcome; otherwise its process was killed.
_UNDER_WAY = timedelta(seconds=LONGEST_ANSWER, hours=1)
_OLD = "updated_at < :before AND (outcome IS NOT NULL OR created_at < :under_way)"
# An intent is never newer than its outcome, so the index on the first finds what is older.
_COUNT_MESSAGES = f"""
    SELECT count(*) FROM submission WHERE created_at < :before AND {_OLD}
        AND (NOT {_KEPT} OR destination <> '')
"""  # noqa: S608 - a constant
_COUNT_REPORTS = "SELECT count(*) FROM callback WHERE received_at < :before"
_NEXT = """
    SELECT created_at, id FROM submission WHERE (created_at, id) > (?, ?) AND created_at < ?
    ORDER BY created_at, id LIMIT ?
"""
_DELETE = f"""
    DELETE FROM submission WHERE id IN ({{ids}}) AND {_OLD} AND NOT {_KEPT}
"""  # noqa: S608 - a constant
_STRIP = f"""
    UPDATE submission SET destination = '', source = '', description = NULL, message_id = NULL,
        error_message = NULL, error_hint = NULL
    WHERE id IN ({{ids}}) AND {_OLD} AND {_KEPT} AND destination <> ''
"""  # noqa: S608 - a constant
_NEXT_CALLBACKS = """
    SELECT received_at, id FROM callback WHERE (received_at, id) > (?, ?) AND received_at < ?
    ORDER BY received_at, id LIMIT ?
"""
_DELETE_CALLBACKS = "DELETE FROM callback WHERE id IN ({ids})"
# Messages of which some reports stay or may stay, if what all of them add up to is not written yet.
_DIVIDED = """
    SELECT DISTINCT message_id FROM callback AS old
    WHERE id IN ({ids}) AND tally IS NULL AND result_code IS NOT NULL AND EXISTS (
        SELECT 1 FROM callback AS later WHERE later.message_id = old.message_id
            AND NOT later.duplicate AND (later.received_at >= :before OR :spares))
"""
# Of a request that holds several, the first has the bytes of all: they wait together, up to the
# next request (2 to the 62nd is behind all numbers). What has no row at a target yet waits too.
_SPARE = """
    AND NOT (received_at >= :sparing AND (
        EXISTS (SELECT 1 FROM forward WHERE forward.state = 'waiting'
            AND forward.callback BETWEEN callback.id - callback.place AND coalesce((
                SELECT min(later.id) - 1 FROM callback AS later
                WHERE later.id > callback.id AND later.place = 0
            ), 4611686018427387904))
        OR EXISTS (SELECT 1 FROM forward_target WHERE enlisted < callback.id)))
"""


def forgettable(connection: Connection, before: str) -> Forgotten:
    """Return how much would be forgotten; nothing is written."""
    values = {"before": before, **_since()}
    with connection.errors():
        messages, reports = (
            connection.execute(statement, values).fetchone()[0]
            for statement in (_COUNT_MESSAGES, _COUNT_REPORTS)
        )
    return Forgotten(before=before, messages=messages, reports=reports, erased=None)


def forget_rows(
    connection: Connection, before: str, pace: ForgettingPace = QUICKLY
) -> tuple[int, int]:
    """Delete what is older; return how many messages and reports. Errors are the caller's."""
    messages = _in_batches(connection, _Submissions(connection, before).forget, pace)
    callbacks = _Callbacks(connection, before, pace.sparing)
    reports = _in_batches(connection, callbacks.forget, pace)
    return messages, reports


class _Submissions:
    """Forgets submissions batch by batch, from the oldest: each is looked at once."""

    def __init__(self, connection: Connection, before: str) -> None:
        self._connection = connection
        self._before = before
        self._since = _since()
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
            **self._since,
        }
        changed = [
            self._connection.execute(statement.format(ids=numbers), chosen).rowcount
            for statement in (_DELETE, _STRIP)
        ]
        return sum(changed), len(rows) == most


def _since() -> dict[str, str]:
    """Return since when an equal row is skipped, and since when a message may be under way."""
    now = datetime.now(UTC)
    return {
        "recent": rfc3339(now - batches.REMEMBERED),
        "under_way": rfc3339(now - _UNDER_WAY),
    }


class _Callbacks:
    """Forgets callbacks batch by batch, from the oldest: each is looked at once."""

    def __init__(self, connection: Connection, before: str, sparing: str | None) -> None:
        self._connection = connection
        self._before = before
        self._sparing = sparing
        self._last = ("", 0)

    def forget(self, most: int) -> tuple[int, bool]:
        """Forget the next batch; return how many, and whether there may be more."""
        wanted = (*self._last, self._before, most)
        rows = self._connection.execute(_NEXT_CALLBACKS, wanted).fetchall()
        if not rows:
            return 0, False
        self._last = (rows[-1]["received_at"], rows[-1]["id"])
        spares = self._sparing is not None
        chosen = {
            "ids": self._connection.listed([row["id"] for row in rows]),
            "before": self._before,
            "spares": spares,
            "sparing": self._sparing,
        }
        numbers = self._connection.numbers(":ids")
        divided = self._connection.execute(_DIVIDED.format(ids=numbers), chosen)
        for (message_id,) in divided.fetchall():
            tallying.write_last(self._connection, message_id)
        statement = _DELETE_CALLBACKS.format(ids=numbers) + (_SPARE if spares else "")
        deleted = self._connection.execute(statement, chosen).rowcount
        return deleted, len(rows) == most


def _in_batches(
    connection: Connection, forget_some: Callable[[int], tuple[int, bool]], pace: ForgettingPace
) -> int:
    """Run batches, each a transaction of its own, and let senders and receivers in between."""
    count, most, more = 0, pace.least, True
    while more:
        began = time.monotonic()
        with connection.transaction():
            changed, more = forget_some(most)
        took = time.monotonic() - began
        count += changed
        fitting = round(most * min(pace.hold / max(took, 0.001), 2))
        most = min(max(fitting, pace.least), pace.most)
        more = more and pace.rest(took)
    return count
