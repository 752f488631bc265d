"""What forwarding holds under load and under the axe, and what it costs; run it by hand.

    apt-get install wrk; .venv/bin/python tests/benchmarks/forwarding.py [REPORTS [KILLS [SECONDS]]]

Clients post REPORTS, four to a message. Meanwhile the target goes down and comes up, and the
receiver is killed KILLS times. Printed is what became of those that were answered 200: how many
reached the target, how many did more than once, and whether any message's came out of order. Then
wrk posts for SECONDS to a receiver that forwards and to one that does not: the ratio of the two
rates, the better of three rounds each. Without SECONDS (or with 0) that is left out.
"""

import json
import os
import random
import re
import shutil
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

REPORTS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
CLIENTS, STEPS = 8, (1005, 1006, 1007, 1001)
# A target of its own, so that it takes no time from those who post.
TARGET = """
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


class Target:
    """A target that can go down and come up at its address."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.port = 0
        self.up()

    def up(self) -> None:
        """Answer from now on."""
        self.process = subprocess.Popen(
            [sys.executable, "-c", TARGET, str(self.file), str(self.port)], stdout=subprocess.PIPE
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


class Receiver:
    """`linksms listen`, on one port for good."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.words, self.port = folder, words, 0
        self.start()

    def start(self) -> None:
        """Listen."""
        with (self.folder / "events").open("wb") as events:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "linksms_cli", "listen", "--json"),
                    *("--port", str(self.port), *self.words),
                ],
                stdout=events,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"LINKSMS_STATE": str(self.folder / "state")},
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


def post(
    receiver: Receiver, client: int, messages: int, acknowledged: list[tuple[str, int]]
) -> None:
    """Post the reports of messages, each until it is answered 200."""
    connection: HTTPConnection | None = None
    for number in range(messages):
        for code in STEPS:
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
def trouble(receiver: Receiver, target: Target, done: threading.Event) -> Iterator[None]:
    """Kill the receiver and the target in turn while the block runs."""

    def trouble() -> None:
        for _ in range(KILLS):
            if done.wait(random.uniform(0.3, 1.2)):
                break
            target.down()
            if done.wait(random.uniform(0.2, 1.5)):
                break
            receiver.end(signal.SIGKILL)
            receiver.start()
            target.up()

    thread = threading.Thread(target=trouble)
    thread.start()
    yield
    done.set()
    thread.join()
    if target.process.poll() is not None:
        target.up()


def survive(folder: Path) -> None:
    """Post under trouble, and print what reached the target."""
    target = Target(folder / "came")
    receiver = Receiver(folder, "--forward-to", f"http://127.0.0.1:{target.port}")
    acknowledged: list[tuple[str, int]] = []
    clients = [
        threading.Thread(
            target=post, args=(receiver, client, REPORTS // CLIENTS // len(STEPS), acknowledged)
        )
        for client in range(CLIENTS)
    ]
    began = time.monotonic()
    done = threading.Event()
    with trouble(receiver, target, done):
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        print(f"{len(acknowledged)} reports answered 200 in {time.monotonic() - began:.1f} s")
    wanted = set(acknowledged)
    deadline = time.monotonic() + 180
    while (missing := wanted - {(report, code) for _, report, code in target.came()}) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    print(f"{len(missing)} of them did not reach the target; {time.monotonic() - began:.1f} s")
    receiver.end()
    target.down()
    tell(target)
    assert not missing, sorted(missing)[:5]


def tell(target: Target) -> None:
    """Print how often things came, and whether the first time of each was in order."""
    came = target.came()
    times = Counter(webhook for webhook, _, _ in came)
    again = sum(times.values()) - len(times)
    print(f"{len(came)} requests came with {len(times)} ids: {again} were told apart as duplicates")
    order: dict[str, list[int]] = {}
    for webhook, report, code in came:
        if times[webhook]:
            times[webhook] = 0
            order.setdefault(report, []).append(STEPS.index(code))
    wrong = [report for report, steps in order.items() if steps != sorted(steps)]
    print(f"{len(order)} messages, {len(wrong)} of them out of order")
    assert not wrong, wrong[:5]


POST = """
local count = 0
function request()
  count = count + 1
  local body = string.format('{"id":"%d-%d","resultCode":1001}', run, count)
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
end
function init(_) run = os.time() end
"""


def rate(folder: Path, *words: str) -> float:
    """Return how many reports a second a receiver takes."""
    receiver = Receiver(folder, *words)
    script = folder / "post.lua"
    script.write_text(POST)
    done = subprocess.run(
        ["wrk", "-t1", "-c64", f"-d{SECONDS}", "-s", str(script), receiver.url],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    receiver.end(signal.SIGKILL)
    found = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    assert found
    return float(found[1])


def compare() -> None:
    """Print how fast reports are taken with forwarding and without."""
    rates: dict[str, list[float]] = {"alone": [], "forwarding": []}
    for _ in range(3):
        for name, found in rates.items():
            with tempfile.TemporaryDirectory() as folder:
                target = Target(Path(folder) / "came")
                words = ("--forward-to", f"http://127.0.0.1:{target.port}")
                found.append(rate(Path(folder), *(words if name == "forwarding" else ())))
                forwarded = len(target.came())
                target.down()
            print(f"{name:<12} {found[-1]:>7,.0f}/s, {forwarded} forwarded meanwhile")
    print(f"ratio {max(rates['forwarding']) / max(rates['alone']):.2f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        survive(Path(folder))
    if SECONDS and shutil.which("wrk"):
        compare()
