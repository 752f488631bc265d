"""The same on a PostgreSQL server, whose transactions overlap and whose locks block.

Each statement is a step here. A run takes ten times as long as on SQLite, so of most explorations
a number of runs is taken, from all over.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.outbox import PostgresOutbox
from linksms_cli.adapters.store.sql.outbox import SqlOutbox
from tests.simulation.acting import Unlocked
from tests.simulation.deciding import Budget
from tests.simulation.exploring import Explored
from tests.simulation.receivers import explored as forwarders
from tests.simulation.senders import explored as batches
from tests.simulation.serving import ServerPlace
from tests.simulation.test_batch import ONE_FILE, ROWS, SHARING, TwinsAskedOnce
from tests.simulation.test_forward import COMING, SHORT, NotedFirst
from tests.simulation.test_once import Forgetful
from tests.simulation.test_once import explored as keys

Exploration = Callable[..., Explored]

SWITCH, KILL, BOTH = Budget(1, 0, 0), Budget(0, 1, 0), Budget(1, 1, 0)
ONCE: Exploration = partial(keys, count=2)
THREE_ONCE: Exploration = partial(keys, count=3)
BATCH: Exploration = partial(batches, files=ONE_FILE, senders=(0, 0))
TWINS: Exploration = partial(batches, files=SHARING, senders=(0, 1))
FEW_TWINS: Exploration = partial(batches, files=(ROWS[:1], ROWS[:2]), senders=(0, 1))
FORWARD: Exploration = partial(forwarders, scene=SHORT)
ENLISTED: Exploration = partial(forwarders, scene=replace(SHORT, stored=["m1"], enlisted=True))
THREE_FORWARD: Exploration = partial(forwarders, scene=replace(SHORT, receivers=3))
RECEIVE: Exploration = partial(forwarders, scene=COMING)

CASES: list[tuple[Exploration, Budget, int | None]] = [
    (ONCE, BOTH, 4),
    (TWINS, BOTH, 4),
    (FORWARD, BOTH, 4),
]
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    CASES = [
        (ONCE, SWITCH, None),
        (ONCE, KILL, None),
        (ONCE, BOTH, 500),
        (THREE_ONCE, SWITCH, None),
        (THREE_ONCE, BOTH, 300),
        (BATCH, SWITCH, None),
        (BATCH, KILL, None),
        (TWINS, SWITCH, None),
        (TWINS, BOTH, 500),
        (FORWARD, SWITCH, None),
        (FORWARD, KILL, None),
        (FORWARD, BOTH, 500),
        (THREE_FORWARD, BOTH, 300),
        (RECEIVE, SWITCH, 300),
    ]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("exploration", "budget", "most"), CASES)
def test_what_holds_on_sqlite_holds_on_a_server(
    server_place: ServerPlace, exploration: Exploration, budget: Budget, most: int | None
) -> None:
    done = exploration(server_place, budget, most=most)
    sys.stdout.write(f"{budget}: {done}\n")
    assert done.states > 1
    assert done.strayed <= done.runs // 10


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Let who has lost a key store intents."""
    patch.setattr(PostgresOutbox, "_pass", lambda *_asked: None)


def no_lock_of_twins(patch: pytest.MonkeyPatch) -> None:
    """Look for twins and let others store more of them."""
    patch.setattr(PostgresOutbox, "_twins", SqlOutbox._twins)  # noqa: SLF001 - what is planted


def no_skipping(patch: pytest.MonkeyPatch) -> None:
    """Claim what somebody else is claiming."""
    patch.setattr(PostgresConnection, "if_free", "")


def nothing(_patch: pytest.MonkeyPatch) -> None:
    """Leave it as it is."""


Planted = tuple[Callable[[pytest.MonkeyPatch], None], Exploration, Budget, str]
PLANTED: dict[str, Planted] = {
    "no fence": (no_fence, partial(ONCE, store=Unlocked), SWITCH, "sent twice"),
    "no lock of twins": (no_lock_of_twins, FEW_TWINS, SWITCH, "sent twice"),
    "no skipping": (no_skipping, ENLISTED, SWITCH, "two at the same time|2 times"),
}
if os.environ.get("LINKSMS_TEST_EVERY_ORDER"):
    PLANTED |= {
        "unknown is free": (nothing, partial(ONCE, faults=Forgetful), KILL, "sent twice"),
        "asked once": (nothing, partial(TWINS, faults=TwinsAskedOnce), SWITCH, "sent twice"),
        "noted first": (nothing, partial(FORWARD, faults=NotedFirst), KILL, "never came"),
    }


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(
    server_place: ServerPlace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant, exploration, budget, found = PLANTED[name]
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=found):
        exploration(server_place, budget)
