"""The world of simulated forwarders: reports that are stored, and targets that get them."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from linksms_cli.actions.listen import forward_events, forwarder, pace
from linksms_cli.actions.listen.forwarder import Forwarder, ForwardTerms
from linksms_cli.adapters.store import Store, store_in
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback, ReceivedReport
from linksms_cli.sms.forward.due import Attempted, Due
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.timestamp import rfc3339
from tests.reporting import report
from tests.simulation.acting import World
from tests.simulation.clockwork import Event, Moment, monotonic, simulate
from tests.simulation.exploring import Budget, Explored, Process, Run, current, explore

LEASE = timedelta(seconds=1)
TERMS = ForwardTerms(patience=timedelta(days=1), verbose=False, lease=LEASE)
# Seconds for which a slow answer is waited for: a claim has to be renewed meanwhile.
_SLOW = 3.0
# Seconds until everything has been forwarded whatever went wrong, and if nothing did.
_HORIZON = 60.0
PROMPT = 1.0


def target(name: str) -> Target:
    return Target(url=f"http://{name}/", form=ForwardAs.EVENT, name=name)


class Script:
    """What a target answers: `answers` by the number of the report, else 200; nothing if `down`."""

    def __init__(
        self, name: str, *, answers: Mapping[int, int] | None = None, down: bool = False
    ) -> None:
        self.target = target(name)
        self.answers = answers or {}
        self.down = down


class Asked:
    """When a request was asked for, right after its claim was looked at."""

    def __init__(self) -> None:
        self._run = current().process.run
        self._at = self._run.clock
        self.shifted = self._run.shifted

    @property
    def claim_may_last(self) -> bool:
        """Whether its claim can have lasted until now."""
        took = self._run.clock - self._at
        return max(took, took + self._run.shifted - self.shifted) < LEASE.total_seconds()


@dataclass(slots=True, kw_only=True, eq=False)
class Post:
    """A request that has arrived at a target."""

    number: int
    lane: str
    webhook_id: str
    process: Process
    at: float
    asked: Asked
    status: int | None = None
    ended: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether its process still waits for the answer, and its claim has not ended since."""
        gone = self.ended or self.process.crashed or self.process.stalled
        return not gone and self.process.run.shifted <= self.asked.shifted


class ForwardWorld(World):
    """What has come to each target."""

    def __init__(self, base: Path, scripts: Sequence[Script]) -> None:
        super().__init__(base)
        self.scripts = scripts
        self.posts: dict[str, list[Post]] = defaultdict(list)
        self._store = sqlite3.connect(self.folder / "linksms.db", check_same_thread=False)
        # How many reports are stored, who stores more, and how many have been settled.
        self.stored = 0
        self.gate: Process | None = None
        self._settled = 0

    def arrive(self, script: Script, due: Due, process: Process, asked: Asked) -> Post:
        """Note a request that was `asked` for at a moment, and check that it may come now."""
        assert isinstance(due.told, ReceivedReport)
        post = Post(
            number=due.number,
            lane=due.told.report.message_id,
            webhook_id=due.webhook_id,
            process=process,
            at=monotonic(),
            asked=asked,
        )
        earlier = self.posts[script.target.name]
        for one in earlier:
            same = one.number == post.number
            assert same == (one.webhook_id == post.webhook_id), "a repeat that is not marked"
            if one.lane == post.lane:
                assert not one.is_under_way, "two at the same time"
                # It may have been stopped on its way, for longer than its claim lasts.
                late = one.number > post.number and asked.claim_may_last
                assert not late, f"{post.number} after {one.number}"
        before = {one.number for one in earlier if one.status is not None}
        for number in self.lane(post.lane):
            assert number >= post.number or number in before, f"{post.number} before {number}"
        earlier.append(post)
        return post

    def lane(self, message_id: str) -> list[int]:
        """Return the numbers of the reports of a message."""
        query = "SELECT id FROM callback WHERE message_id = ? ORDER BY id"
        return [number for (number,) in self._store.execute(query, (message_id,))]

    @property
    def is_over(self) -> bool:
        """Whether no more comes, and everything has been forwarded that can be."""
        coming = self.gate is not None and not self.gate.ended
        return not coming and self._settled == self.stored * len(self._living)

    def look(self) -> None:
        """Find out what has been settled, as the store knows it."""
        query = """
            SELECT count(*) FROM forward JOIN forward_target ON id = target
            WHERE state <> 'waiting' AND name IN (SELECT value FROM json_each(?))
        """
        (self._settled,) = self._store.execute(query, (json.dumps(self._living),)).fetchone()

    @property
    def _living(self) -> list[str]:
        return [one.target.name for one in self.scripts if not one.down]

    def check(self, *, disturbed: bool) -> None:
        """Check that each living target has got everything, and in time if nothing went wrong."""
        for script in self.scripts:
            posts = self.posts[script.target.name]
            if script.down:
                continue
            for number in range(1, self.stored + 1):
                came = [one for one in posts if one.number == number]
                assert came, f"{number} never came to {script.target.name}"
                if not disturbed:
                    assert len(came) == 1, f"{number} came {len(came)} times"
                    assert came[0].at < PROMPT, f"{number} came after {came[0].at} s"
        assert self.is_over, "something is not settled"
        self._store.close()


