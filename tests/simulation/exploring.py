"""Run processes in every order that matters, and kill them wherever that is possible.

The processes are threads that run real code, one at a time. Each stops before every step that
another process or the world could see: a transaction, a lock, a request, an answer. There the
explorer decides who goes on, who is killed, and which answers are lost. It goes through all
decisions depth first, by running everything anew for each sequence of them, within a budget of
switches between processes that could go on, of kills, and of answers that are lost: few of each
are enough for nearly every fault of such programs.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple


class Budget(NamedTuple):
    """How much may go wrong in one run."""

    switches: int = 2
    kills: int = 1
    losses: int = 1


class Killed(BaseException):
    """The process has been killed: nothing that it does from here on has an effect."""


class Decisions:
    """One sequence of decisions: those that are prescribed, and the first option from there on."""

    def __init__(self, prescribed: Sequence[int] = ()) -> None:
        self._prescribed = prescribed
        self._made: list[tuple[int, int]] = []

    def pick(self, options: int) -> int:
        """Return one of so many options."""
        place = len(self._made)
        chosen = self._prescribed[place] if place < len(self._prescribed) else 0
        assert chosen < options, "the same decisions have led to another run"
        self._made.append((chosen, options))
        return chosen

    def next(self) -> "Decisions | None":
        """Return the sequence that comes after this one, None after the last."""
        for place in reversed(range(len(self._made))):
            chosen, options = self._made[place]
            if chosen + 1 < options:
                return Decisions([*(made for made, _ in self._made[:place]), chosen + 1])
        return None


class Process(threading.Thread):
    """Runs `work` step by step; `steps` are the names of those it has taken."""

    def __init__(self, name: str, work: Callable[["Process"], None]) -> None:
        super().__init__(name=name, daemon=True)
        self.steps: list[str] = []
        self.killed = False
        self.ended = False
        self.failure: BaseException | None = None
        # What it waits for, until somebody else has done something.
        self.blocked = False
        self._work = work
        self._go = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)

    def run(self) -> None:
        """Wait for the first turn, and work to the end."""
        try:
            self._await_turn("begin")
            self._work(self)
        except Killed:
            pass
        except BaseException as failure:  # noqa: BLE001 - raised again by who runs us
            self.failure = failure
        finally:
            self.ended = True
            self._stopped.release()

    def step(self, name: str, *, blocked: bool = False) -> None:
        """Stop before a step, until it is this process's turn. Raises Killed."""
        if self.killed:
            raise Killed
        self.blocked = blocked
        self._stopped.release()
        self._await_turn(name)

    def _await_turn(self, name: str) -> None:
        self._go.acquire()
        if self.killed:
            raise Killed
        self.steps.append(name)

    def resume(self) -> None:
        """Let it take its next step, and wait until it stops before another, or ends."""
        self._go.release()
        self._stopped.acquire()


class Run:
    """One run of some processes under one sequence of decisions."""

    def __init__(self, decisions: Decisions, budget: Budget) -> None:
        self._decisions = decisions
        self._switches, self._kills, self._losses = budget
        self.processes: list[Process] = []

    def start(self, name: str, work: Callable[[Process], None]) -> None:
        """Add a process."""
        self.processes.append(Process(name, work))
        self.processes[-1].start()

    def is_lost(self) -> bool:
        """Decide whether an answer is lost."""
        if self._losses and self._decisions.pick(2):
            self._losses -= 1
            return True
        return False

    def finish(self) -> Iterator[tuple[object, ...]]:
        """Let the processes take turns to their end; yield the state before each turn."""
        last: Process | None = None
        while alive := [process for process in self.processes if not process.ended]:
            yield tuple((tuple(one.steps), one.killed, one.ended) for one in self.processes)
            last = self._turn(alive, last)
            last.resume()
            if last.failure is not None:
                raise last.failure
            for other in alive:
                if other is not last:
                    other.blocked = False

    def _turn(self, alive: Sequence[Process], last: Process | None) -> Process:
        """Decide who goes on, and whether that is its end."""
        able = [one for one in alive if not one.blocked]
        assert able, "all wait for one another"
        if last in able:  # first, since that costs nothing
            able.sort(key=lambda one: one is not last)
            if not self._switches:
                able = able[:1]
        chosen = self._decisions.pick(len(able) * (2 if self._kills else 1))
        process = able[chosen % len(able)]
        if chosen >= len(able):
            self._kills -= 1
            process.killed = True
        if last in able and process is not last:
            self._switches -= 1
        return process


class Explored(NamedTuple):
    """How far an exploration went."""

    runs: int
    states: int


def explore(
    begin: Callable[[Run], Callable[[], None]], budget: Budget, *, most: int = 1_000_000
) -> Explored:
    """Run everything under every sequence of decisions, `most` at most.

    `begin` starts the processes of a run, and returns what checks its end; that raises
    AssertionError for a run that must not be.
    """
    decisions: Decisions | None = Decisions()
    seen: set[tuple[object, ...]] = set()
    runs = 0
    while decisions is not None and runs < most:
        run = Run(decisions, budget)
        check = begin(run)
        seen.update(run.finish())
        check()
        runs += 1
        decisions = decisions.next()
    return Explored(runs, len(seen))
