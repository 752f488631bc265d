"""Many turns under way at once: intents and outcomes are committed in groups, nothing twice.

One thread decides everything: it takes rows, commits, starts requests, watches deadlines, and
yields results. Each request runs in a thread of its own that only talks to the gateway. So an
intent is on disk before its request leaves, and no more than `concurrency` are on disk without an
outcome: as many are unknown after a kill.

The other design was one event loop with an HTTP client for it. Threads keep the connections, the
door and the proofs of a single send, and are no wall: at 64 connections and 50 ms of latency they
reached 1,218 messages a second without a store, of 1,280 that are possible (2 cores, load 2).
"""

import heapq
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.gateway.client import Flight
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import LinksmsError, StoreError
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.verdict import Verdict

# How long to sleep at most before looking for a signal, in seconds.
_POLL = 0.1


class Candidate(NamedTuple):
    """A row of a batch: its turn, or the result that it has without one."""

    record: Record
    turn: Turn | None
    result: Result | None = None


class RowResult(NamedTuple):
    """What one row came to."""

    record: Record
    result: Result


@dataclass(slots=True, kw_only=True, eq=False)
class _Out:
    """A turn under way: its intent is stored, its outcome is not."""

    record: Record
    turn: Turn
    number: int
    started: float
    attempt: int = 0
    flight: Flight | None = None
    # The last attempt's end, while the next one is waited for.
    exchange: Exchange | None = None
    verdict: Verdict | None = None


@dataclass(slots=True)
class _Ended:
    """What has an outcome and waits for the next commit."""

    outcomes: list[tuple[int, Result]] = field(default_factory=list)
    results: list[RowResult] = field(default_factory=list)

    def add(self, out: _Out, result: Result) -> None:
        self.outcomes.append((out.number, result))
        self.results.append(RowResult(out.record, result))


