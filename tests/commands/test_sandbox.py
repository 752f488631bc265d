"""`linksms sandbox`, run as a process of its own."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import pytest

from tests.conftest import Linksms


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", "sandbox", "--port", "0", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_of(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline()


def event_of(process: "subprocess.Popen[str]") -> dict[str, Any]:
    event: dict[str, Any] = json.loads(line_of(process.stdout))
    return event


def send(url: str, to: str = "+99955501234", **changes: str) -> str:
    values = {
        "ServiceId": "1234",
        "Username": "user",
        "Password": "s3cret",
        "Source": "LINK",
        "Destination": to,
        "Userdata": "Hej på dig",
    }
    return fetch(f"{url}?{urlencode(values | changes)}", b"")


def fetch(url: str, data: bytes | None = None) -> str:
    with urllib.request.urlopen(url, data=data, timeout=10) as response:  # noqa: S310 - ours
        body: bytes = response.read()
    return body.decode()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_events_come_as_json_and_a_signal_is_the_normal_end(
    environment: dict[str, str], ending: signal.Signals
) -> None:
    with running(environment, "--json") as process:
        ready = event_of(process)
        assert ready == {"event": "ready", "url": ready["url"]}
        message_id = send(ready["url"]).split(";")[2]
        event = event_of(process)
        assert (event["event"], event["to"], event["text"], event["message_id"]) == (
            "message",
            "+99955501234",
            "Hej på dig",
            message_id,
        )
        process.send_signal(ending)
        stdout, stderr = process.communicate(timeout=10)
        assert (process.returncode, stdout, stderr) == (0, "", "")


def test_a_person_reads_lines(environment: dict[str, str]) -> None:
    with running(environment | {"TZ": "UTC"}) as process:
        listening = line_of(process.stdout)
        assert listening.startswith("Listening at http://127.0.0.1:")
        send(listening.split()[2])
        line = line_of(process.stdout)
        assert line[8:] == (
            '  LINK → +99955501234  "Hej på dig"                 1 part   1005 Queued\n'
        )
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=10)
        assert "linksms send -t" in stderr
        assert stderr.endswith("Stopped.\n")
        assert process.returncode == 0


def test_the_password_is_not_in_what_it_prints(environment: dict[str, str]) -> None:
    with running(environment, "--credentials", "1234:user:s3cret", "--json") as process:
        url = event_of(process)["url"]
        assert send(url).startswith("1005;Queued;")
        assert send(url, Password="s3cret2").startswith("103;Invalid password")
        listed = fetch(f"{url}/messages")
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=10)
    assert len(stdout.splitlines()) == len(json.loads(listed)) == 2
    assert "s3cret" not in stdout + stderr + listed


def test_reports_reach_a_receiver(environment: dict[str, str]) -> None:
    bodies: list[bytes] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if len(bodies) == 1 else 200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Endpoint) as receiver:
        url = f"http://127.0.0.1:{receiver.server_address[1]}/s3cret"
        words = ("--dlr-url", url, "--dlr-format", "form", "--dlr-delay", "10ms")
        with running(environment, *words) as process:
            message_id = send(line_of(process.stdout).split()[2]).split(";")[2]
            receiver.handle_request()
            receiver.handle_request()
            line_of(process.stdout)
            assert line_of(process.stdout).strip() == message_id
            arrived = line_of(process.stdout)
            assert arrived[8:].strip() == f"report 1001 for {message_id}  received"
            process.send_signal(signal.SIGINT)
            _, stderr = process.communicate(timeout=10)
    assert (f"warning: report 1001 for {message_id}: HTTP 500; trying on\n") in stderr
    assert "s3cret" not in stderr
    assert bodies[0] == bodies[1]
    assert urlencode({"id": message_id}).encode() in bodies[0]


def test_a_reader_that_leaves_does_not_end_it(environment: dict[str, str]) -> None:
    with running(environment, "--json") as process:
        url = event_of(process)["url"]
        assert process.stdout is not None
        process.stdout.close()
        for _ in range(3):
            assert send(url).startswith("1005;")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_what_came_before_the_signal_is_told(environment: dict[str, str]) -> None:
    with running(environment, "--json") as process:
        url = event_of(process)["url"]
        for _ in range(20):
            send(url)
        process.send_signal(signal.SIGTERM)
        stdout, _ = process.communicate(timeout=10)
    assert [json.loads(line)["serial"] for line in stdout.splitlines()] == list(range(1, 21))


def test_it_ends_though_nobody_reads_what_it_tells(environment: dict[str, str]) -> None:
    with running(environment, "--json") as process:
        url = event_of(process)["url"]
        # More than a pipe holds.
        for _ in range(60):
            send(url, Userdata="x" * 1377)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_an_address_in_use_is_exit_3_and_a_line(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "--json") as process:
        port = event_of(process)["url"].split(":")[2].split("/")[0]
        failed = linksms("sandbox", "--port", port)
    assert (failed.code, failed.stdout) == (3, "")
    assert failed.stderr == (
        f"error: cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Choose another --port (0 for any free one) or --host.\n"
    )


def test_other_addresses_than_loopback_are_warned_of(environment: dict[str, str]) -> None:
    with running(environment, "--host", "0.0.0.0", "--json") as process:  # noqa: S104 - its point
        assert event_of(process)["url"].startswith("http://0.0.0.0:")
        assert json.loads(line_of(process.stderr)) == {
            "warning": "who can reach this machine can send to it and read its messages"
        }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--credentials", "1:s3cret"), "--credentials is not a service id, a user and a password"),
        (("--dlr-url", "s3cret"), "--dlr-url is not the URL of a receiver"),
        (("--dlr-delay", "1"), "--dlr-format and --dlr-delay are about reports"),
        (("--dlr-format", "xml"), "--dlr-format and --dlr-delay are about reports"),
        (("--latency", "soon"), "--latency 'soon' is not a duration"),
        (("--rate", "0"), "Invalid value for '--rate'"),
        (("--port", "65536"), "Invalid value for '--port'"),
    ],
)
def test_wrong_usage_is_exit_2_and_a_line(
    call: Linksms, words: tuple[str, ...], message: str
) -> None:
    failed = call("sandbox", *words)
    assert (failed.code, failed.stdout) == (2, "")
    assert failed.stderr.startswith(f"error: {message}")
    assert failed.stderr.count("\n") == 1
    assert "s3cret" not in failed.stderr


def test_it_leaves_nothing_behind(
    environment: dict[str, str], tmp_path: Path, linksms: Linksms
) -> None:
    linksms("sandbox", "--help")
    before = sorted(tmp_path.rglob("*"))
    with running(environment, "--json") as process:
        send(event_of(process)["url"])
    assert sorted(tmp_path.rglob("*")) == before
