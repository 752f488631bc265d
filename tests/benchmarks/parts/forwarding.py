"""What `--forward-to` holds while all is killed, and what it costs."""

import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

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
        self.folder, self.words, self.port = folder, words, 0
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

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        self.process.send_signal(number)
        self.process.wait()


def _post(
    receiver: _Receiver, client: int, messages: int, acknowledged: list[tuple[str, int]]
) -> None:
    """Post the reports of messages, each until it is answered 200."""
    connection: HTTPConnection | None = None
    for number in range(messages):
        for code in _STEPS:
            identity = f"c{client}-{number}"
            body = json.dumps({"id": identity, "resultCode": code, "operator": "no.telenor"})
            while True:
                try:
                    connection = connection or HTTPConnection(
                        "127.0.0.1", receiver.port, timeout=10
                    )
                    connection.request("POST", "/dlr", body)
                    response = connection.getresponse()
                    response.read()
                    if response.status == 200:
                        break
                except (OSError, HTTPException):
                    connection = None
                    time.sleep(0.05)
            acknowledged.append((identity, code))


@contextmanager
def _trouble(
    receiver: _Receiver, target: _Target, kills: int, done: threading.Event
) -> Iterator[None]:
    """Kill the receiver and the target in turn while the block runs."""

    def kill() -> None:
        for _ in range(kills):
            if done.wait(random.uniform(0.3, 1.2)):
                break
            target.down()
            if done.wait(random.uniform(0.2, 1.5)):
                break
            receiver.end(signal.SIGKILL)
            receiver.start()
            target.up()

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    done.set()
    thread.join()
    if target.process.poll() is not None:
        target.up()


def measure(run: Run) -> Result:
    """Post under trouble; then have wrk post to a receiver that forwards and to one that does not.

    Clients post reports, four to a message. Meanwhile the target goes down and comes up, and the
    receiver is killed again and again.
    """
    figures = _survive(run)
    if run.rivals.has("wrk"):
        figures += _compare(run)
    return Result(
        title="forwarding: what reached a target under trouble, and what it costs",
        figures=figures,
        missing=run.rivals.told(*RIVALS),
    )


def _survive(run: Run) -> list[Figure]:
    target = _Target(run.folder / "came")
    receiver = _Receiver(run.folder, "--forward-to", f"http://127.0.0.1:{target.port}")
    acknowledged: list[tuple[str, int]] = []
    messages = run.scaled(_REPORTS) // _CLIENTS // len(_STEPS)
    clients = [
        threading.Thread(target=_post, args=(receiver, client, messages, acknowledged))
        for client in range(_CLIENTS)
    ]
    began = time.monotonic()
    with _trouble(receiver, target, run.scaled(_KILLS), threading.Event()):
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    posted = time.monotonic() - began
    wanted = set(acknowledged)
    deadline = time.monotonic() + 180
    while (missing := wanted - {(report, code) for _, report, code in target.came()}) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    took = time.monotonic() - began
    receiver.end()
    target.down()
    again, disordered = _judged(target.came())
    return [
        Figure(name="answered 200", samples=[len(acknowledged)]),
        Figure(name="of them did not reach the target", samples=[len(missing)], most=0),
        Figure(name="messages out of order", samples=[disordered], most=0),
        Figure(name="came twice, told apart by their id", samples=[again]),
        Figure(name="all were posted after", samples=[posted], unit="s"),
        Figure(name="all had come after", samples=[took], unit="s"),
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