class Stopping(Event):
    """Is set once all is forwarded, or the process is signalled."""

    def __init__(self, world: ForwardWorld, process: Process) -> None:
        super().__init__()
        self._world = world
        self._process = process

    def is_set(self) -> bool:
        if self._world.is_over or self._process.signals or self._process.run.clock > _HORIZON:
            self.set()
        return super().is_set()


class SteppingForwards:
    """The real side of who forwards, each of whose transactions is a step."""

    def __init__(self, world: ForwardWorld, process: Process, forwards: Any) -> None:
        self._world = world
        self._process = process
        self._forwards = forwards

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forwards, name)

    def advance(self, settled: Sequence[Any], **asked: Any) -> list[Due]:
        self._process.step("advance")
        due: list[Due] = self._forwards.advance(settled, **asked)
        if settled:
            self._world.look()
        return due

    def next_due(self) -> str | None:
        self._process.step("next due")
        due: str | None = self._forwards.next_due()
        return due


class ForwardFaults:
    """What is planted: nothing."""

    forwards: ClassVar[type[SteppingForwards]] = SteppingForwards

    @staticmethod
    def plant(patch: pytest.MonkeyPatch) -> None:
        """Change the code."""


class Receiver:
    """A process that forwards to every target."""

    def __init__(self, world: ForwardWorld, process: Process, faults: type[ForwardFaults]) -> None:
        self._world = world
        self._process = process
        self._faults = faults
        self._store: Store = store_in(world.folder)
        self._cut: set[str] = set()

    def forwards(self, target: Target, owner: str) -> SteppingForwards:
        self._process.step("open")
        return self._faults.forwards(
            self._world, self._process, self._store.forwards(target, owner)
        )

    def run(self) -> None:
        store: Any = self
        forwarder.run_all(
            [
                Forwarder(
                    store,
                    script.target,
                    owner=self._process.name,
                    post=self._posts(script),
                    cut=lambda name=script.target.name: self._cut.add(name),  # type: ignore[misc]
                    tell=lambda _event: None,
                    terms=TERMS,
                )
                for script in self._world.scripts
            ],
            Stopping(self._world, self._process),  # type: ignore[arg-type]
        )

    def _posts(self, script: Script) -> Callable[[Due], Attempted]:
        """Return what posts to a target: its answer may be lost, or come late."""

        def is_cut() -> bool:
            return script.target.name in self._cut

        def post(due: Due) -> Attempted:
            asked = Asked()
            self._process.step("post")
            if is_cut():
                return Attempted(None, None)
            if script.down:
                return Attempted(None, "connection refused")
            came = self._world.arrive(script, due, self._process, asked)
            fate = self._process.run.fate(3)
            if fate == 1:
                current().stop("slow", until=monotonic() + _SLOW, ready=is_cut)
            self._process.step("answer")
            came.ended = True
            if is_cut():
                return Attempted(None, None)
            if fate == 2:
                return Attempted(None, "no answer in time")
            came.status = script.answers.get(due.number, 200)
            return Attempted(came.status, None)

        return post


def prepared(base: Path, scripts: Sequence[Script], messages: Sequence[str]) -> None:
    """Have a store know the targets, and then a report of each of these messages."""
    store = store_in(base / "base")
    for script in scripts:
        store.forwards(script.target, "").close()
    receive(base / "base", messages, datetime(2026, 11, 27, 11, tzinfo=UTC))


def receive(folder: Path, messages: Sequence[str], now: datetime) -> None:
    """Store a report of each of these messages, as a receiver does."""
    batch = []
    for place, message_id in enumerate(messages):
        body = report(id=message_id, operatorResultCode=str(place))
        contents = read_callback(body=body, query="", content_type=None)
        batch.append(
            Callback(
                received_at=rfc3339(now),
                remote="127.0.0.1",
                method="POST",
                query="",
                headers=(),
                body=body,
                contents=contents,
            )
        )
    with closing(Writer(folder)) as writer:
        writer.begin()
        writer.write(batch)
        writer.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Targets, the messages of reports that are stored, and of one that comes meanwhile."""

    scripts: Sequence[Script]
    stored: Sequence[str]
    coming: Sequence[str] = ()
    receivers: int = 2
    connections: int = 2


def explored(
    base: Path, budget: Budget, scene: Scene, faults: type[ForwardFaults] = ForwardFaults
) -> Explored:
    """Let receivers forward what a store holds, and one more what they leave.

    Raises AssertionError if a target does not get everything, or not in order, or twice at once.
    """

    def begin(run: Run) -> Callable[[], None]:
        world = ForwardWorld(base, scene.scripts)
        world.stored = len(scene.stored)

        def forward(process: Process) -> None:
            Receiver(world, process, faults).run()

        def store(process: Process) -> None:
            for message_id in scene.coming:
                process.step("store")
                receive(world.folder, [message_id], Moment.now(UTC))
                world.stored += 1

        for name in "abc"[: scene.receivers]:
            run.start(name, forward)
        if scene.coming:
            world.gate = run.start("gate", store)

        def check() -> None:
            disturbed = budget._replace(switches=0) != Budget(0, 0, 0)
            run.calm()
            if not world.is_over:
                run.start("last", forward)
                for _ in run.finish():
                    pass
            world.check(disturbed=disturbed)

        return check

    prepared(base, scene.scripts, scene.stored)
    with pytest.MonkeyPatch.context() as patch:
        simulate(patch, forwarder, pace, forward_events)
        patch.setattr(forwarder, "CONNECTIONS", scene.connections)
        faults.plant(patch)
        return explore(begin, budget)
