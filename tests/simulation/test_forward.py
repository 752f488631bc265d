"""Receivers that forward from one store, in every order, killed, stopped and signalled anywhere.

Each report comes to each target at least once, those of a message in order and never two at the
same time; a repeat is marked, and no target waits for another. The code is the real one, threads
and all, and so is SQLite; only the targets, the clock and who runs next are simulated.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linksms_cli.actions.listen import forwarder
from linksms_cli.actions.listen.forwarder import Forwarder
from linksms_cli.adapters.store.sql import forwards
from linksms_cli.adapters.store.sql.forwards import SqlForwards
from linksms_cli.sms.forward.due import Due, Settled, State
from tests.simulation.deciding import Budget
from tests.simulation.forwarding import Script
from tests.simulation.places import Place
from tests.simulation.receivers import ForwardFaults, Scene, SteppingForwards, explored

ONE = Scene(scripts=[Script("one")], stored=["m1", "m1", "m2"])
NARROW = Scene(scripts=[Script("one")], stored=["m1", "m2", "m2"], connections=1)
SHORT = Scene(scripts=[Script("one")], stored=["m1", "m1"], connections=1)
COMING = Scene(scripts=[Script("one")], stored=["m1"], coming=["m1", "m2"])
DOWN = Scene(scripts=[Script("dead", down=True), Script("one")], stored=["m1", "m1", "m2"])
REFUSING = Scene(scripts=[Script("one", answers={1: 410})], stored=["m1", "m1", "m2"])
TWO = Scene(scripts=[Script("one"), Script("two")], stored=["m1", "m1"])
THREE = replace(ONE, receivers=3)

CASES = [
    (ONE, Budget(1, 0, 0)),
    (ONE, Budget(0, 1, 0)),
    (ONE, Budget(0, 0, 1)),
    (ONE, Budget(0, 0, 0, signals=1)),
    (NARROW, Budget(0, 0, 0, stalls=1)),
    (SHORT, Budget(0, 0, 0, shifts=1)),
    (COMING, Budget(0, 0, 1)),
    (DOWN, Budget(0, 0, 0)),
    (DOWN, Budget(0, 1, 0)),
    (REFUSING, Budget(0, 1, 0)),
    (replace(SHORT, receivers=3), Budget(1, 0, 0)),
    (THREE, Budget(0, 1, 0)),
]
# Those that are too many to try them all, and how many are tried.
SAMPLES: list[tuple[Scene, Budget, int]] = []
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    CASES = [
        (ONE, Budget(1, 1, 0)),
        (ONE, Budget(0, 1, 1)),
        (ONE, Budget(0, 0, 1, stalls=1)),
        (ONE, Budget(0, 1, 0, signals=1)),
        (SHORT, Budget(0, 1, 0, shifts=1)),
        (SHORT, Budget(0, 0, 1, shifts=1)),
        (SHORT, Budget(0, 0, 0, stalls=1, shifts=1)),
        (NARROW, Budget(1, 0, 0, stalls=1)),
        (COMING, Budget(1, 0, 0)),
        (COMING, Budget(0, 1, 0)),
        (COMING, Budget(0, 0, 0, stalls=1)),
        (DOWN, Budget(1, 0, 0)),
        (DOWN, Budget(0, 0, 0, stalls=1)),
        (REFUSING, Budget(1, 0, 0)),
        (REFUSING, Budget(0, 1, 1)),
        (TWO, Budget(1, 0, 0)),
        (TWO, Budget(0, 1, 1)),
        (THREE, Budget(1, 1, 0)),
        (THREE, Budget(0, 0, 0, stalls=1)),
        (replace(COMING, receivers=3), Budget(1, 0, 0)),
    ]
    SAMPLES = [(THREE, Budget(0, 1, 1), 3000)]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("scene", "budget", "most"), [*((*case, None) for case in CASES), *SAMPLES]
)
def test_each_report_comes_to_each_target_in_order(
    place: Place, scene: Scene, budget: Budget, most: int | None
) -> None:
    done = explored(place, budget, scene, most=most)
    sys.stdout.write(f"{budget}: {done}\n")
    assert done.states > 1


def _change(patch: pytest.MonkeyPatch, name: str, old: str, new: str) -> None:
    """Change a statement."""
    statement = vars(forwards)[name]
    assert old in statement
    patch.setattr(forwards, name, statement.replace(old, new))


class NotedFirst(ForwardFaults):
    """Notes that a report was forwarded before it is."""

    class forwards(SteppingForwards):  # noqa: N801
        def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
            due = super().advance(settled, **asked)
            at = str(asked["now"])
            noted = [Settled(one.number, State.FORWARDED, at, status=200) for one in due]
            super().advance(noted, **{**asked, "limit": 0})
            return due


def leased(lease: timedelta) -> type[ForwardFaults]:
    class Leased(SteppingForwards):
        def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
            return super().advance(settled, **{**asked, "lease": lease})

    class Faults(ForwardFaults):
        forwards = Leased

    return Faults


class NotRenewed(ForwardFaults):
    """Lets a claim end while an answer is waited for."""

    class forwards(SteppingForwards):  # noqa: N801
        def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
            return super().advance(settled, **{**asked, "held": ()})


class Unmarked(ForwardFaults):
    """Gives each attempt an id of its own."""

    class forwards(SteppingForwards):  # noqa: N801
        def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
            return [
                one._replace(webhook_id=f"{one.webhook_id} {one.attempts}")
                for one in super().advance(settled, **asked)
            ]


class Unordered(ForwardFaults):
    """Claims what waits behind another report of its message."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        _change(patch, "_DUE", "due_at <=", "coalesce(due_at, '') <=")


