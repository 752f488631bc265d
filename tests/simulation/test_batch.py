"""Batches in every order, killed and interrupted anywhere: each row goes out once, none is lost.

The code of `send --batch` is the real one, threads and all, and so is SQLite; only the gateway, the
clock and the choice of which thread runs next are simulated.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from linksms_cli.actions.send.batch.engine import Engine
from linksms_cli.actions.send.batch.events import RowResult
from linksms_cli.actions.send.batch.flights import Ended
from linksms_cli.actions.send.batch.ledger import Ledger
from linksms_cli.actions.send.turns import Turns
from linksms_cli.sms.mt.twin import Bar
from linksms_cli.sms.outcome import Outcome
from tests.simulation.acting import Crowded, SteppingOutbox, Unlocked
from tests.simulation.deciding import Budget
from tests.simulation.places import Place
from tests.simulation.senders import Faults, explored

ROWS = ("+99955501231", "+99955501232", "+99955501233")
ONE_FILE = (ROWS,)
SHARING = (ROWS[:2], ROWS[1:])
ALL_SHARING = (ROWS[:2], ROWS[1:], ROWS[::2])

TWO, THREE = (0, 0), (0, 0, 0)
CASES = [
    (TWO, Budget(switches=1, kills=0, losses=0)),
    (TWO, Budget(switches=0, kills=1, losses=0)),
    (TWO, Budget(switches=0, kills=0, losses=1)),
    (TWO, Budget(switches=0, kills=0, losses=0, signals=1)),
    (THREE, Budget(switches=1, kills=0, losses=0)),
    (THREE, Budget(switches=0, kills=1, losses=0)),
]
SHARED = [
    ((0, 1), Budget(switches=0, kills=1, losses=0)),
    ((0, 1), Budget(switches=1, kills=0, losses=0)),
    ((0, 1, 1), Budget(switches=0, kills=1, losses=0)),
]
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    CASES = [
        (TWO, Budget(switches=1, kills=1, losses=0)),
        (TWO, Budget(switches=0, kills=1, losses=1)),
        (TWO, Budget(switches=1, kills=0, losses=1)),
        (TWO, Budget(switches=0, kills=0, losses=0, signals=2)),
        (TWO, Budget(switches=0, kills=1, losses=0, signals=1)),
        (THREE, Budget(switches=1, kills=1, losses=0)),
        (THREE, Budget(switches=0, kills=1, losses=1)),
    ]
    SHARED = [
        ((0, 1), Budget(switches=1, kills=1, losses=0)),
        ((0, 1), Budget(switches=1, kills=0, losses=1)),
        ((0, 1, 1), Budget(switches=1, kills=0, losses=0)),
        ((0, 1, 1), Budget(switches=0, kills=1, losses=1)),
        ((0, 1, 2), Budget(switches=1, kills=0, losses=0)),
    ]


class Late(SteppingOutbox):
    """Stores an intent only with its outcome."""

    def __init__(self, *opened: Any) -> None:
        super().__init__(*opened)
        self._late: list[Any] = []

    def advance(self, results: Iterable[Any], intents: Sequence[Any]) -> Any:
        self._actor.step("advance")
        for place, result in results:
            (number,) = self._outbox.begin([self._late[place]])
            self._outbox.finish([(number, result)])
        self._late += intents
        return range(len(self._late) - len(intents), len(self._late))


class LateIntents(Faults):
    outbox = Late


class NoLock(Faults):
    store = Unlocked


class Forgetful(SteppingOutbox):
    """Takes an intent without an outcome for a row that was not sent."""

    def rows_after(self, *asked: Any) -> Any:
        rows = super().rows_after(*asked)
        return [row for row in rows if row.submission.outcome is not Outcome.UNKNOWN]


class UnknownIsFree(Faults):
    outbox = Forgetful


class Hasty(SteppingOutbox):
    """Asks for rows of other batches when it plans, and not when it stores an intent."""

    def advance(self, results: Iterable[Any], intents: Sequence[Any]) -> Any:
        unbarred = [one._replace(twin=one.twin._replace(bar=Bar.NONE)) for one in intents]
        return super().advance(results, unbarred)


class TwinsAskedOnce(Faults):
    outbox = Hasty


class Lonely(Hasty):
    """Knows nothing of other batches."""

    def twins(self, wanted: Sequence[Any], *, besides: int) -> list[None]:  # noqa: ARG002 - the face's
        return [None] * len(wanted)


class NoTwins(Faults):
    outbox = Lonely


class FinishedEarly(Faults):
    """Says that a batch is finished when its run ends."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Ledger, "is_settled", True)


