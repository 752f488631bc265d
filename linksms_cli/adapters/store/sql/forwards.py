"""What is still to be forwarded to a target: enlisted, claimed for a while, and settled."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from linksms_cli.adapters.store.sql import callbacks, once
from linksms_cli.adapters.store.sql.connection import Connection, Row
from linksms_cli.adapters.store.sql.enlisting import enlist
from linksms_cli.adapters.store.sql.rereading import CALLBACKS
from linksms_cli.sms.forward.due import LATEST, Due, Settled, State
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.timestamp import rfc3339

_SETTLE = """
    UPDATE forward SET state = :state, due_at = :due_at, claimed_by = NULL,
        attempts = attempts + CASE WHEN :tried THEN 1 ELSE 0 END,
        failed_since = CASE WHEN :failed THEN coalesce(failed_since, :at) ELSE failed_since END,
        status = CASE WHEN :tried THEN :status ELSE status END,
        failure = CASE WHEN :tried THEN :failure ELSE failure END, forwarded_at = :forwarded_at
    WHERE callback = :number AND target = :target AND claimed_by = :owner
    RETURNING last
"""
# The others of a request have what became of it, each for whoever asks for that one.
_SETTLE_REST = """
    UPDATE forward SET (state, attempts, status, failure, forwarded_at) = (
        SELECT state, attempts, status, failure, forwarded_at FROM forward
        WHERE callback = :number AND target = :target)
    WHERE callback > :number AND callback <= :last AND target = :target
"""
_LANES = """
    SELECT DISTINCT lane FROM forward
    WHERE callback BETWEEN ? AND ? AND target = ? AND lane IS NOT NULL
"""
# The next of a lane has its turn, if nothing else of its request waits in another lane. CROSS JOIN
# has SQLite begin with the request: without statistics it would begin with all that waits.
_PROMOTE = """
    UPDATE forward SET due_at = :now
    WHERE target = :target AND due_at IS NULL AND callback = (
        SELECT min(request) FROM forward
        WHERE target = :target AND lane = :lane AND state = 'waiting')
    AND NOT EXISTS (
        SELECT 1 FROM forward AS mine CROSS JOIN forward AS earlier
        WHERE mine.target = :target
            AND mine.callback BETWEEN forward.callback AND forward.last
            AND earlier.target = mine.target AND earlier.lane = mine.lane
            AND earlier.request < mine.request AND earlier.state = 'waiting')
"""
_DUE = """
    SELECT callback, attempts, failed_since FROM forward
    WHERE target = ? AND state = 'waiting' AND due_at <= ?
    ORDER BY due_at, callback LIMIT ? {if_free}
"""
_CLAIM = """
    UPDATE forward SET due_at = :until, claimed_by = :owner
    WHERE target = :target AND callback IN ({numbers})
"""
_RENEW = f"{_CLAIM} AND claimed_by = :owner AND state = 'waiting'"
# After a clock was put back: whoever has claimed it renews that by then, if there still is one.
_BRING_FORWARD = """
    UPDATE forward SET due_at = :until
    WHERE target = :target AND state = 'waiting' AND due_at > :latest
"""
_AMONG = "WHERE callback.id IN ({numbers}) ORDER BY callback.id"
# Whoever settles or renews goes one after the other: each sees what is left of a lane.
_TAKE_TURN = "SELECT 1 FROM forward_target WHERE id = ? {locked}"
_GIVE_UP = """
    UPDATE forward SET state = 'set_aside', due_at = NULL, failure = :failure
    WHERE target = :target AND state = 'waiting' AND claimed_by IS NULL
        AND (SELECT failing_since FROM forward_target WHERE id = :target) <= :before
        AND (SELECT received_at FROM callback WHERE id = forward.request) <= :before
    RETURNING lane
"""
_NEXT_DUE = """
    SELECT enlisted < (SELECT coalesce(max(id), 0) FROM callback) AS behind, (
        SELECT min(due_at) FROM forward
        WHERE target = :target AND state = 'waiting' AND due_at IS NOT NULL) AS due_at
    FROM forward_target WHERE id = :target
"""
_WELL = "UPDATE forward_target SET failing_since = NULL WHERE id = :target"
_FAILING = """
    UPDATE forward_target SET failing_since = coalesce(failing_since, :now) WHERE id = :target
