"""Run processes in every order that matters, and kill them wherever that is possible.

A process runs real code in strands: threads of which one runs at a time. Each stops before every
step that another process or the world could see (a transaction, a lock, a request, an answer), and
wherever it waits. There the explorer decides who goes on, who is killed, stopped for a while or
signalled, and which answers are lost. It goes through all decisions depth first, by running
everything anew for each sequence of them, within a budget: few departures from the plain order are
enough for nearly every fault of such programs.

Processes that do the same and have not begun are alike: of them, the first one begins.

Time is part of the run: it stands still while anybody can go on, and jumps to the next moment that
somebody waits for.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tests.simulation.deciding import Budget, Decisions
from tests.simulation.running import Run


class Explored(NamedTuple):
    """How far an exploration went; `strayed` are the runs that took another way than decided."""

    runs: int
    states: int
    strayed: int


def explore(
    begin: Callable[[Run], Callable[[], None]],
    budget: Budget,
    *,
    most: int | None = None,
    exact: bool = True,
) -> Explored:
    """Run everything under every sequence of decisions, or under `most` of them.

    `begin` starts the processes of a run, and returns what checks its end; that raises
    AssertionError for a run that must not be. If not all sequences are tried, it is the same ones
    each time, taken from all over. They are `exact` if the same one always leads to the same run.
    """
    left = [Decisions(exact=exact)]
    seen: set[tuple[object, ...]] = set()
    runs = strayed = 0
    chance = Random(1)  # noqa: S311 - no secret
    while left and (most is None or runs < most):
        if most is not None:
            chosen = chance.randrange(len(left))
            left[chosen], left[-1] = left[-1], left[chosen]
        decisions = left.pop()
        run = Run(decisions, budget)
        try:
            check = begin(run)
            seen.update(run.finish())
            check()
        finally:
            run.end()
        runs += 1
        strayed += decisions.has_strayed
        left += decisions.branches()
    return Explored(runs, len(seen), strayed)
