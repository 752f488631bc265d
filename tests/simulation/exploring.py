"""Run processes in every order that matters, and kill them wherever that is possible.

A process runs real code in strands: threads of which one runs at a time. Each stops before every
step that another process or the world could see (a transaction, a lock, a request, an answer), and
wherever it waits. There the explorer decides who goes on, who is killed, stopped for a while or
signalled, and which answers are lost. It goes through all decisions depth first, by running
everything anew for each sequence of them, within a budget: few departures from the plain order are
enough for nearly every fault of such programs.

Time is part of the run: it stands still while anybody can go on, and jumps to the next moment that
somebody waits for.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import NamedTuple

# What is decided, and what it is paid with.
_COSTS = {"back": "shifts", "ahead": "shifts"}
# No run takes so many turns: something goes round in circles.
_MOST_TURNS = 20_000


class Budget(NamedTuple):
    """How much may go wrong in one run.

    Switches are departures from the plain order: that who runs goes on for as long as it can, and
    then another strand of its process. A stall stops a process for `STALL` seconds.
    """

    switches: int = 2
    kills: int = 1
    losses: int = 1
    stalls: int = 0
    signals: int = 0
    shifts: int = 0


# For how many seconds of the run a process is stopped that is not killed.
STALL = 5.0
SHIFT = 3 * 3600.0


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


class Strand(threading.Thread):
    """A thread of a process; `steps` are the names of those that it has taken."""

    def __init__(self, process: "Process", name: str, work: Callable[[], object]) -> None:
        super().__init__(name=name, daemon=True)
        self.process = process
        self.steps: list[str] = []
        self.ended = False
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
    """Strands that are killed together; when the first of them ends, so do the others."""

    def __init__(self, run: "Run", name: str) -> None:
        self.run = run
        self.name = name
        self.strands: list[Strand] = []
        # Whether it does nothing any more, and whether that is because it was killed from outside.
        self.killed = False
        self.crashed = False
        self.stalled = False
        self.stopped_until = 0.0
        self.signals = 0

    def spawn(self, name: str, work: Callable[[], object]) -> Strand:
        """Add a strand."""
        strand = Strand(self, name, work)
        self.strands.append(strand)
        strand.start()
        return strand

    def step(self, name: str, *, blocked: bool = False) -> None:
        """Stop the strand that calls before a step; a blocked one until another has had its turn.

        Raises Killed.
        """
        turn = self.run.turns
        # The next turn is the first that another can have.
        current().stop(name, ready=(lambda: self.run.turns > turn + 1) if blocked else None)

    @property
    def steps(self) -> list[str]:
        """The steps of its first strand."""
        return self.strands[0].steps

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


class Run:
    """One run of some processes under one sequence of decisions; `clock` is its time in seconds."""

    def __init__(self, decisions: Decisions, budget: Budget) -> None:
        self._decisions = decisions
        self._left = budget
        self.processes: list[Process] = []
        self.clock = 0.0
        # How far the time of day is ahead of that.
        self.shifted = 0.0
        self.turns = 0

    def start(self, name: str, work: Callable[[Process], None]) -> Process:
        """Add a process."""
        process = Process(self, name)
        self.processes.append(process)
        process.spawn(name, lambda: work(process))
        return process

    def is_lost(self) -> bool:
        """Decide whether an answer is lost."""
        return bool(self.fate(2))

    def fate(self, fates: int) -> int:
        """Decide which of several fates something has; all but the first are losses."""
        if not self._left.losses:
            return 0
        fate = self._decisions.pick(fates)
        if fate:
            self._spend(losses=1)
        return fate

    def calm(self) -> None:
        """Let nothing go wrong from here on."""
        self._left = Budget(0, 0, 0)

    def end(self) -> None:
        """Kill whatever is left."""
        for process in self.processes:
            process.end()

    def finish(self) -> Iterator[tuple[object, ...]]:
        """Let the strands take turns to their end; yield the state before each turn."""
        last: Strand | None = None
        while alive := [one for process in self.processes for one in process.strands]:
            alive = [one for one in alive if not one.ended]
            if not alive:
                return
            yield (self.shifted, *(process.state for process in self.processes))
            self.turns += 1
            assert self.turns < _MOST_TURNS, "it goes on for ever"
            last = self._turn(self._able(alive), last)

    def _able(self, alive: Sequence[Strand]) -> list[Strand]:
        """Return who can go on, the longest waiting first, once there is somebody who can."""
        due = [(one.due(), one.stopped_at, place, one) for place, one in enumerate(alive)]
        earliest = min(due)[0]
        assert earliest < inf, "all wait for one another"
        self.clock = max(self.clock, earliest)
        able = [(stopped_at, place, one) for at, stopped_at, place, one in due if at <= self.clock]
        return [one for _, _, one in sorted(able, key=lambda each: each[:2])]

    def _turn(self, able: Sequence[Strand], last: Strand | None) -> Strand | None:
        """Decide what happens next, and have it happen; return who had the turn."""
        plain = _plain(able, last)
        rest = [one for one in able if one not in plain] if self._left.switches else []
        options = self._options(plain, rest)
        kind, chosen = options[self._decisions.pick(len(options))]
        if chosen in rest:
            self._spend(switches=1)
        if kind:
            self._spend(**{_COSTS.get(kind, kind): 1})
        process = chosen.process
        match kind:
            case "stalls":
                process.stall()
                return last
            case "signals":
                process.signals += 1
                return last
            case "back":
                self.shifted -= SHIFT
                return last
            case "ahead":
                self.shifted += SHIFT
                return last
            case "kills":
                process.crashed = True
                process.end()
            case _:
                chosen.resume()
                process.tidy()
        return chosen

    def _options(
        self, plain: Sequence[Strand], rest: Sequence[Strand]
    ) -> list[tuple[str | None, Strand]]:
        """Return who may go on, and what may go wrong with the process of each."""
        options: list[tuple[str | None, Strand]] = [(None, one) for one in (*plain, *rest)]
        firsts = {strand.process.name: strand for _, strand in reversed(options)}
        for kind in ("kills", "stalls", "signals"):
            if getattr(self._left, kind):
                options += [(kind, one) for one in reversed(firsts.values())]
        if self._left.shifts:
            options += [(kind, options[0][1]) for kind in _COSTS]
        return options

    def _spend(self, **spent: int) -> None:
        left = {kind: getattr(self._left, kind) - count for kind, count in spent.items()}
        self._left = self._left._replace(**left)


def _plain(able: Sequence[Strand], last: Strand | None) -> list[Strand]:
    """Return who may go on without a switch: who ran, another of its process, or anybody's first.

    Where a process has ended or waits, the choice among the others is free.
    """
    mine = [one for one in able if last and one.process is last.process]
    if last is not None and last in mine:
        return [last]
    firsts = {one.process.name: one for one in reversed(able)}
    return mine[:1] or list(reversed(firsts.values()))


def current() -> Strand:
    """Return the strand that runs."""
    strand = threading.current_thread()
    assert isinstance(strand, Strand), "this is not part of a simulation"
    return strand


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
        try:
            check = begin(run)
            seen.update(run.finish())
            check()
        finally:
            run.end()
        runs += 1
        decisions = decisions.next()
    return Explored(runs, len(seen))