"""


class SqlForwards:
    """`Forwards` to one target, but for how a backend is opened and sees that it has changed."""

    def __init__(self, connection: Connection, target: Target, owner: str) -> None:
        self._connection = connection
        self._form = target.form
        self._owner = owner
        try:
            with connection.errors():
                self._secret = once.read_secret(connection)
                with connection.transaction():
                    self._target = _registered(connection, self._secret, target)
        except BaseException:
            connection.close()
            raise

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def advance(
        self,
        settled: Sequence[Settled],
        *,
        held: Sequence[int],
        limit: int,
        now: datetime,
        lease: timedelta,
    ) -> list[Due]:
        """Settle, renew, enlist and claim, in one commit."""
        at, until = rfc3339(now), rfc3339(now + lease)
        with self._transaction(turn=bool(settled or held)):
            for one in settled:
                self._settle(one, at)
            self._note_health(settled, at)
            self._claim(_RENEW, held, until)
            too_late = {"target": self._target, "until": until, "latest": rfc3339(now + LATEST)}
            self._connection.execute(_BRING_FORWARD, too_late)
            enlist(self._connection, self._target, self._form, at)
            due = _DUE.format(if_free=self._connection.if_free)
            rows = self._connection.execute(due, (self._target, at, limit)).fetchall()
            claimed = {row["callback"]: row for row in rows}
            self._claim(_CLAIM, list(claimed), until)
        with self._connection.errors():
            return list(self._dues(claimed))

    def next_due(self) -> str | None:
        """Return when something is due next."""
        with self._connection.errors():
            row = self._connection.execute(_NEXT_DUE, {"target": self._target}).fetchone()
            return "" if row["behind"] else row["due_at"]

    def newest(self) -> int:
        """Return the number of what came last."""
        with self._connection.errors():
            row = self._connection.execute("SELECT coalesce(max(id), 0) FROM callback").fetchone()
            return int(row[0])

    def give_up(self, before: datetime, failure: str) -> int:
        """Set aside what came before a moment, if the target has failed since then."""
        now = {"target": self._target, "before": rfc3339(before), "failure": failure}
        with self._transaction(turn=True):
            rows = self._connection.execute(_GIVE_UP, now).fetchall()
            for lane in {row["lane"] for row in rows} - {None}:
                self._promote(lane, rfc3339(before))
        return len(rows)

    @contextmanager
    def _transaction(self, *, turn: bool) -> Iterator[None]:
        """Commit the block as one; if it changes whose turn it is, nobody else does meanwhile."""
        with self._connection.errors(), self._connection.transaction():
            if turn:
                take_turn(self._connection, self._target)
            yield

    def _settle(self, one: Settled, now: str) -> None:
        forwarded = one.state is State.FORWARDED
        row = self._connection.execute(
            _SETTLE,
            {
                **one._asdict(),
                "failed": one.is_failure,
                "forwarded_at": one.at if forwarded else None,
                "target": self._target,
                "owner": self._owner,
            },
        ).fetchall()
        if not row:  # it was too slow, and is in the hands of another
            return
        last = row[0]["last"]
        wanted = {"number": one.number, "last": last, "target": self._target}
        if last > one.number:
            self._connection.execute(_SETTLE_REST, wanted)
        if one.state is not State.WAITING:
            lanes = self._connection.execute(_LANES, (one.number, last, self._target))
            for lane in lanes.fetchall():
                self._promote(lane[0], now)

    def _promote(self, lane: str, now: str) -> None:
        promote(self._connection, self._target, lane, now)

    def _note_health(self, settled: Sequence[Settled], now: str) -> None:
        """Note since when the target has failed: no more if it has answered for a single one."""
        if any(one.tried and not one.is_failure for one in settled):
            statement = _WELL
        elif any(one.is_failure for one in settled):
            statement = _FAILING
        else:
            return
        self._connection.execute(statement, {"target": self._target, "now": now})

    def _claim(self, statement: str, numbers: Sequence[int], until: str) -> None:
        if numbers:
            self._connection.execute(
                statement.format(numbers=self._connection.numbers(":numbers")),
                {
                    "target": self._target,
                    "owner": self._owner,
                    "until": until,
                    "numbers": self._connection.listed(numbers),
                },
            )

    def _dues(self, claimed: Mapping[int, Row]) -> Iterator[Due]:
        if not claimed:
            return
        statement = f"{CALLBACKS} {_AMONG}".format(numbers=self._connection.numbers())
        rows = self._connection.execute(statement, (self._connection.listed(claimed),))
        reader = callbacks.Told(self._connection)
        for row in rows.fetchall():
            callback, told = reader.told(row)
            yield Due(
                number=row["id"],
                webhook_id=self._webhook_id(row["id"], row["received_at"]),
                attempts=claimed[row["id"]]["attempts"],
                failed_since=claimed[row["id"]]["failed_since"],
                callback=callback,
                told=told,
            )

    def _webhook_id(self, number: int, received_at: str) -> str:
        """Return what a target knows it by: the same for all attempts and in all targets."""
        named = f"{number} {received_at}".encode()
        return f"dlr_{hmac.new(self._secret, named, hashlib.sha256).hexdigest()[:32]}"


def take_turn(connection: Connection, target: int) -> None:
    """Keep others from changing whose turn it is at a target until the commit."""
    connection.execute(_TAKE_TURN.format(locked=connection.locked), (target,))


def promote(connection: Connection, target: int, lane: str, now: str) -> None:
    """Have the next of a lane be due, if nothing else of its request waits in another lane."""
    connection.execute(_PROMOTE, {"target": target, "lane": lane, "now": now})


def _registered(connection: Connection, secret: bytes, target: Target) -> int:
    """Return the number of a target. A new one gets what comes from now on."""
    digest = target.digest(secret)
    connection.execute(
        "INSERT INTO forward_target (digest, name, enlisted) "
        "VALUES (?, ?, (SELECT coalesce(max(id), 0) FROM callback)) "
        "ON CONFLICT (digest) DO UPDATE SET name = excluded.name",
        (digest, target.name),
    )
    found = connection.execute("SELECT id FROM forward_target WHERE digest = ?", (digest,))
    return int(found.fetchone()[0])
