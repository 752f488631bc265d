"""One run of some processes under one sequence of decisions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf

from tests.simulation.deciding import Budget, Decisions
from tests.simulation.processes import Process, Strand

# What is decided, and what it is paid with.
_COSTS = {"back": "shifts", "ahead": "shifts"}
# No run takes so many turns: something goes round in circles.
_MOST_TURNS = 20_000
SHIFT = 3 * 3600.0


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
        # How often somebody has let go of what others may wait for.
        self.releases = 0

    def start(
        self, name: str, work: Callable[[Process], None], *, role: str | None = None
    ) -> Process:
        """Add a process; those of one role do the same."""
        process = Process(self, name, role or name)
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
        return list(_unlike(one for _, _, one in sorted(able, key=lambda each: each[:2])))

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


def _unlike(able: Iterable[Strand]) -> Iterator[Strand]:
    """Yield who can go on; of processes that are alike and have not begun, the first."""
    fresh: set[str] = set()
    for one in able:
        if one.process.is_fresh:
            if one.process.role in fresh:
                continue
            fresh.add(one.process.role)
        yield one


def _plain(able: Sequence[Strand], last: Strand | None) -> list[Strand]:
    """Return who may go on without a switch: who ran, another of its process, or anybody's first.

    Where a process has ended or waits, the choice among the others is free.
    """
    mine = [one for one in able if last and one.process is last.process]
    if last is not None and last in mine:
        return [last]
    firsts = {one.process.name: one for one in reversed(able)}
    return mine[:1] or list(reversed(firsts.values()))
