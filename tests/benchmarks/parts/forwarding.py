"""What `--forward-to` holds while all is killed, and what it costs."""

import json
import os
import signal
import subprocess
import sys
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
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run

RIVALS = ("wrk",)
ROUNDS = 3

_REPORTS, _KILLS, _SECONDS = 200_000, 100, 5
_CLIENTS, _STEPS = 8, (1005, 1006, 1007, 1001)
# A target of its own, so that it takes no time from those who post.
_TARGET = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Target(BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", -1
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        event = json.loads(body)
        came.write("%s %s %s\\n" % (self.headers["webhook-id"], event["id"], event["result_code"]))
        self.send_response(204)
        self.end_headers()
    def log_message(self, *words): pass
class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 512
    def handle_error(self, *words): pass  # a caller that was killed
came = open(sys.argv[1], "a", buffering=1)
server = Server(("127.0.0.1", int(sys.argv[2])), Target)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class _Target:
    """A target that can go down and come up at its address."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.port = 0
        self.up()

    def up(self) -> None:
        """Answer from now on."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TARGET, str(self.file), str(self.port)], stdout=subprocess.PIPE
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def down(self) -> None:
        """Be gone, in the middle of whatever it does."""
        self.process.kill()
        self.process.communicate()

    def came(self) -> list[tuple[str, str, int]]:
        """Return what has come: the id of each request, that of its report, and the code."""
        lines = [line.split(" ") for line in self.file.read_text().splitlines()]
        return [(line[0], line[1], int(line[2])) for line in lines if len(line) == 3]


class _Receiver:
    """`linksms listen`, on one port for good."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words, self.port, self.kills = folder, words, 0, 0
        self.start()

    def start(self) -> None:
        """Listen."""
        with (self.folder / "events").open("wb") as events:
            self.process = subprocess.Popen(
                [*LINKSMS, "listen", "--json", "--port", str(self.port), *self.words],
                stdout=events,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT | {"LINKSMS_STATE": str(self.folder / "state")},
            )
        while not (line := (self.folder / "events").read_bytes().partition(b"\n")[0]):
            assert self.process.poll() is None, "it did not start"
            time.sleep(0.01)
        self.url: str = json.loads(line)["url"]
        self.port = int(self.url.split(":")[2].partition("/")[0])

    def end(self) -> None:
        """End it in order."""
        self.process.terminate()
        self.process.wait()

    def kill(self, *, with_forwarder: bool) -> None:
        """End it in the middle of whatever it does."""
        forwarder = _children(self.process.pid) if with_forwarder else []
        self.process.kill()
        for child in forwarder:
            os.kill(child, signal.SIGKILL)
        self.process.wait()
        self.kills += 1


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text().split()]


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


def _post(receiver: _Receiver, client: int, messages: int, load: _Load) -> None:
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


def _trouble(receiver: _Receiver, target: _Target, kills: int, load: _Load) -> None:
    """Take the target down and up, and kill the receiver, so often while reports are posted.

    It is killed while its reports reach the target, and every second time what forwards is killed
    too, so that nobody gives back what it had in hand.
    """
    for number in range(kills):
        load.allowed = (number + 2) / (kills + 1)
        load.reach((number + 0.4) / (kills + 1))
        target.down()
        load.reach((number + 0.7) / (kills + 1))
        before = len(target.came())
        target.up()
        load.reach((number + 1) / (kills + 1))
        deadline = time.monotonic() + 60
        while len(target.came()) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        receiver.kill(with_forwarder=number % 2 == 1)
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
    target = _Target(folder / "came")
    receiver = _Receiver(folder, "--forward-to", f"http://127.0.0.1:{target.port}")
    messages = max(reports // _CLIENTS // len(_STEPS), 1)
    load = _Load(total=messages * _CLIENTS * len(_STEPS))
    clients = [
        threading.Thread(target=_post, args=(receiver, client, messages, load))
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
    while (missing := wanted - {(report, code) for _, report, code in target.came()}) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    took = time.monotonic() - began
    receiver.end()
    target.down()
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


def _judged(came: list[tuple[str, str, int]]) -> tuple[int, int]:
    """Return how many came again, and how many messages came out of order at first."""
    times = Counter(webhook for webhook, _, _ in came)
    again = len(came) - len(times)
    order: dict[str, list[int]] = {}
    for webhook, report, code in came:
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
                target = _Target(Path(folder) / "came")
                start = _forwarding_to(target) if name == "forwarding" else listen
                with Server(start=start, folder=Path(folder)) as server:
                    found.append(server.post("JSON", 64, max(_SECONDS * run.scale * 10, 1)).rate)
                    if name == "forwarding":
                        forwarded.append(len(target.came()))
                    server.process.kill()  # what waits would be forwarded first
                target.down()
    return [
        *(Figure(name=name, samples=samples, unit="/s") for name, samples in rates.items()),
        Figure(name="forwarded meanwhile", samples=forwarded),
        Figure(name="forwarding / alone", samples=ratios(rates["forwarding"], rates["alone"])),
    ]


def _forwarding_to(target: _Target) -> Start:
    def start(folder: Path) -> tuple[list[str], None]:
        command, _ = listen(folder)
        return [*command, "--forward-to", f"http://127.0.0.1:{target.port}"], None

    return start
