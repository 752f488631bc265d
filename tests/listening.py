"""A receiver run as a process of its own, and a client that shares nothing with it."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

REPORT: dict[str, Any] = {
    "refId": None,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x==",
    "operator": "no.telenor",
    "sentTimestamp": "2026-07-01T09:37:35Z",
    "timestamp": "2026-07-01T09:37:36Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
    "gateCustomParameters": {},
    "customParameters": {"source": "2333", "destination": "+99955501234"},
}


def report(**changes: Any) -> bytes:
    return json.dumps(REPORT | changes).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(compare=False)


def request(
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
    timeout: float = 30,
) -> Answer:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(
            method or ("GET" if body is None else "POST"), target, body, dict(headers or {})
        )
        response = connection.getresponse()
        return Answer(
            status=response.status, body=response.read(), headers=dict(response.getheaders())
        )
    finally:
        connection.close()


class Listening:
    """A running `linksms listen --json`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.ready = self.event()
        self.url: str = self.ready["url"]

    def event(self) -> dict[str, Any]:
        """Return the next event."""
        assert self.process.stdout is not None
        event: dict[str, Any] = json.loads(self.process.stdout.readline())
        return event

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, list[dict[str, Any]], str]:
        """End it; return its exit code, the events that were left, and its stderr."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, list[dict[str, Any]], str]:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


@contextmanager
def listening(
    environment: Mapping[str, str], *words: str, before: tuple[str, ...] = ()
) -> Iterator[Listening]:
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "linksms_cli", "listen", "--port", "0", "--json", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(environment),
    )
    try:
        yield Listening(process)
    finally:
        process.kill()
        process.communicate()
