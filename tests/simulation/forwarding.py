"""The world of simulated forwarders: reports that are stored, and targets that get them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from linksms_cli.sms.dlr.receiving import ReceivedReport
from linksms_cli.sms.forward.due import Due
from linksms_cli.sms.forward.target import ForwardAs, Target
from tests.simulation.acting import World
from tests.simulation.clockwork import monotonic
from tests.simulation.places import Place
from tests.simulation.processes import Process, current

LEASE = timedelta(seconds=1)
# Seconds until everything has been forwarded if nothing went wrong.
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

    def __init__(self, place: Place, scripts: Sequence[Script]) -> None:
        super().__init__(place)
        self.scripts = scripts
        self.posts: dict[str, list[Post]] = defaultdict(list)
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
        return [number for (number,) in self.place.ask(query, message_id)]

    @property
    def is_over(self) -> bool:
        """Whether no more comes, and everything has been forwarded that can be."""
        coming = self.gate is not None and not self.gate.ended
        return not coming and self._settled == self.stored * len(self._living)

    def look(self) -> None:
        """Find out what has been settled, as the store knows it."""
        query = """
            SELECT name, count(*) FROM forward JOIN forward_target ON id = target
            WHERE state <> 'waiting' GROUP BY name
        """
        settled = dict(self.place.ask(query))
        self._settled = sum(settled.get(name, 0) for name in self._living)

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
