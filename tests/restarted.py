"""Servers as processes of their own that are killed and come back at their address."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

# A target takes no time from those who post to it. A line is written at once, and never in part.
_TARGET = """
import json, os, random, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Target(BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", -1
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        event = json.loads(body)
        line = "%s %s %s " % (self.headers["webhook-id"], event["id"], event["result_code"])
        os.write(came, line.encode() + body + b"\\n")
        if latency:
            time.sleep(random.uniform(0, latency))
        self.send_response(204)
        self.end_headers()
    def log_message(self, *words): pass
class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 512
    def handle_error(self, *words): pass  # a caller that was killed
latency = float(sys.argv[3])
came = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
server = Server(("127.0.0.1", int(sys.argv[2])), Target)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def _free_port() -> int:
    """Return a port that no outgoing connection is given, so that it stays free meanwhile.

    Of those that the kernel gives, one that is asked for again and again while nobody listens is
    now and then connected to itself, and then nobody can listen there.
    """
    while True:
        port = random.randrange(15_000, 32_000)  # noqa: S311 - no secret depends on it
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Came(NamedTuple):
    """One request that came to a target: its id, that of its report, the code, the whole event."""

    webhook_id: str
    report: str
    code: int
    event: str


class RestartedTarget:
    """A target of the standard library; what came is kept in a file through all its lives.

    It answers within `latency` seconds of that.
    """

    def __init__(self, file: Path, latency: float = 0) -> None:
        self.file = file
        self._latency = latency
        self.port = _free_port()
        self.kills: int = 0
        self.start()

    def start(self) -> None:
        """Answer from now on."""
        words = [str(self.file), str(self.port), str(self._latency)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TARGET, *words], stdout=subprocess.PIPE
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.process.kill()
        self.process.communicate()
        self.kills += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def came(self) -> list[Came]:
        """Return what has come, in its order, but for a line that is still being written."""
        whole = self.file.read_text().rpartition("\n")[0]
        lines = [line.split(" ", 3) for line in whole.splitlines()]
        return [Came(line[0], line[1], int(line[2]), line[3]) for line in lines]


class RestartedServer:
    """`linksms listen` or `linksms sandbox`: each life has a file of its own for what it prints."""

    def __init__(
        self, folder: Path, command: str, *words: str, environment: Mapping[str, str]
    ) -> None:
        self._folder = folder
        self._command = command
        self._words = words
        self._environment = environment
        self.told: list[Path] = []
        self.said = folder / f"{command}.stderr"
        self.port = _free_port()
        self.kills = 0
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Serve from now on."""
        self._started = time.monotonic()
        told = self._folder / f"{self._command}-{len(self.told)}.jsonl"
        self.told.append(told)
        command = [sys.executable, "-m", "linksms_cli", self._command, "--json"]
        with told.open("wb") as stdout, self.said.open("ab") as stderr:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *self._words],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=self._environment,
            )
        while not (line := told.read_bytes().partition(b"\n"))[1]:
            assert self.process.poll() is None, f"it did not start: {self.said.read_text()}"
            time.sleep(0.01)
        self.url: str = json.loads(line[0])["url"]
        self.port = urlsplit(self.url).port or 0

    @property
    def age(self) -> float:
        """For how many seconds it has lived this time."""
        return time.monotonic() - self._started

    def end(self) -> int:
        """End it in order, and return its exit code. Raises TimeoutExpired if it does not."""
        self.process.terminate()
        return self.process.wait(60)

    def kill(self, *, with_children: bool = False) -> None:
        """End it in the middle of whatever it does."""
        children = self.children() if with_children else []
        self.process.kill()
        for child in children:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(child, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def children(self) -> list[int]:
        """Return the processes that it has started; none if it is about to end."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        with suppress(OSError):
            return [int(word) for task in tasks for word in task.read_text().split()]
        return []