class NoRoom(Faults):
    """Takes as many rows as there are."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Engine, "_room", lambda _self: 99)


class ToldEarly(Faults):
    """Tells an outcome before it is stored."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        def note(self: Engine, ended: Ended) -> None:
            self._told.append(RowResult(ended.record, ended.result))
            self._writing.end(ended)

        patch.setattr(Engine, "_note", note)


class BlindRetry(Faults):
    """Tries again whatever the first attempt came to."""

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Turns, "pause", lambda *asked: 0.1 if asked[-1] < 2 else None)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("senders", "budget"), CASES)
def test_each_row_goes_out_once_and_none_is_lost(
    place: Place, senders: Sequence[int], budget: Budget
) -> None:
    done = explored(place, budget, ONE_FILE, senders)
    sys.stdout.write(f"{senders}, {budget}: {done}\n")
    assert done.states > 1


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("senders", "budget"), SHARED)
def test_a_row_that_batches_share_goes_out_once(
    place: Place, senders: Sequence[int], budget: Budget
) -> None:
    done = explored(place, budget, (SHARING, ALL_SHARING)[max(senders) - 1], senders)
    sys.stdout.write(f"{senders}, {budget}: {done}\n")
    assert done.states > 1


@pytest.mark.parametrize(
    ("faults", "budget", "files", "found"),
    [
        pytest.param(LateIntents, Budget(0, 1, 0), ONE_FILE, "sent twice", id="late intents"),
        pytest.param(NoLock, Budget(1, 0, 0), ONE_FILE, "sent twice", id="no lock"),
        pytest.param(UnknownIsFree, Budget(0, 1, 0), ONE_FILE, "sent twice", id="unknown is free"),
        pytest.param(BlindRetry, Budget(0, 0, 1), ONE_FILE, "sent twice", id="blind retry"),
        pytest.param(NoTwins, Budget(0, 0, 0), SHARING, "sent twice", id="twin not asked"),
        pytest.param(TwinsAskedOnce, Budget(1, 0, 0), SHARING, "sent twice", id="twin asked once"),
        pytest.param(
            FinishedEarly, Budget(0, 0, 0, signals=1), ONE_FILE, "was not sent", id="rows left"
        ),
        pytest.param(NoRoom, Budget(0, 1, 0), ONE_FILE, "too many are unknown", id="no room"),
        pytest.param(ToldEarly, Budget(0, 0, 0), ONE_FILE, "before it is stored", id="told early"),
    ],
)
def test_a_planted_fault_is_found(
    place: Place, faults: type[Faults], budget: Budget, files: Sequence[Sequence[str]], found: str
) -> None:
    senders = (0, len(files) - 1)
    with pytest.raises(AssertionError, match=found):
        explored(place, budget, files, senders, faults)


class OneIsKeptOut(Faults):
    store = Crowded


def test_three_find_what_two_do_not(place: Place) -> None:
    explored(place, Budget(1, 0, 0), ONE_FILE, TWO, OneIsKeptOut)
    with pytest.raises(AssertionError, match="sent twice"):
        explored(place, Budget(1, 0, 0), ONE_FILE, THREE, OneIsKeptOut)
