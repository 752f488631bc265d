"""Many turns under way at once: intents and outcomes are committed in groups, nothing twice.

One thread decides everything: it takes rows, starts requests, watches deadlines, and yields
results. A second one commits, so that deciding goes on while the disk writes. Each request runs in
a thread of its own that only talks to the gateway. So an intent is on disk before its request
leaves, and no more than `concurrency` are on disk without an outcome: as many are unknown after a
kill.

The other design was one event loop with aiohttp. A prototype with the same turns, groups and lines,
but without deadlines, retries and signals, was as fast on a quiet machine (2 cores, 10,000 rows,
start and plan included): 2,570 to 2,794 rows a second at 16 connections without latency, where
threads sent 2,294 to 2,703, and 1,121 to 1,133 at 64 connections and 50 ms, where threads sent
1,123 and 1,124 of the 1,280 that are possible. So threads stay: they keep the connections, the door
and the proofs of a single send, and need no second client. A row's turn lasts a commit longer than
its request; intents that are stored ahead would save that, and more rows would be unknown after a
kill.
"""

import math
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from linksms_cli.actions.send.batch.events import Candidate, RowResult
from linksms_cli.actions.send.batch.flights import Ended, Flights, Out
from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.scribe import Committed
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.batch.writing import Writing
from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.gateway.client import Flight
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import LinksmsError, StoreError
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.mt.result import Result

# How long to sleep at most before looking for a signal, in seconds.
_POLL = 0.1
# After the second signal a commit that is under way is waited for no longer than this.
_LAST_WORD = 2.0
# After the first one a store that is away has so many seconds to come back, once nothing is out.
_LAST_CHANCE = 3.0
# Results that need no turn are told after so many, and not held back for those that do.
_AT_ONCE = 1000


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
        self._observer = observer
        self._pace = pace
        self._stops = stops
        self._signals = signals
        self._news: queue.SimpleQueue[Flight | Committed] = queue.SimpleQueue()
        self._flights = Flights(
            turns,
            terms,
            gateway=gateway,
            pace=pace,
            stops=stops,
            landed=self._news.put,
            may_retry=lambda turn: not (signals() or self._stopped(turn)),
        )
        self._writing = Writing(turns, outbox, self._news.put)
        self._told: list[RowResult] = []
        self._exhausted = False
        self._failure: LinksmsError | None = None

    @property
    def has_stored_all(self) -> bool:
        """Whether every outcome that was yielded is in the store."""
        return self._writing.has_stored_all

    def run(self, candidates: Iterator[Candidate]) -> Iterator[RowResult | Beat]:
        """Send every candidate that has a turn; a signal leaves those that were not taken.

        What candidates raise is raised once all that is out has its outcome.
        """
        given_up = math.inf
        beaten = 0.0
        while True:
            if self._signals():
                self._writing.hurry()
                self._writing.end(*self._flights.give_up_resting())
                if self._writing.away and not self._flights:
                    given_up = min(given_up, time.monotonic() + _LAST_CHANCE)
            if self._signals() > 1:
                given_up = min(given_up, time.monotonic() + _LAST_WORD)
                self._writing.end(*self._flights.abandon())
            self._take(candidates)
            self._writing.advance()
            told, self._told = self._told, []
            yield from told
            if told or time.monotonic() >= beaten + _POLL:
                beaten = time.monotonic()
                yield self._beat()
            if self._is_over() or time.monotonic() >= given_up:
                break
            self._listen()
        yield from self._end()
        if self._failure:
            raise self._failure

    def _is_over(self) -> bool:
        working = self._flights or not self._writing.is_done
        return not working and (self._exhausted or self._signals() > 0)

    def _room(self) -> int:
        """Return how many turns may be taken: each of those under way may be unknown one day."""
        return self._pace.room(len(self._flights) + len(self._writing))

    def _take(self, candidates: Iterator[Candidate]) -> None:
        """Take as many candidates as there is room for."""
        now, room, passed = time.monotonic(), self._room(), 0
        while room and passed < _AT_ONCE and self._may_take(now):
            try:
                candidate = next(candidates, None)
            except LinksmsError as failure:
                self._failure = failure
                candidate = None
            if candidate is None:
                self._exhausted = True
                return
            if candidate.turn and (stopped := self._stopped(candidate.turn)):
                candidate = candidate._replace(turn=None, result=stopped)
            if candidate.result:
                self._told.append(RowResult(candidate.record, candidate.result))
                passed += 1
            else:
                self._writing.begin(candidate)
                self._pace.leave(now)
                room -= 1

    def _may_take(self, now: float) -> bool:
        if self._exhausted or self._signals():
            return False
        return self._is_stopped or self._pace.due(now) <= now

    @property
    def _is_stopped(self) -> bool:
        """Whether what is left is held back."""
        return bool(self._turns.stopped_by or self._stops.why)

    def _stopped(self, turn: Turn) -> Result | None:
        """Return the result of a turn that is held back, None if it may be tried."""
        result_of = self._turns.result_of(turn)
        if self._turns.stopped_by:
            return result_of.stopped(turn.recipient, self._turns.stopped_by)
        if self._stops.why:
            return result_of.held_back(turn.recipient, self._stops.why)
        return None

    def _listen(self) -> None:
        """Wait for the next thing to happen, and take note of all that has."""
        now = time.monotonic()
        until = min(now + _POLL, self._flights.next_look(now))
        if self._room() and not (self._exhausted or self._signals()):
            until = now if self._is_stopped else min(until, self._pace.due(now))
        wait = max(0.0, until - now)
        with suppress(queue.Empty):
            self._hear(self._news.get(timeout=wait) if wait else self._news.get_nowait())
            while True:
                self._hear(self._news.get_nowait())
        for ended in self._flights.overdue():
            self._note(ended)
        if self._is_stopped:
            self._writing.end(*self._flights.give_up_resting())
        self._flights.resume()

    def _hear(self, news: Flight | Committed) -> None:
        if isinstance(news, Flight):
            if ended := self._flights.land(news):
                self._note(ended)
        else:
            self._settle(news)

    def _note(self, ended: Ended) -> None:
        self._stops.note(ended.result)
        self._writing.end(ended)

    def _settle(self, committed: Committed) -> None:
        """Go on with what was written: results are told, requests start."""
        written = self._writing.settle(committed)
        self._told += written.told
        now = time.monotonic()
        for record, turn, number in written.begun:
            out = Out(record=record, turn=turn, number=number, started=now)
            if self._signals():
                self._writing.end(self._flights.never_left(out))
            else:
                self._flights.start(out)

    def _beat(self) -> Beat:
        """Return a sign of life, which says what is waited for."""
        if away := self._writing.away:
            return Beat(away.message)
        if self._signals():
            return Beat("stopping; Ctrl-C again ends at once", 0.0)
        held = self._pace.held(time.monotonic())
        return Beat("the gateway asks for a pause", held) if held else Beat()

    def _end(self) -> Iterator[RowResult]:
        """Tell what could not be written any more, and try once more to write it."""
        free = self._writing.close(_LAST_WORD)
        with suppress(queue.Empty):
            while True:
                self._hear(self._news.get_nowait())
        yield from self._told
        yield from self._writing.left()
        if self._writing.has_stored_all:
            return
        try:
            if not free:
                raise self._writing.away or StoreError("the store does not answer")
            if self._signals() and self._writing.away:
                raise self._writing.away  # it was tried until now
            self._writing.store_rest()
        except StoreError as failure:
            count = self._writing.unstored
            outcomes = "1 outcome" if count == 1 else f"{count:,} outcomes"
            self._observer.warn(f"{outcomes} could not be stored: {failure.message}")
