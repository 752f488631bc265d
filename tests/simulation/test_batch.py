"""Two commands with one batch, in every order, killed anywhere: no row goes out twice."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.actions.send.batch.engine import RowResult
from linksms_cli.actions.send.batch.file import opened_file
from linksms_cli.actions.send.batch.run import Batch, BatchTerms
from linksms_cli.actions.send.session import Opened
from linksms_cli.actions.send.terms import Terms
from linksms_cli.errors import BatchBusyError, BatchRefusedError
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.batch.template import parse
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

TERMS = Terms(timeout=60, retries=0, dry_run=False, resend_unknown=False, concurrency=2)
BATCH_TERMS = BatchTerms(
    template="Hi",
    confirmed=None,
    rate=None,
    max_failures=None,
    again=False,
    allow_duplicates=False,
)
DEFAULTS = RowDefaults(columns={}, template=parse("Hi"), source="LINK")


def send(actor: Actor, file: Path, faults: type[SteppingOutbox], *, exclusive: bool) -> None:
    """Send the batch, as the command does."""
    store: Any = SteppingStore(actor, faults, exclusive=exclusive, patient=False)
    gateway: Any = SteppingGateway(actor)
    actor.step("open")
    with opened_file(str(file), None, by_option={}, delimiter=None) as opened:
        outbox = store.outbox(read_only=False)
        try:
            batch = Batch(
                opened,
                DEFAULTS,
                opened=Opened(SETTINGS, gateway, store, outbox, lambda: 0),
                terms=TERMS,
                batch_terms=BATCH_TERMS,
                observer=SILENT,
                rejects=None,
            )
            for event in batch.run():
                if isinstance(event, RowResult):
                    actor.results.append(event.result)
        except (BatchBusyError, BatchRefusedError):
            return  # the other one sends it, or has finished it
        finally:
            outbox.close()


def explored(
    base: Path,
    budget: Budget,
    *,
    faults: type[SteppingOutbox] = SteppingOutbox,
    exclusive: bool = True,
) -> Explored:
    """Let two processes send the same three rows, and a third one when they have ended."""
    file = base / "numbers.txt"
    file.write_text("+99955501234\n+99955501235\n+99955501236\n", encoding="utf-8")
    return two(base, budget, lambda actor: send(actor, file, faults, exclusive=exclusive))


def test_no_row_goes_out_twice_and_none_is_forgotten(base: Path) -> None:
    switches = int(os.environ.get("LINKSMS_TEST_SWITCHES", "1"))
    found = explored(base, Budget(switches=switches, kills=1, losses=1))
    assert found.states >= 0, found


class Late(SteppingOutbox):
    """Stores intents only with the next commit."""

    def advance(self, results: Any, intents: Sequence[Any]) -> Any:
        self._actor.step("advance")
        late = vars(self).setdefault("late", [])
        if late:
            numbers = self._outbox.begin(late)
            results = [(numbers[number - 1], result) for number, result in results]
        vars(self)["late"] = list(intents)
        self._outbox.finish(results)
        return range(1, len(intents) + 1)


@pytest.mark.parametrize(
    ("faults", "exclusive", "budget"),
    [
        pytest.param(Late, True, Budget(switches=0, kills=1, losses=0), id="late intent"),
        pytest.param(SteppingOutbox, False, Budget(switches=1, kills=0, losses=0), id="no lock"),
    ],
)
def test_a_planted_fault_is_found(
    base: Path, faults: type[SteppingOutbox], *, exclusive: bool, budget: Budget
) -> None:
    with pytest.raises(AssertionError, match="sent twice"):
        explored(base, budget, faults=faults, exclusive=exclusive)
