"""Simulated receivers that forward what a store holds."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from linksms_cli.actions.listen import forward_events, forwarder, pace
from linksms_cli.actions.listen.forwarder import Forwarder, ForwardTerms
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback
from linksms_cli.sms.forward.due import Attempted, Due
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.timestamp import rfc3339
from tests.reporting import report
from tests.simulation.clockwork import Event, Moment, monotonic, simulate
from tests.simulation.deciding import Budget
from tests.simulation.exploring import Explored, explore
from tests.simulation.forwarding import LEASE, Asked, ForwardWorld, Script
from tests.simulation.places import Place
from tests.simulation.processes import Process, current
from tests.simulation.running import Run

TERMS = ForwardTerms(patience=timedelta(days=1), verbose=False, lease=LEASE)
# Seconds for which a slow answer is waited for: a claim has to be renewed meanwhile.
_SLOW = 3.0
# Seconds until everything has been forwarded whatever went wrong.
_HORIZON = 60.0


class Stopping(Event):
    """Is set once all is forwarded, or the process is signalled."""

    def __init__(self, world: ForwardWorld, process: Process) -> None:
        super().__init__()
        self._world = world
        self._process = process

    def is_set(self) -> bool:
        if self._world.is_over or self._process.signals or self._process.run.clock > _HORIZON:
            self.set()
        return super().is_set()


class SteppingForwards:
    """The real side of who forwards, each of whose transactions is a step."""

    def __init__(self, world: ForwardWorld, process: Process, forwards: Any) -> None:
        self._world = world
        self._process = process
        self._forwards = forwards

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forwards, name)

    def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
        self._process.step("advance")
        due: list[Due] = self._forwards.advance(settled, **asked)
        if settled:
            self._world.look()
        return due

    def next_due(self) -> str | None:
        self._process.step("next due")
        due: str | None = self._forwards.next_due()
        return due


class ForwardFaults:
    """What is planted: nothing."""

    forwards: ClassVar[type[SteppingForwards]] = SteppingForwards

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        """Change the code."""


class Receiver:
    """A process that forwards to every target."""

    def __init__(self, world: ForwardWorld, process: Process, faults: type[ForwardFaults]) -> None:
        self._world = world
        self._process = process
        self._faults = faults
        self._store = world.place.store()
        self._cut: set[str] = set()

    def forwards(self, target: Target, owner: str) -> SteppingForwards:
        self._process.step("open")
        return self._faults.forwards(
            self._world, self._process, self._store.forwards(target, owner)
        )

    def run(self) -> None:
        store: Any = self
        forwarder.run_all(
            [
                Forwarder(
                    store,
                    script.target,
                    owner=self._process.name,
                    post=self._posts(script),
                    cut=lambda name=script.target.name: self._cut.add(name),  # type: ignore[misc]
                    tell=lambda _event: None,
                    terms=TERMS,
                )
                for script in self._world.scripts
            ],
            Stopping(self._world, self._process),  # type: ignore[arg-type]
        )

    def _posts(self, script: Script) -> Callable[[Due], Attempted]:
        """Return what posts to a target: its answer may be lost, or come late."""

        def is_cut() -> bool:
            return script.target.name in self._cut

        def post(due: Due) -> Attempted:
            asked = Asked()
            self._process.step("post")
            if is_cut():
                return Attempted(None, None)
            if script.down:
                return Attempted(None, "connection refused")
            came = self._world.arrive(script, due, self._process, asked)
            fate = self._process.run.fate(3)
            if fate == 1:
                current().stop("slow", until=monotonic() + _SLOW, ready=is_cut)
            self._process.step("answer")
            came.ended = True
            if is_cut():
                return Attempted(None, None)
            if fate == 2:
                return Attempted(None, "no answer in time")
            came.status = script.answers.get(due.number, 200)
            return Attempted(came.status, None)

        return post


def prepare(place: Place, scene: "Scene") -> None:
    """Have a store know the targets, and then the reports that are stored."""
    store = place.store()
    for script in scene.scripts:
        store.forwards(script.target, "").close()
    received_at = datetime(2026, 11, 27, 11, tzinfo=UTC)
    place.receive(reports(scene.stored, received_at))
    if scene.enlisted:
        for script in scene.scripts:
            with closing(store.forwards(script.target, "")) as forwards:
                forwards.advance((), held=(), limit=0, now=received_at, lease=LEASE)
    place.keep()


def reports(messages: Sequence[str], now: datetime) -> list[Callback]:
    """Return a report of each of these messages, as it comes in."""
    batch = []
    for number, message_id in enumerate(messages):
        body = report(id=message_id, operatorResultCode=str(number))
        contents = read_callback(body=body, query="", content_type=None)
        batch.append(
            Callback(
                received_at=rfc3339(now),
                remote="127.0.0.1",
                method="POST",
                query="",
                headers=(),
                body=body,
                contents=contents,
            )
        )
    return batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Targets, the messages of reports that are stored, and of those that come meanwhile.

    If they are `enlisted`, somebody has forwarded before.
    """

    scripts: Sequence[Script]
    stored: Sequence[str]
    coming: Sequence[str] = ()
    receivers: int = 2
    connections: int = 2
    enlisted: bool = False


def explored(
    place: Place,
    budget: Budget,
    scene: Scene,
    faults: type[ForwardFaults] = ForwardFaults,
    *,
    most: int | None = None,
) -> Explored:
    """Let receivers forward what a store holds, and one more what they leave.

    Raises AssertionError if a target does not get everything, or not in order, or twice at once.
    """

    def begin(run: Run) -> Callable[[], None]:
        world = ForwardWorld(place, scene.scripts)
        world.stored = len(scene.stored)

        def forward(process: Process) -> None:
            Receiver(world, process, faults).run()

        def store(process: Process) -> None:
            for message_id in scene.coming:
                process.step("store")
                place.receive(reports([message_id], Moment.now(UTC)))
                world.stored += 1

        for name in "abc"[: scene.receivers]:
            run.start(name, forward, role="receiver")
        if scene.coming:
            world.gate = run.start("gate", store)

        def check() -> None:
            disturbed = budget._replace(switches=0) != Budget(0, 0, 0)
            run.calm()
            if not world.is_over:
                run.start("last", forward)
                for _ in run.finish():
                    pass
            world.check(disturbed=disturbed)

        return check

    prepare(place, scene)
    with pytest.MonkeyPatch.context() as patch:
        simulate(patch, forwarder, pace, forward_events)
        patch.setattr(forwarder, "CONNECTIONS", scene.connections)
        place.simulate(patch)
        faults.plant(patch)
        return explore(begin, budget, most=most, exact=place.is_exact)
