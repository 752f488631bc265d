"""Two commands under one once-key, in every order, killed anywhere: nobody gets two messages.

The code of `send` is the real one, and so is SQLite; only the gateway is none.
"""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from linksms_cli.actions.send.session import Session
from linksms_cli.actions.send.terms import Observer, Terms, ToAccount
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import store_in
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.message import Draft, Message
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import measure
from tests.simulation.exploring import Budget, Explored, Process, Run, explore

if TYPE_CHECKING:
    from linksms_cli.sms.mt.result import Result

BOTH = ("+99955501234", "+99955501235")
SETTINGS = Settings(
    name=None,
    account=Account(base_url="http://127.0.0.1:9/", service_id=1, username="u", password="p"),
)
ORDER = Order(
    recipients=BOTH, draft=Draft(source="LINK", text="Hi"), figures=measure("Hi"), key="k"
)
TERMS = Terms(timeout=60, retries=0, dry_run=False, resend_unknown=False)
SILENT = Observer(*[lambda *_: None] * 4)
ACCEPTED = Answer(code=1005, description="Queued", message_id="id")


class World:
    """What is outside of the processes: the store's folder, and who got messages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: Counter[str] = Counter()


class Actor:
    """A process of the simulation, or the one that looks after all at the end: it never stops."""

    def __init__(self, world: World, run: Run, process: Process | None) -> None:
        self.world = world
        self.results: list[Result] = []
        self._run = run
        self._process = process

    def step(self, name: str, *, blocked: bool = False) -> None:
        if self._process is not None:
            self._process.step(name, blocked=blocked)

    def is_lost(self) -> bool:
        return self._process is not None and self._run.is_lost()

    def send(self, faults: "type[SteppingOutbox]", *, exclusive: bool) -> None:
        store: Any = SteppingStore(self, faults, exclusive=exclusive)
        with ExitStack() as ends:
            session = Session(
                ToAccount(settings=SETTINGS, store=store),
                TERMS,
                SILENT,
                interrupted=Interruption(),
                ends=ends,
            )
            gateway: Any = SteppingGateway(self)
            vars(session)["_gateway"] = gateway
            self.step("open")
            self.results.extend(session.send(ORDER))


class SteppingGateway:
    """Takes a message when a request arrives, and answers later, or never."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def submit(self, message: Message, **_limits: object) -> Exchange:
        self._actor.step("request")
        self._actor.world.taken[message.destination] += 1
        self._actor.step("answer")
        if self._actor.is_lost():
            return Exchange(sent=True, elapsed=0, fault=Fault.TIMEOUT)
        return Exchange(sent=True, elapsed=0, status=200, answer=ACCEPTED)


class SteppingOutbox:
    """The real outbox, each of whose transactions is a step."""

    def __init__(self, actor: Actor, outbox: Any) -> None:
        self._actor = actor
        self._outbox = outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    def claim(self, *asked: Any) -> Any:
        self._actor.step("claim")
        return self._outbox.claim(*asked)

    def earlier(self, claim: int, slot: int) -> Any:
        self._actor.step("earlier")
        return self._outbox.earlier(claim, slot)

    def begin(self, intents: Sequence[Any]) -> Any:
        self._actor.step("begin")
        return self._outbox.begin(intents)

    def finish(self, results: Any) -> None:
        self._actor.step("finish")
        self._outbox.finish(results)


class SteppingStore:
    """The real store, whose locks are steps too."""

    def __init__(self, actor: Actor, faults: type[SteppingOutbox], *, exclusive: bool) -> None:
        self._actor = actor
        self._store: Any = store_in(actor.world.folder)
        self._faults = faults
        self._exclusive = exclusive

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def outbox(self, *, read_only: bool) -> SteppingOutbox:
        return self._faults(self._actor, self._store.outbox(read_only=read_only))

    @contextmanager
    def hold(self, key: Any) -> Iterator[bool]:
        self._actor.step("hold")
        while True:
            with self._store.hold(key) as held:
                if held or not self._exclusive:
                    yield True
                    return
            # As long as it takes: the real one looks again and again.
            self._actor.step("wait", blocked=True)


@pytest.fixture
def base() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        store_in(Path(folder) / "base").outbox().close()
        yield Path(folder)


def explored(
    base: Path,
    budget: Budget,
    *,
    faults: type[SteppingOutbox] = SteppingOutbox,
    exclusive: bool = True,
) -> Explored:
    """Let two processes send the same order, and a third one when they have ended."""

    def begin(run: Run) -> Callable[[], None]:
        folder = base / "store"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base / "base", folder)
        world = World(folder)
        actors: list[Actor] = []

        def work(process: Process) -> None:
            actor = Actor(world, run, process)
            actors.append(actor)
            actor.send(faults, exclusive=exclusive)

        run.start("a", work)
        run.start("b", work)

        def check() -> None:
            last = Actor(world, run, None)
            last.send(faults, exclusive=exclusive)
            assert max(world.taken.values()) == 1, f"sent twice: {world.taken}"
            for actor in [*actors, last]:
                for result in actor.results:
                    if result.outcome in {Outcome.ACCEPTED, Outcome.SKIPPED}:
                        assert world.taken[result.to] == 1 or result.exit_code == 7, result
                    assert result.outcome is not Outcome.NOT_SENT, result
            for result in last.results:
                # Who got nothing stands among the unknown.
                assert world.taken[result.to] == 1 or result.exit_code == 7, result

        return check

    return explore(begin, budget)


def test_nobody_gets_two_and_nobody_is_forgotten(base: Path) -> None:
    """With two switches it takes a minute: 7,600 runs, and 754 states."""
    switches = int(os.environ.get("LINKSMS_TEST_SWITCHES", "1"))
    assert explored(base, Budget(switches=switches, kills=1, losses=1)).states >= 588


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
