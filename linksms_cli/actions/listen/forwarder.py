"""Forward what is stored to one target: at least once, in order for each message."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import NamedTuple

from linksms_cli.actions.listen.forward_events import ForwardEvent, ForwardTeller
from linksms_cli.actions.listen.pace import BUSY_TICK, CLAIMED, ForwardPace, chance
from linksms_cli.adapters.store import Forwards, Store
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import StoreError
from linksms_cli.sms.forward.due import Attempted, Due, Settled, State, settled
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.timestamp import rfc3339

# Requests to a target at the same time.
CONNECTIONS = 16
# How long a claim lasts without us: who takes it over waits less than a minute, for this and for
# the next look. It is renewed when a part of it is over, since an attempt may take longer.
LEASE = timedelta(seconds=40)
_RENEWED = 0.25
# Seconds after which it looks whether something is due, and for which results are gathered.
_LOOK = 0.1
_GATHER = 0.02
# Seconds after a store that cannot be used is tried again, and for which what has just come is
# still forwarded at the end.
_STORE_PAUSE = 1.0
_LAST = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardTerms:
    """How long a report is tried for, whether each success is told, how long a claim lasts."""

    patience: timedelta
    verbose: bool
    lease: timedelta = LEASE


class _Claim(NamedTuple):
    """Until when a claim lasts: by the time of day, and by the clock that nobody puts back."""

    day: datetime
    clock: float

    @property
    def lasts(self) -> bool:
        """Whether nobody else can have it yet: this process may have been stopped for a while."""
        return datetime.now(UTC) < self.day and time.monotonic() < self.clock


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
        self._renewed = terms.lease.total_seconds() * _RENEWED
        self._teller = ForwardTeller(target, tell, verbose=terms.verbose)
        self._orders: SimpleQueue[Due | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Due, Attempted]] = SimpleQueue()
        self._held: dict[int, _Claim] = {}
        self._look_at = 0.0
        self._pace = ForwardPace()

    def run(self, stop: threading.Event) -> None:
        """Forward until it is told to stop, then what has just come, for some seconds."""
        workers = [
            threading.Thread(target=self._work, name="forward", daemon=True)
            for _ in range(CONNECTIONS)
        ]
        for worker in workers:
            start_thread(worker)
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
            renew = now - renewed >= self._renewed
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
            if self._pace.is_busy(forwards):
                stop.wait(BUSY_TICK)
            self._teller.catch_up()
        self._release(forwards, settlements)

    def _is_idle(self, now: float) -> bool:
        """Return whether nothing is under way, and nothing else could go out at once."""
        return not self._held and (self._pace.is_failing or now < self._look_at)

    def _advance(self, forwards: Forwards, settlements: list[Settled], *, renew: bool) -> None:
        now = datetime.now(UTC)
        claim = _Claim(
            now + self._terms.lease, time.monotonic() + self._terms.lease.total_seconds()
        )
        if self._pace.is_down and any(one.is_failure for one in settlements):
            self._give_up(forwards, now)
        claimed = forwards.advance(
            settlements,
            held=list(self._held) if renew else (),
            limit=self._pace.room(len(self._held)),
            now=now,
            lease=self._terms.lease,
        )
        settlements.clear()
        if renew:
            # One that has ended may be another's now.
            self._held |= {number: claim for number, held in self._held.items() if held.lasts}
        for due in claimed:
            is_new = due.number not in self._held  # or its claim had ended
            self._held[due.number] = claim
            if is_new:
                self._orders.put(due)
        self._look_at = self._next_look(forwards.next_due(), now)

    def _next_look(self, next_due: str | None, now: datetime) -> float:
        """Return when to look again, should nothing else happen."""
        clock = time.monotonic()
        if next_due is None:
            return clock + self._renewed
        earliest = max(clock, self._pace.quiet_until)
        once_there_is_room = clock + (0.0 if self._pace.room(len(self._held)) else _LOOK)
        if next_due == "":  # more has come than one commit enlists
            return once_there_is_room
        if next_due <= rfc3339(now):
            return max(earliest, once_there_is_room)
        wait = datetime.fromisoformat(next_due) - now
        return max(earliest, clock + wait.total_seconds())

    def _give_up(self, forwards: Forwards, now: datetime) -> None:
        given_up = forwards.give_up(now - self._terms.patience, "the target was down too long")
        if given_up:
            self._teller.gave_up(given_up)

    def _gather(self, settlements: list[Settled]) -> None:
        """Wait for attempts to end: a moment more for those that end with the first."""
        with suppress(Empty):
            self._settle(settlements, *self._done.get(timeout=_LOOK))
            until = time.monotonic() + _GATHER
            while len(settlements) < CLAIMED // 2 and self._held:
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
            chance=chance(),
        )
        settlements.append(one)
        if one.is_failure:
            self._pace.fail(attempted.wish)
        elif one.tried:
            self._pace.succeed()
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
        forwards.advance(settlements, held=(), limit=0, now=now, lease=self._terms.lease)
        self._held.clear()

    def _work(self) -> None:
        while (due := self._orders.get()) is not None:
            attempted = self._post(due) if self._may_post(due) else Attempted(None, None)
            self._done.put((due, attempted))

    def _may_post(self, due: Due) -> bool:
        """Return whether the target is not left alone, and the report is still in our hands."""
        claim = self._held.get(due.number)
        return not self._pace.is_quiet and claim is not None and claim.lasts


def run_all(forwarders: Sequence[Forwarder], stop: threading.Event) -> None:
    """Run forwarders until `stop` is set, each in a thread of its own: none waits for another."""
    threads = [
        threading.Thread(target=forwarder.run, args=(stop,), name="forwarder")
        for forwarder in forwarders
    ]
    for thread in threads:
        start_thread(thread)
    for thread in threads:
        thread.join()