class Engine:
    """Takes candidates in their order, and yields each row's result as soon as it is stored.

    `signals` says how many have come: with the first no new turn is taken and what is
    out comes to its end, with the second what is out becomes unknown.
    """

    def __init__(
        self,
        turns: Turns,
        terms: Terms,
        observer: Observer,
        *,
        gateway: Gateway,
        outbox: Outbox,
        pace: Pace,
        stops: Stops,
        signals: Callable[[], int],
    ) -> None:
        self._turns = turns
        self._terms = terms
        self._observer = observer
        self._gateway = gateway
        self._outbox = outbox
        self._pace = pace
        self._stops = stops
        self._signals = signals
        self._landed: queue.SimpleQueue[Flight] = queue.SimpleQueue()
        self._flying: dict[Flight, _Out] = {}
        self._resting: list[tuple[float, int, _Out]] = []
        self._ended = _Ended()
        # Outcomes that the store had no room for; each commit takes them along.
        self._unstored: list[tuple[int, Result]] = []
        self._failure: LinksmsError | None = None

    def run(self, candidates: Iterator[Candidate]) -> Iterator[RowResult]:
        """Send every candidate that has a turn; a signal leaves those that were not taken.

        What candidates raise is raised once all that is out has its outcome.
        """
        exhausted = False
        while True:
            taken: list[Candidate] = []
            if not exhausted:
                exhausted = self._take(candidates, taken)
            yield from self._commit(taken)
            if self._signals() > 1:
                self._abandon_all()
            if not (self._flying or self._resting or self._ended.outcomes):
                if exhausted or self._signals():
                    break
                self._sleep(self._pace.due(time.monotonic()))
                continue
            self._collect()
            self._resume()
        self._store_the_rest()
        if self._failure:
            raise self._failure

    def _take(self, candidates: Iterator[Candidate], taken: list[Candidate]) -> bool:
        """Take as many candidates as there is room for; return whether none is left."""
        now = time.monotonic()
        room = self._pace.room(len(self._flying) + len(self._resting))
        while room and not self._signals() and self._pace.due(now) <= now:
            try:
                candidate = next(candidates, None)
            except LinksmsError as failure:
                self._failure = failure
                return True
            if candidate is None:
                return True
            if candidate.turn and (stopped := self._stopped(candidate.turn)):
                candidate = candidate._replace(turn=None, result=stopped)
            taken.append(candidate)
            if candidate.turn:
                self._pace.leave(now)
                room -= 1
            elif len(taken) >= 1000:  # results that need no turn are not held back either
                break
        return False

    def _stopped(self, turn: Turn) -> Result | None:
        """Return the result of a turn that is held back, None if it may be tried."""
        result_of = self._turns.result_of(turn)
        if self._turns.stopped_by:
            return result_of.stopped(turn.recipient, self._turns.stopped_by)
        if self._stops.why:
            return result_of.held_back(turn.recipient, self._stops.why)
        return None

    def _commit(self, taken: list[Candidate]) -> Iterator[RowResult]:
        """Store what has ended and what begins, then start it, and yield what has a result."""
        ended, self._ended = self._ended, _Ended()
        turns = [(candidate.record, candidate.turn) for candidate in taken if candidate.turn]
        if ended.outcomes or turns:
            intents = [self._turns.intent(turn) for _, turn in turns]
            try:
                numbers = self._outbox.advance([*self._unstored, *ended.outcomes], intents)
            except StoreError as failure:
                self._unstored += ended.outcomes
                ended.results += self._not_stored(turns, failure)
            else:
                self._unstored.clear()
                now = time.monotonic()
                for (record, turn), number in zip(turns, numbers, strict=True):
                    self._start(_Out(record=record, turn=turn, number=number, started=now))
        yield from ended.results
        for candidate in taken:
            if candidate.result:
                yield RowResult(candidate.record, candidate.result)

    def _store_the_rest(self) -> None:
        """Try once more to store outcomes that could not be stored when they came."""
        if self._unstored:
            try:
                self._outbox.finish(self._unstored)
            except StoreError as failure:
                count = len(self._unstored)
                self._observer.warn(f"{count} outcomes could not be stored: {failure.message}")

    def _not_stored(self, turns: list[tuple[Record, Turn]], failure: StoreError) -> list[RowResult]:
        """Return the results of turns whose intents could not be stored: none of them is sent."""
        return [RowResult(one, self._turns.not_stored(turn, failure)) for one, turn in turns]

    def _start(self, out: _Out) -> None:
        out.attempt += 1
        out.flight = self._gateway.start(
            out.turn.message, timeout=self._terms.timeout, landed=self._landed.put
        )
        self._flying[out.flight] = out

    def _collect(self) -> None:
        """Wait for the next thing to happen, and judge all flights that have ended."""
        now = time.monotonic()
        deadlines = [flight.deadline for flight in self._flying]
        if self._resting:
            deadlines.append(max(self._resting[0][0], self._pace.due(now)))
        if self._pace.room(len(self._flying) + len(self._resting)) and not self._signals():
            deadlines.append(self._pace.due(now))
        wait = max(0.0, min([now + _POLL, *deadlines]) - now)
        with suppress(queue.Empty):
            self._judge(self._landed.get(timeout=wait) if wait else self._landed.get_nowait())
            while True:
                self._judge(self._landed.get_nowait())
        now = time.monotonic()
        for flight in [one for one in self._flying if one.deadline <= now]:
            self._judge(flight, self._gateway.abandon(flight, Fault.TIMEOUT))

    def _judge(self, flight: Flight, exchange: Exchange | None = None) -> None:
        """Decide what follows from the end of a flight; one that was abandoned is passed over."""
        out = self._flying.pop(flight, None)
        exchange = exchange or flight.exchange
        if out is None or exchange is None:
            return
        verdict = self._turns.verdict(out.turn, exchange)
        out.exchange, out.verdict = exchange, verdict
        now = time.monotonic()
        if exchange.is_throttled:
            self._pace.throttle(now, exchange.retry_after)
        elif exchange.answer or exchange.status:
            self._pace.answered()
        pause = self._turns.pause(out.turn, exchange, verdict, out.attempt)
        if pause is None or self._signals() or self._stopped(out.turn):
            self._end(out)
        else:
            heapq.heappush(self._resting, (now + pause, out.number, out))

    def _resume(self) -> None:
        """Start again what has rested long enough, at the pace of the batch."""
        now = time.monotonic()
        if self._signals() or self._turns.stopped_by:
            while self._resting:
                self._end(heapq.heappop(self._resting)[2])
            return
        while self._resting and self._resting[0][0] <= now and self._pace.due(now) <= now:
            self._pace.leave(now)
            self._start(heapq.heappop(self._resting)[2])

    def _abandon_all(self) -> None:
        for flight in list(self._flying):
            self._judge(flight, self._gateway.abandon(flight, Fault.INTERRUPTED))

    def _end(self, out: _Out) -> None:
        if out.verdict is None or out.exchange is None:
            raise AssertionError("a turn ends with the verdict on its last attempt")
        elapsed = time.monotonic() - out.started
        result = self._turns.conclude(
            out.turn, out.verdict, sent_at=out.exchange.sent_at, elapsed=elapsed
        )
        self._stops.note(result)
        self._ended.add(out, result)

    def _sleep(self, until: float) -> None:
        time.sleep(max(0.0, min(_POLL, until - time.monotonic())))
