"""Simulated processes that send a batch, what they are told, and a gateway that takes rows."""

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any, ClassVar

import pytest

from linksms_cli.actions.send import turns
from linksms_cli.actions.send.batch import engine, flights, judging, planning, scribe
from linksms_cli.actions.send.batch import run as running
from linksms_cli.actions.send.batch.events import BatchEnded, BatchEvent, RowResult
from linksms_cli.actions.send.batch.file import opened_file
from linksms_cli.actions.send.batch.run import Batch
from linksms_cli.actions.send.batch.terms import BatchTerms
from linksms_cli.actions.send.opening import Opened
from linksms_cli.actions.send.terms import Terms
from linksms_cli.adapters.gateway.client import Flight
from linksms_cli.errors import BatchBusyError, BatchRefusedError
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.batch.template import parse
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import THROTTLED, Exchange, Fault
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.outcome import Outcome
from tests.simulation.acting import (
    ACCEPTED,
    SETTINGS,
    SILENT,
    Stepper,
    SteppingOutbox,
    SteppingStore,
)
from tests.simulation.batching import BatchWorld
from tests.simulation.clockwork import monotonic, simulate
from tests.simulation.deciding import Budget
from tests.simulation.exploring import Explored, explore
from tests.simulation.places import Place
from tests.simulation.processes import Process, current
from tests.simulation.running import Run

CONCURRENCY = 2
THROTTLE = Answer(code=THROTTLED, description="Maximum throttling exceeded", message_id=None)
TERMS = Terms(timeout=0.3, retries=1, dry_run=False, resend_unknown=False, concurrency=CONCURRENCY)
BATCH_TERMS = BatchTerms(
    template="Hi",
    confirmed=None,
    rate=None,
    max_failures=None,
    again=False,
    allow_duplicates=False,
)


class Sender(Stepper):
    """A process that sends a batch, and again until nobody else does."""

    world: BatchWorld

    def __init__(self, world: BatchWorld, process: Process, number: int, faults: "Faults") -> None:
        super().__init__(world, process)
        self.rows = world.files[number]
        self.told: dict[str, Outcome] = {}
        self._path = world.paths[number]
        self._faults = faults

    def send(self) -> None:
        """Send, and send again as long as another process does."""
        while True:
            self.told.clear()
            try:
                self._send()
            except BatchBusyError:
                assert not self.told
                self.wait()
            except BatchRefusedError:
                self.check_finished()
                return
            else:
                return

    def _send(self) -> None:
        store: Any = self._faults.store(self, self._faults.outbox, waits=False)
        gateway: Any = Attempts(self)
        outbox = store.outbox(read_only=False)
        with (
            closing(outbox),
            opened_file(str(self._path), None, by_option={}, delimiter=None) as file,
        ):
            opened = Opened(
                settings=SETTINGS,
                gateway=gateway,
                store=store,
                outbox=outbox,
                signals=lambda: self.process.signals,
            )
            batch = Batch(
                file,
                RowDefaults(columns={}, template=parse("Hi"), source="LINK"),
                opened=opened,
                terms=TERMS,
                batch_terms=BATCH_TERMS,
                observer=SILENT,
                rejects=None,
            )
            for event in batch.run():
                self._hear(event)

    def _hear(self, event: BatchEvent) -> None:
        """Check what is told at the moment at which it is."""
        if isinstance(event, RowResult):
            to, outcome = event.result.to, event.result.outcome
            assert to not in self.told, f"{to} is told twice"
            self.told[to] = outcome
            if outcome is Outcome.ACCEPTED:
                assert outcome in self.world.outcomes(to), f"{to} is told before it is stored"
        elif isinstance(event, BatchEnded) and event.finished:
            self.check_finished()

    def check_finished(self) -> None:
        """Check that every row was sent, or may have been."""
        left = [row for row in self.rows if not self.world.is_settled(row)]
        assert not left, f"finished, and {left} was not sent"

    def check(self) -> None:
        """Check that what was said of each row is so."""
        for to, outcome in self.told.items():
            taken = self.world.taken_of[self.process.name, to]
            match outcome:
                case Outcome.ACCEPTED:
                    assert taken == 1, f"{to} is called accepted"
                case Outcome.NOT_SENT:
                    assert taken == 0, f"{to} is called not sent"
                case Outcome.SKIPPED:
                    assert self.world.is_settled(to), f"{to} is called sent before"
                case _:
                    assert outcome is Outcome.UNKNOWN, outcome


class Faults:
    """What is planted: nothing."""

    store: ClassVar[type[SteppingStore]] = SteppingStore
    outbox: ClassVar[type[SteppingOutbox]] = SteppingOutbox

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        """Change the code."""


class _Attempt(Flight):
    """An attempt at the simulated gateway."""

    def __init__(self, timeout: float) -> None:
        self.deadline = monotonic() + timeout
        self.exchange: Exchange | None = None
        self.left = False
        self.is_abandoned = False


class Attempts:
    """Takes a message when a request arrives and answers later, or never, or asks for a pause."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def start(
        self, message: Message, *, timeout: float, landed: Callable[[Flight], None]
    ) -> Flight:
        flight = _Attempt(timeout)
        current().process.spawn("attempt", lambda: self._attempt(message, flight, landed))
        return flight

    def abandon(self, flight: _Attempt, fault: Fault) -> Exchange:
        flight.is_abandoned = True
        return flight.exchange or Exchange(sent=flight.left, elapsed=0, fault=fault)

    def _attempt(
        self, message: Message, flight: _Attempt, landed: Callable[[Flight], None]
    ) -> None:
        sender = self._sender
        sender.step("request")
        if flight.is_abandoned:
            return
        flight.left = True
        fate = sender.process.run.fate(3)
        answer = THROTTLE if fate == 1 else ACCEPTED
        if fate != 1:
            sender.world.take(sender.process.name, message.destination)
        sender.step("answer")
        if fate != 2:
            flight.exchange = Exchange(sent=True, elapsed=0, status=200, answer=answer)
            landed(flight)


def explored(
    place: Place,
    budget: Budget,
    files: Sequence[Sequence[str]],
    senders: Sequence[int],
    faults: type[Faults] = Faults,
    *,
    most: int | None = None,
) -> Explored:
    """Let processes send these files, each the one of its number, and then each file once more.

    Raises AssertionError if anybody gets two messages or none, or is told what is not so.
    """

    def begin(run: Run) -> Callable[[], None]:
        world = BatchWorld(place, files)
        actors: list[Sender] = []

        def send(number: int) -> Callable[[Process], None]:
            def work(process: Process) -> None:
                actors.append(Sender(world, process, number, faults()))
                actors[-1].send()

            return work

        for name, number in zip("abc", senders, strict=False):
            run.start(name, send(number), role=f"sender of {number}")

        def check() -> None:
            crashed = sum(process.crashed for process in run.processes)
            assert world.intents() <= CONCURRENCY * crashed, "too many are unknown"
            run.calm()
            for number in range(len(files)):
                run.start(f"last {number}", send(number))
                for _ in run.finish():
                    pass
                actors[-1].check_finished()
            for actor in actors:
                actor.check()

        return check

    with pytest.MonkeyPatch.context() as patch:
        simulate(patch, engine, flights, judging, planning, running, scribe, turns)
        place.simulate(patch)
        faults.plant(patch)
        return explore(begin, budget, most=most, exact=place.is_exact)
