"""Two commands under one once-key, in every order, killed anywhere: nobody gets two messages.

The code of `send` is the real one, and so is SQLite; only the gateway is none.
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
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
    SteppingGateway,
    SteppingOutbox,
    SteppingStore,
    two,
)
from tests.simulation.exploring import Budget, Explored

BOTH = ("+99955501234", "+99955501235")
ORDER = Order(
    recipients=BOTH, draft=Draft(source="LINK", text="Hi"), figures=measure("Hi"), key="k"
)
TERMS = Terms(timeout=60, retries=0, dry_run=False, resend_unknown=False)


def send(actor: Actor, faults: type[SteppingOutbox], *, exclusive: bool) -> None:
    """Send the order, as the command does."""
    store: Any = SteppingStore(actor, faults, exclusive=exclusive)
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
    base: Path,
    budget: Budget,
    *,
    faults: type[SteppingOutbox] = SteppingOutbox,
    exclusive: bool = True,
) -> Explored:
    """Let two processes send the same order, and a third one when they have ended."""
    return two(base, budget, lambda actor: send(actor, faults, exclusive=exclusive))


BUDGETS = [Budget(switches=1, kills=1, losses=0), Budget(switches=1, kills=0, losses=1)]
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    BUDGETS = [Budget(switches=2, kills=1, losses=1)]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("budget", BUDGETS)
def test_nobody_gets_two_and_nobody_is_forgotten(base: Path, budget: Budget) -> None:
    """With two switches and a lost answer as well it is 7,600 runs, and takes a minute."""
    assert explored(base, budget).states >= 114


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
    ("faults", "exclusive", "budget"),
    [
        pytest.param(Late, True, Budget(switches=0, kills=1, losses=0), id="late intent"),
        pytest.param(Forgetful, True, Budget(switches=0, kills=1, losses=0), id="unknown is free"),
        pytest.param(Forgetful, True, Budget(switches=0, kills=0, losses=1), id="lost is free"),
        pytest.param(SteppingOutbox, False, Budget(switches=1, kills=0, losses=0), id="no lock"),
    ],
)
def test_a_planted_fault_is_found(
    base: Path, faults: type[SteppingOutbox], *, exclusive: bool, budget: Budget
) -> None:
    with pytest.raises(AssertionError, match="sent twice"):
        explored(base, budget, faults=faults, exclusive=exclusive)
