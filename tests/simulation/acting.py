"""The world of a simulation: a gateway that is none, and a real store whose every step is seen."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from linksms_cli.actions.send.terms import Observer
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.outcome import Outcome
from tests.simulation.deciding import Budget
from tests.simulation.exploring import Explored, explore
from tests.simulation.places import Place
from tests.simulation.processes import Process, current
from tests.simulation.running import Run

if TYPE_CHECKING:
    from linksms_cli.sms.mt.result import Result

SETTINGS = Settings(
    name=None,
    account=Account(base_url="http://127.0.0.1:9/", service_id=1, username="u", password="p"),
)
SILENT = Observer(*[lambda *_: None] * 4)
ACCEPTED = Answer(code=1005, description="Queued", message_id="id")


class World:
    """What is outside of the processes: where the store is, and who got messages."""

    def __init__(self, place: Place) -> None:
        self.place = place
        place.renew()
        self.taken: Counter[str] = Counter()


class Stepper:
    """A process that uses a store step by step."""

    def __init__(self, world: World, process: Process) -> None:
        self.world = world
        self.process = process

    def step(self, name: str) -> None:
        """Stop before a step."""
        self.process.step(name)

    def wait(self) -> None:
        """Stop until somebody has let go of something."""
        self.process.wait()

    def let_go(self) -> None:
        """Have those who wait try again."""
        self.process.run.releases += 1


class Actor(Stepper):
    """A process that sends, and what it was told."""

    def __init__(self, world: World, process: Process) -> None:
        super().__init__(world, process)
        self.results: list[Result] = []

    def is_lost(self) -> bool:
        return self.process.run.is_lost()

    def check(self, *, last: bool) -> None:
        """Check that what was said of each recipient is so; the last one misses nobody."""
        for result in self.results:
            got = self.world.taken[result.to]
            assert got <= 1, f"sent twice: {self.world.taken}"
            if result.outcome in {Outcome.ACCEPTED, Outcome.SKIPPED} and result.exit_code != 7:
                assert got == 1, result
            if result.outcome is Outcome.NOT_SENT:
                assert got == 0, result
            if last:  # who got nothing stands among the unknown
                assert got == 1 or result.exit_code == 7, result


class SteppingGateway:
    """Takes a message when a request arrives, and answers later, or never."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    def submit(self, message: Message, **_limits: object) -> Exchange:
        self._actor.step("request")
        self._actor.world.taken[message.destination] += 1
        self._actor.step("answer")
        return self._answer()

    def _answer(self) -> Exchange:
        if self._actor.is_lost():
            return Exchange(sent=True, elapsed=0, fault=Fault.TIMEOUT)
        return Exchange(sent=True, elapsed=0, status=200, answer=ACCEPTED)


class SteppingOutbox:
    """The real outbox, each of whose transactions is a step."""

    def __init__(self, actor: Stepper, outbox: Any) -> None:
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

    def batch(self, *asked: Any) -> Any:
        self._actor.step("batch")
        return self._outbox.batch(*asked)

    def begin_batch(self, *asked: Any, **how: Any) -> Any:
        self._actor.step("begin batch")
        return self._outbox.begin_batch(*asked, **how)

    def rows_after(self, *asked: Any) -> Any:
        self._actor.step("rows")
        return self._outbox.rows_after(*asked)

    def twins(self, *asked: Any, **how: Any) -> Any:
        self._actor.step("twins")
        return self._outbox.twins(*asked, **how)

    def advance(self, results: Iterable[Any], intents: Sequence[Any]) -> Any:
        self._actor.step("advance")
        return self._outbox.advance(results, intents)

    def finish_batch(self, *asked: Any) -> None:
        self._actor.step("finish batch")
        self._outbox.finish_batch(*asked)


class SteppingStore:
    """The real store, whose locks are steps too; whoever `waits` gets them once they are free."""

    def __init__(self, actor: Stepper, faults: type[SteppingOutbox], *, waits: bool) -> None:
        self._actor = actor
        self._store: Any = actor.world.place.store()
        self._faults = faults
        self._waits = waits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def outbox(self, *, read_only: bool) -> SteppingOutbox:
        return self._faults(self._actor, self._store.outbox(read_only=read_only))

    @contextmanager
    def hold(self, key: Any) -> Iterator[bool]:
        self._actor.step("hold")
        while True:
            with self._store.hold(key) as held:
                admitted = self.admits(held=held)
                if admitted or not self._waits:
                    yield admitted
                    break
            # As long as it takes: the real one looks again and again.
            self._actor.wait()
        if admitted:
            self._actor.let_go()

    def admits(self, *, held: bool) -> bool:
        """Return whether somebody is let in, who holds the lock or not."""
        return held


class Unlocked(SteppingStore):
    """Lets everybody in."""

    def admits(self, *, held: bool) -> bool:  # noqa: ARG002 - of the face
        return True


class Crowded(SteppingStore):
    """Keeps only one out at a time."""

    def admits(self, *, held: bool) -> bool:
        out: set[str] = vars(self._actor.world).setdefault("out", set())
        if held or out - {current().process.name}:
            return True
        out.add(current().process.name)
        return False


def together(
    place: Place, budget: Budget, work: Callable[[Actor], None], *, count: int, most: int | None
) -> Explored:
    """Let so many processes do the same work, and one more when they have ended.

    Raises AssertionError if anybody gets two messages, or is told what is not so.
    """

    def begin(run: Run) -> Callable[[], None]:
        world = World(place)
        actors: list[Actor] = []

        def begin_work(process: Process) -> None:
            actors.append(Actor(world, process))
            work(actors[-1])

        for name in "abc"[:count]:
            run.start(name, begin_work, role="sender")

        def check() -> None:
            run.calm()
            run.start("last", begin_work)
            for _ in run.finish():
                pass
            for actor in actors:
                actor.check(last=actor is actors[-1])

        return check

    with pytest.MonkeyPatch.context() as patch:
        place.simulate(patch)
        return explore(begin, budget, most=most, exact=place.is_exact)
