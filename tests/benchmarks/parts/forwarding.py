"""What `--forward-to` holds while all is killed, and what it costs."""

import json
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.figures import Figure, Result, ratios
from tests.benchmarks.receivers import Server, Start, listen
from tests.benchmarks.turns import ENVIRONMENT, Run
from tests.restarted import Came, RestartedServer, RestartedTarget

RIVALS = ("wrk",)
ROUNDS = 3

_REPORTS, _KILLS, _SECONDS = 200_000, 100, 5
_CLIENTS, _STEPS = 8, (1005, 1006, 1007, 1001)


@dataclass(kw_only=True)
class _Load:
    """Reports that are posted: how many, which were answered 200, and up to where they may go."""

    total: int
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    allowed: float = 0

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1."""
        return len(self.acknowledged) / self.total

    def reach(self, progress: float) -> None:
        """Wait until so much is done."""
        while self.progress < progress:
            time.sleep(0.005)


def _post(receiver: RestartedServer, client: int, messages: int, load: _Load) -> None:
    """Post the reports of messages, each until it is answered 200."""
    connection = HTTPConnection("127.0.0.1", receiver.port, timeout=10)
    for number in range(messages):
        for code in _STEPS:
            identity = f"c{client}-{number}"
            body = json.dumps({"id": identity, "resultCode": code, "operator": "no.telenor"})
            while load.progress > load.allowed:
                time.sleep(0.005)
            while True:
                try:
                    connection.request("POST", "/dlr", body)
                    response = connection.getresponse()
                    response.read()
                    if response.status == 200:
                        break
                except (OSError, HTTPException):
                    connection.close()  # it connects again by itself
                    time.sleep(0.05)
            load.acknowledged.append((identity, code))
    connection.close()


def _trouble(receiver: RestartedServer, target: RestartedTarget, kills: int, load: _Load) -> None:
    """Take the target down and up, and kill the receiver, so often while reports are posted.

    It is killed while its reports reach the target, and every second time what forwards is killed
    too, so that nobody gives back what it had in hand.
    """
    for number in range(kills):
        load.allowed = (number + 2) / (kills + 1)
        load.reach((number + 0.4) / (kills + 1))
        target.kill()
        load.reach((number + 0.7) / (kills + 1))
        before = len(target.came())
        target.start()
        load.reach((number + 1) / (kills + 1))
        deadline = time.monotonic() + 60
        while len(target.came()) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        receiver.kill(with_children=number % 2 == 1)
        receiver.start()


def measure(run: Run) -> Result:
    """Post under trouble; then have wrk post to a receiver that forwards and to one that does not.

    Clients post reports, four to a message. Meanwhile the target goes down and comes up, and the
    receiver is killed, again and again.
    """
    figures = _survive(run)
    if run.rivals.has("wrk"):
        figures += _compare(run)
    return Result(
        title="forwarding: what reached a target under trouble, and what it costs",
        figures=figures,
        missing=run.rivals.told(*RIVALS),
    )


class Survival(NamedTuple):
    """What became of reports while the receiver was killed so often: counts, and seconds."""

    kills: int
    acknowledged: int
    missing: int
    disordered: int
    again: int
    posted: float
    took: float


def survive(folder: Path, reports: int, kills: int) -> Survival:
    """Post reports under trouble, and return what reached the target."""
    environment = ENVIRONMENT | {"LINKSMS_STATE": str(folder / "state")}
    with RestartedTarget(folder / "came") as target:
        words = ("listen", "--forward-to", f"http://127.0.0.1:{target.port}")
        with RestartedServer(folder, *words, environment=environment) as receiver:
            return _survived(receiver, target, reports, kills)


def _survived(
    receiver: RestartedServer, target: RestartedTarget, reports: int, kills: int
) -> Survival:
    messages = max(reports // _CLIENTS // len(_STEPS), 1)
    load = _Load(total=messages * _CLIENTS * len(_STEPS))
    clients = [
        threading.Thread(target=_post, args=(receiver, client, messages, load), daemon=True)
        for client in range(_CLIENTS)
    ]
    began = time.monotonic()
    for client in clients:
        client.start()
    _trouble(receiver, target, kills, load)
    load.allowed = 1
    for client in clients:
        client.join()
    posted = time.monotonic() - began
    wanted = set(load.acknowledged)
    deadline = time.monotonic() + 180
    while (missing := wanted - {(one.report, one.code) for one in target.came()}) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    took = time.monotonic() - began
    receiver.end()
    target.kill()
    again, disordered = _judged(target.came())
    return Survival(
        receiver.kills, len(load.acknowledged), len(missing), disordered, again, posted, took
    )


def _survive(run: Run) -> list[Figure]:
    seen = survive(run.folder, run.scaled(_REPORTS), run.scaled(_KILLS))
    return [
        Figure(name="answered 200", samples=[seen.acknowledged]),
        Figure(name="times that the receiver was killed", samples=[seen.kills]),
        Figure(name="of them did not reach the target", samples=[seen.missing], most=0),
        Figure(name="messages out of order", samples=[seen.disordered], most=0),
        Figure(name="came twice, told apart by their id", samples=[seen.again]),
        Figure(name="all were posted after", samples=[seen.posted], unit="s"),
        Figure(name="all had come after", samples=[seen.took], unit="s"),
    ]


def _judged(came: list[Came]) -> tuple[int, int]:
    """Return how many came again, and how many messages came out of order at first."""
    times = Counter(one.webhook_id for one in came)
    again = len(came) - len(times)
    order: dict[str, list[int]] = {}
    for webhook, report, code, _ in came:
        if times[webhook]:
            times[webhook] = 0
            order.setdefault(report, []).append(_STEPS.index(code))
    return again, sum(steps != sorted(steps) for steps in order.values())


def _compare(run: Run) -> list[Figure]:
    """Return how many reports a second are taken in with forwarding and without."""
    rates: dict[str, list[float]] = {"alone": [], "forwarding": []}
    forwarded: list[float] = []
    for _ in range(run.rounds):
        for name, found in rates.items():
            with tempfile.TemporaryDirectory() as folder:
                target = RestartedTarget(Path(folder) / "came")
                start = _forwarding_to(target) if name == "forwarding" else listen
                with Server(start=start, folder=Path(folder)) as server:
                    found.append(server.post("JSON", 64, max(_SECONDS * run.scale * 10, 1)).rate)
                    if name == "forwarding":
                        forwarded.append(len(target.came()))
                    server.process.kill()  # what waits would be forwarded first
                target.kill()
    return [
        *(Figure(name=name, samples=samples, unit="/s") for name, samples in rates.items()),
        Figure(name="forwarded meanwhile", samples=forwarded),
        Figure(name="forwarding / alone", samples=ratios(rates["forwarding"], rates["alone"])),
    ]


def _forwarding_to(target: RestartedTarget) -> Start:
    def start(folder: Path) -> tuple[list[str], None]:
        command, _ = listen(folder)
        return [*command, "--forward-to", f"http://127.0.0.1:{target.port}"], None

    return start
