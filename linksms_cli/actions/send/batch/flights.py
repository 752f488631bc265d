"""The turns of a batch that are under way: their intents are stored, their outcomes are not."""

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.terms import Terms
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.gateway.client import Flight
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.verdict import Verdict


@dataclass(slots=True, kw_only=True, eq=False)
class Out:
    """A turn that is under way; `number` is that of its intent."""

    record: Record
    turn: Turn
    number: int
    started: float
    attempt: int = 0
    flight: Flight | None = None


class Ended(NamedTuple):
    """A turn that has its outcome."""

    record: Record
    number: int
    result: Result


class _Resting(NamedTuple):
    """A turn whose next attempt is to come, and what its last one came to."""

    until: float
    number: int
    out: Out
    exchange: Exchange
    verdict: Verdict


class Flights:
    """Starts the attempts of turns, and judges each when it ends.

    `landed` is called from other threads when one has. `may_retry` says whether a turn may still
    have another attempt.
    """

    def __init__(
        self,
        turns: Turns,
        terms: Terms,
        *,
        gateway: Gateway,
        pace: Pace,
        stops: Stops,
        landed: Callable[[Flight], None],
        may_retry: Callable[[Turn], bool],
    ) -> None:
        self._turns = turns
        self._terms = terms
        self._gateway = gateway
        self._pace = pace
        self._stops = stops
        self._landed = landed
        self._may_retry = may_retry
        self._flying: dict[Flight, Out] = {}
        self._resting: list[_Resting] = []

    def __len__(self) -> int:
        return len(self._flying) + len(self._resting)

    def start(self, out: Out) -> None:
        """Start a turn's next attempt."""
        out.attempt += 1
        out.flight = self._gateway.start(
            out.turn.message, timeout=self._terms.timeout, landed=self._landed
        )
        self._flying[out.flight] = out

    def next_look(self, now: float) -> float:
        """Return when something is due by itself."""
        times = [flight.deadline for flight in self._flying]
        if self._resting:
            times.append(max(self._resting[0].until, self._pace.due(now)))
        return min(times, default=now + self._terms.timeout)

    def land(self, flight: Flight, exchange: Exchange | None = None) -> Ended | None:
        """Judge a flight that has ended; return its turn's end, None if it is tried again.

        One that was abandoned before is passed over.
        """
        out = self._flying.pop(flight, None)
        exchange = exchange or flight.exchange
        if out is None or exchange is None:
            return None
        verdict = self._turns.verdict(out.turn, exchange)
        now = time.monotonic()
        if exchange.is_throttled:
            self._stops.hear(exchange.retry_after)
            self._pace.throttle(now, exchange.retry_after)
            # All are held for as long as the gateway asks, this turn among them.
            exchange = exchange._replace(retry_after=None)
        elif exchange.answer or exchange.status:
            self._pace.answered()
        pause = self._turns.pause(out.turn, exchange, verdict, out.attempt)
        if pause is None or not self._may_retry(out.turn):
            return self._ended(out, exchange, verdict)
        heapq.heappush(self._resting, _Resting(now + pause, out.number, out, exchange, verdict))
        return None

    def overdue(self) -> Iterator[Ended]:
        """Abandon what has not ended in its time; yield the ends of turns."""
        now = time.monotonic()
        for flight in [one for one in self._flying if one.deadline <= now]:
            if ended := self.land(flight, self._gateway.abandon(flight, Fault.TIMEOUT)):
                yield ended

    def resume(self) -> None:
        """Start again what has rested long enough, at the pace of the batch."""
        now = time.monotonic()
        while self._resting and self._resting[0].until <= now and self._pace.due(now) <= now:
            self._pace.leave(now)
            self.start(heapq.heappop(self._resting).out)

    def give_up_resting(self) -> Iterator[Ended]:
        """End what waits for another attempt with what its last one came to."""
        while self._resting:
            _, _, out, exchange, verdict = heapq.heappop(self._resting)
            yield self._ended(out, exchange, verdict)

    def abandon(self) -> Iterator[Ended]:
        """Abandon all that is out; yield the ends of turns."""
        for flight in list(self._flying):
            if ended := self.land(flight, self._gateway.abandon(flight, Fault.INTERRUPTED)):
                yield ended
        yield from self.give_up_resting()

    def never_left(self, out: Out) -> Ended:
        """Return the end of a turn whose request was not started."""
        result = self._turns.result_of(out.turn).interrupted(out.turn.recipient)
        return Ended(out.record, out.number, result)

    def _ended(self, out: Out, exchange: Exchange, verdict: Verdict) -> Ended:
        elapsed = time.monotonic() - out.started
        result = self._turns.conclude(out.turn, verdict, sent_at=exchange.sent_at, elapsed=elapsed)
        return Ended(out.record, out.number, result)
