"""Forward what is stored to one target: at least once, in order for each message."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from linksms_cli.adapters.store import Forwards, Store
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.receiving import (
    ForwardFailed,
    ReceivedMessage,
    ReceivedReport,
    ReceiverTrouble,
    ReportForwarded,
)
from linksms_cli.sms.forward.due import PAUSES, Attempted, Due, Settled, State, settled
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.timestamp import rfc3339

ForwardEvent = ReportForwarded | ForwardFailed | ReceiverTrouble

# Requests to a target at the same time, and how many are claimed, so that none of them is waited
# for with the next.
CONNECTIONS = 16
_CLAIMED = 64
# How long a claim lasts without us, and when it is renewed: who takes it over waits less than a
# minute, and an attempt may take longer.
_LEASE = timedelta(seconds=40)
_RENEWED = 10.0
# Seconds after which it looks whether something is due, and for which results are gathered.
_LOOK = 0.1
_GATHER = 0.02
# To receive comes first: while more than so many reports a second are stored, fewer are forwarded,
# at most _BUSY_CLAIMED within each _BUSY_TICK seconds. Reports come in bursts; the rest follows.
_BUSY = 400
_BUSY_CLAIMED = 8
_BUSY_TICK = 0.025
_RATE_OVER = 0.25
# So many failures in a row are the target's and not a report's: it is tried with one at a time.
_DOWN = 8
# Seconds between two events about failures at a target.
_TOLD_EVERY = 60.0
# Seconds after a store that cannot be used is tried again, and for which what has just come is
# still forwarded at the end.
_STORE_PAUSE = 1.0
_LAST = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardTerms:
    """How long a report is tried for, and whether each success is told."""

    patience: timedelta
    verbose: bool


class Forwarder:
    """Forwards to one target until `stop` is set: `run` in a thread of its own.

    `post` makes one attempt, in many threads at once; `cut` ends those that are under way.
    """

    def __init__(
        self,
        store: Store,
        target: Target,
        *,
        owner: str,
        post: Callable[[Due], Attempted],
        cut: Callable[[], None],
        tell: Callable[[ForwardEvent], None],
        terms: ForwardTerms,
    ) -> None:
        self._store = store
        self._target = target
        self._owner = owner
        self._post = post
        self._cut = cut
        self._terms = terms
        self._teller = _Teller(target, tell, verbose=terms.verbose)
        self._orders: SimpleQueue[Due | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Due, Attempted]] = SimpleQueue()
        self._held: dict[int, Due] = {}
        self._look_at = 0.0
        self._pressure = _Pressure()
        # Failures in a row, the pauses that they have led to, and until when the target is left
        # alone: while it is down, or because it asks for that.
        self._failures = 0
        self._pauses = 0
        self._quiet_until = 0.0

    def run(self, stop: threading.Event) -> None:
        """Forward until it is told to stop, then what has just come, for some seconds."""
        workers = [
            threading.Thread(target=self._work, name="forward", daemon=True)
            for _ in range(CONNECTIONS)
        ]
        for worker in workers:
            worker.start()
        settlements: list[Settled] = []
        while True:
            try:
                with closing(self._store.forwards(self._target, self._owner)) as forwards:
                    self._teller.mended()
                    self._forward(forwards, stop, settlements)
            except StoreError as failure:
                self._teller.trouble(failure)
                stop.wait(_STORE_PAUSE)
            if stop.is_set():
                break
        self._cut()
        for _ in workers:
            self._orders.put(None)

    def _forward(
        self, forwards: Forwards, stop: threading.Event, settlements: list[Settled]
    ) -> None:
        """Forward until it is to stop or the store is another one; keep what is not settled yet."""
        version, renewed = -1, time.monotonic()
        deadline: float | None = None
        while True:
            now = time.monotonic()
            if stop.is_set() and deadline is None:
                deadline = now + _LAST
            renew = now - renewed >= _RENEWED
            seen = forwards.version()
            if settlements or renew or seen != version or now >= self._look_at:
                if forwards.is_moved():
                    self._held.clear()
                    settlements.clear()
                    return
                self._advance(forwards, settlements, renew=renew)
                version, renewed = seen, now if renew else renewed
            if deadline is not None and (now > deadline or self._is_idle(now)):
                break
            self._gather(settlements)
            if self._pressure.is_high(forwards):
                stop.wait(_BUSY_TICK)
            self._teller.catch_up()
        self._release(forwards, settlements)

    def _is_idle(self, now: float) -> bool:
        """Return whether nothing is under way, and nothing else could go out at once."""
        return not self._held and (self._failures > 0 or now < self._look_at)

    def _advance(self, forwards: Forwards, settlements: list[Settled], *, renew: bool) -> None:
        now = datetime.now(UTC)
        if self._failures >= _DOWN and any(one.is_failure for one in settlements):
            self._give_up(forwards, now)
        limit = self._room()
        claimed = forwards.advance(
            settlements,
            held=list(self._held) if renew else (),
            limit=limit,
            now=now,
            lease=_LEASE,
        )
        settlements.clear()
        for due in claimed:
            # Its lease is over if this machine has slept.
            if due.number not in self._held:
                self._held[due.number] = due
                self._orders.put(due)
        self._look_at = self._next_look(forwards.next_due(), now)

    def _next_look(self, next_due: str | None, now: datetime) -> float:
        """Return when to look again, should nothing else happen."""
        clock = time.monotonic()
        if next_due is None:
            return clock + _RENEWED
        earliest = max(clock, self._quiet_until)
        if next_due == "":  # more has come than one commit enlists
            return clock + (_LOOK if self._room() <= 0 else 0.0)
        if next_due <= rfc3339(now):  # once there is room
            return max(earliest, clock + _LOOK if self._room() <= 0 else clock)
        wait = datetime.fromisoformat(next_due) - now
        return max(earliest, clock + wait.total_seconds())

    def _room(self) -> int:
        """Return how much may be claimed: of a target that is down, one at a time."""
        if time.monotonic() < self._quiet_until:
            return 0
        if self._failures < _DOWN:
            most = _BUSY_CLAIMED if self._pressure.high else _CLAIMED
            return max(most - len(self._held), 0)
        return 0 if self._held else 1

    def _give_up(self, forwards: Forwards, now: datetime) -> None:
        given_up = forwards.give_up(now - self._terms.patience, "the target was down too long")
        if given_up:
            self._teller.gave_up(given_up)

    def _gather(self, settlements: list[Settled]) -> None:
        """Wait for attempts to end: a moment more for those that end with the first."""
        with suppress(Empty):
            self._settle(settlements, *self._done.get(timeout=_LOOK))
            until = time.monotonic() + _GATHER
            while len(settlements) < _CLAIMED // 2 and self._held:
                left = until - time.monotonic()
                self._settle(settlements, *self._done.get(timeout=max(left, 0.0)))

    def _settle(self, settlements: list[Settled], due: Due, attempted: Attempted) -> None:
        if self._held.pop(due.number, None) is None:  # of a store that is gone
            return
        one = settled(
            due,
            attempted,
            now=datetime.now(UTC),
            patience=self._terms.patience,
            chance=_chance(),
        )
        settlements.append(one)
        if one.is_failure:
            self._failures += 1
            now = time.monotonic()
            if self._failures >= _DOWN and now >= self._quiet_until:
                self._pauses += 1
                self._quiet_until = now + PAUSES.pause(self._pauses, chance=_chance())
            self._quiet_until = max(self._quiet_until, now + attempted.wish)
        elif one.tried:
            self._failures = self._pauses = 0
        self._teller.settled(due, one, attempted.elapsed_ms)

    def _release(self, forwards: Forwards, settlements: list[Settled]) -> None:
        """Cut what is under way, and let others have it at once."""
        self._cut()
        now = datetime.now(UTC)
        while True:
            try:
                self._settle(settlements, *self._done.get(timeout=_LOOK))
            except Empty:
                break
        at = rfc3339(now)
        settlements += [
            Settled(number, State.WAITING, at, tried=False, due_at=at) for number in self._held
        ]
        forwards.advance(settlements, held=(), limit=0, now=now, lease=_LEASE)
        self._held.clear()

    def _work(self) -> None:
        while (due := self._orders.get()) is not None:
            is_quiet = time.monotonic() < self._quiet_until
            self._done.put((due, Attempted(None, None) if is_quiet else self._post(due)))


class _Pressure:
    """Whether reports come in so fast that to forward has to wait."""

    def __init__(self) -> None:
        self.high = False
        self._newest: int | None = None
        self._since = time.monotonic()

    def is_high(self, forwards: Forwards) -> bool:
        """Look at the store, now and then, and return what it says."""
        now = time.monotonic()
        if now - self._since >= _RATE_OVER:
            newest = forwards.newest()
            come = newest - (newest if self._newest is None else self._newest)
            self.high = come > _BUSY * (now - self._since)
            self._newest, self._since = newest, now
        return self.high


class _Teller:
    """Tells what happens at a target, of failures at most one a minute."""

    def __init__(
        self, target: Target, tell: Callable[[ForwardEvent], None], *, verbose: bool
    ) -> None:
        self._name = target.name
        self._tell = tell
        self._verbose = verbose
        self._is_told_of_store = False
        self._next = 0.0
        self._failures = 0
        self._untold: Callable[[int], ForwardFailed] | None = None

    def trouble(self, failure: StoreError) -> None:
        """Tell once that the store cannot be used."""
        if not self._is_told_of_store:
            self._tell(ReceiverTrouble(message=f"{failure.message}; nothing is forwarded"))
        self._is_told_of_store = True

    def mended(self) -> None:
        """Tell that the store can be used again."""
        if self._is_told_of_store:
            self._tell(ReceiverTrouble(message="reports are forwarded again"))
        self._is_told_of_store = False

    def gave_up(self, count: int) -> None:
        """Tell that so much was set aside unseen."""
        message = f"{count} reports for {self._name} waited too long and are set aside"
        self._tell(ReceiverTrouble(message=message))

    def settled(self, due: Due, one: Settled, elapsed_ms: int) -> None:
        """Tell of an attempt."""
        if one.state is State.FORWARDED:
            if self._verbose:
                self._tell(self._success(due, one, elapsed_ms))
        elif one.tried:
            self._failures += 1
            self._untold = lambda failures: self._failure(due, one, failures)
            self.catch_up()

    def catch_up(self) -> None:
        """Tell of the latest failure, if the time has come."""
        now = time.monotonic()
        if self._untold and now >= self._next:
            self._tell(self._untold(self._failures))
            self._untold, self._failures, self._next = None, 0, now + _TOLD_EVERY

    def _success(self, due: Due, one: Settled, elapsed_ms: int) -> ReportForwarded:
        return ReportForwarded(
            target=self._name,
            number=due.number,
            id=_id(due),
            webhook_id=due.webhook_id,
            attempt=due.attempts + 1,
            status=one.status or 0,
            elapsed_ms=elapsed_ms,
            forwarded_at=one.at,
        )

    def _failure(self, due: Due, one: Settled, failures: int) -> ForwardFailed:
        return ForwardFailed(
            target=self._name,
            number=due.number,
            id=_id(due),
            webhook_id=due.webhook_id,
            attempt=due.attempts + 1,
            status=one.status,
            error=one.failure,
            set_aside=one.state is State.SET_ASIDE,
            next_attempt_at=one.due_at,
            failures=failures,
            failed_at=one.at,
        )


def _chance() -> float:
    return random.random()  # noqa: S311 - no secret depends on it


def _id(due: Due) -> str | None:
    match due.told:
        case ReceivedReport(report=report):
            return report.id
        case ReceivedMessage(message=message):
            return message.message_id
    return None


def run_all(forwarders: Sequence[Forwarder], stop: threading.Event) -> None:
    """Run forwarders until `stop` is set, each in a thread of its own: none waits for another."""
    threads = [
        threading.Thread(target=forwarder.run, args=(stop,), name="forwarder")
        for forwarder in forwarders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
