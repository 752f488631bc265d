"""Simulated processes: real code in threads of which one runs at a time."""

import threading
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.running import Run

# For how many seconds of the run a process is stopped that is not killed.
STALL = 5.0


class Killed(BaseException):
    """The process has been killed: nothing that it does from here on has an effect."""


class Strand(threading.Thread):
    """A thread of a process; `steps` are the names of those that it has taken."""

    def __init__(self, process: "Process", name: str, work: Callable[[], object]) -> None:
        super().__init__(name=name, daemon=True)
        self.process = process
        self.steps: list[str] = []
        self.ended = False
        # Whether it has done something that others can see since it last stopped.
        self.has_acted = False
        self.failure: BaseException | None = None
        # The turn at which it stopped, and what it waits for: a moment, or that something is so.
        self.stopped_at = 0
        self._until: float | None = 0.0
        self._ready: Callable[[], object] | None = None
        self._work = work
        # Each is released by one side to let the other go on.
        self._go = threading.Lock()
        self._stopped = threading.Lock()
        self._go.acquire()
        self._stopped.acquire()

    def run(self) -> None:
        """Wait for the first turn, and work to the end."""
        try:
            self._await_turn("begin")
            self._work()
        except Killed:
            pass
        except BaseException as failure:  # noqa: BLE001 - raised again by who runs us
            self.failure = failure
        finally:
            self.ended = True
            self._stopped.release()

    def stop(
        self,
        name: str | None = None,
        *,
        until: float | None = None,
        ready: Callable[[], object] | None = None,
    ) -> None:
        """Stop until it is this strand's turn: not before a moment, or before something is so.

        Without either of them it is able to go on at once. Raises Killed.
        """
        if self.process.killed:
            raise Killed
        self._until, self._ready = (0.0 if ready is None and until is None else until), ready
        self.stopped_at = self.process.run.turns
        self._stopped.release()
        self._await_turn(name)

    def _await_turn(self, name: str | None) -> None:
        self._go.acquire()
        if self.process.killed:
            raise Killed
        self.has_acted = False
        if name:
            self.steps.append(name)

    def due(self) -> float:
        """Return the moment from which it can go on, as things are now."""
        if self._ready and self._ready():
            return self.process.stopped_until
        return max(inf if self._until is None else self._until, self.process.stopped_until)

    def resume(self) -> None:
        """Let it go on, and wait until it stops again, or ends."""
        self._go.release()
        self._stopped.acquire()


class Process:
    """Strands that are killed together; when the first of them ends, so do the others.

    `role` is what it has in common with those that do the same.
    """

    def __init__(self, run: "Run", name: str, role: str) -> None:
        self.run = run
        self.name = name
        self.role = role
        self.strands: list[Strand] = []
        # Whether it does nothing any more, and whether that is because it was killed from outside.
        self.killed = False
        self.crashed = False
        self.stalled = False
        self.stopped_until = 0.0
        self.signals = 0
        # What is done once nothing of it goes on.
        self.at_end: list[Callable[[], None]] = []

    def spawn(self, name: str, work: Callable[[], object]) -> Strand:
        """Add a strand."""
        strand = Strand(self, name, work)
        self.strands.append(strand)
        strand.start()
        return strand

    def step(self, name: str) -> None:
        """Stop the strand that calls before a step. Raises Killed."""
        current().stop(name)

    def wait(self) -> None:
        """Stop the strand that calls until somebody has let go of something. Raises Killed."""
        seen = self.run.releases
        current().stop("wait", ready=lambda: self.run.releases != seen)

    @property
    def steps(self) -> list[str]:
        """The steps of its first strand."""
        return self.strands[0].steps

    @property
    def is_fresh(self) -> bool:
        """Whether nothing of it or with it has happened."""
        return not (self.steps or self.killed or self.stalled or self.signals)

    @property
    def ended(self) -> bool:
        """Whether nothing of it goes on."""
        return all(strand.ended for strand in self.strands)

    @property
    def state(self) -> tuple[object, ...]:
        """How far it has come."""
        strands = tuple((tuple(one.steps), one.ended) for one in self.strands)
        return strands, self.crashed, self.signals, self.stopped_until > self.run.clock

    def stall(self) -> None:
        """Stop it for a while."""
        self.stalled = True
        self.stopped_until = self.run.clock + STALL

    def tidy(self) -> None:
        """End it if its first strand has ended. Raises what a strand has raised."""
        for strand in self.strands:
            if strand.failure is not None:
                raise strand.failure
        if self.strands[0].ended:
            self.end()

    def end(self) -> None:
        """Kill it."""
        self.killed = True
        for strand in self.strands:
            if not strand.ended:
                strand.resume()
        while self.at_end:
            self.at_end.pop()()
        self.run.releases += 1


def current() -> Strand:
    """Return the strand that runs."""
    strand = threading.current_thread()
    assert isinstance(strand, Strand), "this is not part of a simulation"
    return strand