class Blocking(ForwardFaults):
    """Lets what was set aside block what is behind it."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        settle = vars(SqlForwards)["_settle"]

        def blocking(self: SqlForwards, one: Settled, now: str) -> None:
            with pytest.MonkeyPatch.context() as inner:
                if one.state is State.SET_ASIDE:
                    inner.setattr(SqlForwards, "_promote", lambda *_asked: None)
                settle(self, one, now)

        patch.setattr(SqlForwards, "_settle", blocking)


class OneByOne(ForwardFaults):
    """Goes from target to target."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        def run_all(forwarders: Sequence[Forwarder], stop: Any) -> None:
            for one in forwarders:
                one.run(stop)

        patch.setattr(forwarder, "run_all", run_all)


class SettledByAnybody(ForwardFaults):
    """Lets one settle what is in the hands of another."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        _change(patch, "_SETTLE", "AND claimed_by = :owner", "")


Planted = tuple[type[ForwardFaults], Scene, Budget, str]
PLANTED: dict[str, Planted] = {
    "noted first": (NotedFirst, ONE, Budget(0, 1, 0), "never came"),
    "no lease": (leased(timedelta()), ONE, Budget(1, 0, 0), "two at the same time|came 2 times"),
    "a lease for ever": (
        leased(timedelta(days=1)),
        ONE,
        Budget(0, 1, 0),
        "never came|not settled",
    ),
    "not renewed": (NotRenewed, ONE, Budget(0, 0, 1), "two at the same time"),
    "unmarked": (Unmarked, ONE, Budget(0, 0, 1), "not marked"),
    "unordered": (Unordered, ONE, Budget(1, 0, 0), "2 before 1|two at the same time"),
    "set aside blocks": (Blocking, REFUSING, Budget(0, 0, 0), "2 never came"),
    "one by one": (OneByOne, DOWN, Budget(0, 0, 0), "never came|after"),
}
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    PLANTED["settled by anybody"] = (
        SettledByAnybody,
        SHORT,
        Budget(0, 0, 1, stalls=1),
        "1 after 2",
    )


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(place: Place, name: str) -> None:
    faults, scene, budget, found = PLANTED[name]
    with pytest.raises(AssertionError, match=found):
        explored(place, budget, scene, faults)


class TakenOverByAll(ForwardFaults):
    """Begins no new lease for what it takes over."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        kept = "due_at = CASE WHEN claimed_by IS NULL THEN :until ELSE due_at END"
        _change(patch, "_CLAIM", "due_at = :until", kept)


@pytest.mark.parametrize(
    ("receivers", "found"),
    [(2, nullcontext()), (3, pytest.raises(AssertionError, match="two at the same time"))],
)
def test_three_find_what_two_do_not(
    place: Place, receivers: int, found: AbstractContextManager[object]
) -> None:
    scene = Scene(scripts=[Script("one")], stored=["m1"], connections=1, receivers=receivers)
    with found:
        explored(place, Budget(0, 1, 1), scene, TakenOverByAll)
