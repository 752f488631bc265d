"""What is decided in a run of a simulation, one decision after the other, and what may go wrong."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


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


class Decisions:
    """One sequence of decisions: those that are prescribed, and the first option from there on.

    Each is the option that is chosen, and of how many. If they are not `exact`, the same
    decisions need not lead to the same run: one that takes another way has the first option from
    there on.
    """

    def __init__(self, prescribed: Sequence[tuple[int, int]] = (), *, exact: bool = True) -> None:
        self._prescribed = prescribed
        self._exact = exact
        self.has_strayed = False
        self._made: list[tuple[int, int]] = []

    def pick(self, options: int) -> int:
        """Return one of so many options."""
        place = len(self._made)
        chosen = 0
        if place < len(self._prescribed):
            chosen, expected = self._prescribed[place]
            if options != expected:
                assert not self._exact, "the same decisions have led to another run"
                self._prescribed, self.has_strayed, chosen = self._prescribed[:place], True, 0
        self._made.append((chosen, options))
        return chosen

    def branches(self) -> "Iterator[Decisions]":
        """Yield each sequence that has one more decision of its own than this one had prescribed.

        Begun with an empty one, and with the branches of branches, these are all that there are.
        """
        for place in range(len(self._prescribed), len(self._made)):
            _, options = self._made[place]
            for chosen in range(1, options):
                yield Decisions([*self._made[:place], (chosen, options)], exact=self._exact)
