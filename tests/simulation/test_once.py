"""Commands under one once-key, in every order, killed anywhere: nobody gets two messages.

The code of `send` is the real one, and so is SQLite; only the gateway is none.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from linksms_cli.actions.send.session import Session
from linksms_cli.actions.send.terms import Terms, ToAccount
from linksms_cli.adapters.signals import Interruption
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import measure
from tests.simulation.acting import (
    SETTINGS,
    SILENT,
    Actor,
    Crowded,
    SteppingGateway,
    SteppingOutbox,
    SteppingStore,
    Unlocked,
    together,
)
from tests.simulation.deciding import Budget
from tests.simulation.exploring import Explored
from tests.simulation.places import Place

BOTH = ("+99955501234", "+99955501235")
ORDER = Order(
    recipients=BOTH, draft=Draft(source="LINK", text="Hi"), figures=measure("Hi"), key="k"
)
TERMS = Terms(timeout=60, retries=0, dry_run=False, resend_unknown=False)


def send(actor: Actor, faults: type[SteppingOutbox], store_of: type[SteppingStore]) -> None:
    """Send the order, as the command does."""
    store: Any = store_of(actor, faults, waits=True)
    with ExitStack() as ends:
        session = Session(
            ToAccount(settings=SETTINGS, store=store),
            TERMS,
            SILENT,
            interrupted=Interruption(),
            ends=ends,
        )
        gateway: Any = SteppingGateway(actor)
        vars(vars(session)["_opening"])["gateway"] = gateway
        actor.step("open")
        actor.results.extend(session.send(ORDER))


def explored(
    place: Place,
    budget: Budget,
    *,
    faults: type[SteppingOutbox] = SteppingOutbox,
    store: type[SteppingStore] = SteppingStore,
    count: int = 2,
    most: int | None = None,
) -> Explored:
    """Let processes send the same order, and one more when they have ended."""

    def work(actor: Actor) -> None:
        send(actor, faults, store)

    return together(place, budget, work, count=count, most=most)


# How many send, and how many states there are at least.
CASES = [
    (2, Budget(switches=1, kills=1, losses=0), 466),
    (2, Budget(switches=1, kills=0, losses=1), 87),
    (3, Budget(switches=1, kills=0, losses=0), 198),
    (3, Budget(switches=0, kills=1, losses=0), 302),
]
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    CASES = [
        (2, Budget(switches=2, kills=1, losses=1), 1),
        (3, Budget(switches=1, kills=1, losses=0), 1),
        (3, Budget(switches=1, kills=0, losses=1), 1),
        (3, Budget(switches=2, kills=0, losses=0), 1),
    ]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("count", "budget", "states"), CASES)
def test_nobody_gets_two_and_nobody_is_forgotten(
    place: Place, count: int, budget: Budget, states: int
) -> None:
    done = explored(place, budget, count=count)
    sys.stdout.write(f"{count}, {budget}: {done}\n")
    assert done.states >= states


class Late(SteppingOutbox):
    """Stores an intent only with its outcome."""

    def begin(self, intents: Sequence[Any]) -> Any:
        self._late = intents
        return [0]

    def finish(self, results: Any) -> None:
        ((_, result),) = results
        self._actor.step("finish")
        (number,) = self._outbox.begin(self._late)
        self._outbox.finish([(number, result)])


class Forgetful(SteppingOutbox):
    """Takes an intent without an outcome for a message that was not sent."""

    def earlier(self, claim: int, slot: int) -> Any:
        earlier = super().earlier(claim, slot)
        return None if earlier and earlier.outcome is Outcome.UNKNOWN else earlier


@pytest.mark.parametrize(
    ("faults", "store", "budget"),
    [
        pytest.param(Late, SteppingStore, Budget(0, 1, 0), id="late intent"),
        pytest.param(Forgetful, SteppingStore, Budget(0, 1, 0), id="unknown is free"),
        pytest.param(Forgetful, SteppingStore, Budget(0, 0, 1), id="lost is free"),
        pytest.param(SteppingOutbox, Unlocked, Budget(1, 0, 0), id="no lock"),
    ],
)
def test_a_planted_fault_is_found(
    place: Place, faults: type[SteppingOutbox], store: type[SteppingStore], budget: Budget
) -> None:
    with pytest.raises(AssertionError, match="sent twice"):
        explored(place, budget, faults=faults, store=store)


def test_three_find_what_two_do_not(place: Place) -> None:
    explored(place, Budget(1, 0, 0), store=Crowded)
    with pytest.raises(AssertionError, match="sent twice"):
        explored(place, Budget(1, 0, 0), store=Crowded, count=3)
