"""`linksms sandbox`, run as a process of its own."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import trustme

from tests.conftest import Finished, Linksms
from tests.loopback import Recorder, http, server_context
from tests.server import running


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
    with running(environment, "sandbox") as server:
        assert json.loads(server.ready) == {"event": "ready", "url": server.url}
        message_id = send(server.url).split(";")[2]
        event = server.event()
        assert (event["event"], event["to"], event["text"], event["message_id"]) == (
            "message",
            "+99955501234",
            "Hej på dig",
            message_id,
        )
        assert server.end(ending) == Finished(code=0, stdout="", stderr="")


def test_a_person_reads_lines(environment: dict[str, str]) -> None:
    with running(environment | {"TZ": "UTC"}, "sandbox", as_json=False) as server:
        assert server.ready.startswith("Listening at http://127.0.0.1:")
        send(server.url)
        assert server.line()[8:] == (
            'Z  LINK → +99955501234  "Hej på dig"                1 part   1005 Queued\n'
        )
        ended = server.end(signal.SIGINT)
    assert "linksms send -t" in ended.stderr
    assert ended.stderr.endswith("Stopped.\n")
    assert ended.code == 0


def test_the_password_is_not_in_what_it_prints(environment: dict[str, str]) -> None:
    with running(environment, "sandbox", "--credentials", "1234:user:s3cret") as server:
        assert send(server.url).startswith("1005;Queued;")
        assert send(server.url, Password="s3cret2").startswith("103;Invalid password")
        listed = fetch(f"{server.url}/messages")
        ended = server.end()
    assert len(ended.records) == len(json.loads(listed)) == 2
    assert "s3cret" not in ended.stdout + ended.stderr + listed


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
        with running(environment, "sandbox", *words, as_json=False) as server:
            message_id = send(server.url).split(";")[2]
            receiver.handle_request()
            receiver.handle_request()
            server.line()
            assert server.line().strip() == message_id
            arrived = server.line()
            assert arrived[9:].strip() == f"report 1001 for {message_id}  received"
            stderr = server.end(signal.SIGINT).stderr
    assert (f"warning: report 1001 for {message_id}: HTTP 500; will retry\n") in stderr
    assert "s3cret" not in stderr
    assert bodies[0] == bodies[1]
    assert urlencode({"id": message_id}).encode() in bodies[0]


def test_a_reader_that_leaves_does_not_end_it(environment: dict[str, str]) -> None:
    with running(environment, "sandbox") as server:
        server.leave()
        for _ in range(3):
            assert send(server.url).startswith("1005;")
        assert server.end().code == 0


def test_what_came_before_the_signal_is_told(environment: dict[str, str]) -> None:
    with running(environment, "sandbox") as server:
        for _ in range(20):
            send(server.url)
        told = server.end().records
    assert [event["serial"] for event in told] == list(range(1, 21))


def test_it_ends_though_nobody_reads_what_it_tells(environment: dict[str, str]) -> None:
    with running(environment, "sandbox") as server:
        # More than a pipe holds.
        for _ in range(60):
            send(server.url, Userdata="x" * 1377)
        server.process.terminate()
        assert server.process.wait(timeout=10) == 0


def test_an_address_in_use_is_exit_3_and_a_line(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with running(environment, "sandbox") as server:
        port = server.url.split(":")[2].split("/")[0]
        failed = linksms("sandbox", "--port", port)
    assert (failed.code, failed.stdout) == (3, "")
    assert failed.stderr == (
        f"error: cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Choose another --port (0 for any free one) or --host.\n"
    )


def test_an_address_may_name_its_interface(environment: dict[str, str]) -> None:
    """No base URL may: but this one is only shown."""
    with running(environment, "sandbox", "--host", "::1%1") as server:
        assert server.url.startswith("http://[::1%1]:")


@pytest.mark.parametrize(
    ("words", "readers"),
    [((), "this machine"), (("--admin-token", "s3cret"), "who has the admin token")],
)
def test_other_addresses_than_loopback_are_warned_of(
    environment: dict[str, str], words: tuple[str, ...], readers: str
) -> None:
    with running(environment, "sandbox", "--host", "0.0.0.0", *words) as server:  # noqa: S104
        # No client can connect to 0.0.0.0 everywhere: the URL is one that this machine can use.
        assert server.url.startswith("http://127.0.0.1:")
        assert json.loads(server.warning()) == {
            "warning": "anyone who can reach this machine can send to it; "
            f"only {readers} can read messages"
        }


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--host", "0.0.0.0"),  # noqa: S104 - its point
        ("--host", "::1%1"),
        ("--credentials", "7:o'neill & co:PASSWORD"),
    ],
)
def test_what_it_prints_to_paste_can_be_pasted(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    with running(environment, "sandbox", *words, as_json=False) as server:
        said = ""
        while "linksms send" not in said:
            said += server.warning()
        pasted = said[said.index("  LINKSMS_BASE_URL") :]
        here = {"PATH": f"{Path(sys.executable).parent}:{environment['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", pasted],
            env=environment | here,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout.split()[0]) == (0, "accepted"), done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--credentials", "1:s3cret"),
            "--credentials is not a service id, a user and a password",
        ),
        (("--dlr-url", "s3cret"), "--dlr-url is not the URL of a receiver"),
        (
            ("--dlr-url", "http://h/", "--dlr-header", "X s3cret"),
            "--dlr-header is not a header",
        ),
        (
            ("--dlr-url", "http://h/", "--dlr-header", "X: s3cret\nY: z"),
            "--dlr-header is not a header",
        ),
        (
            ("--dlr-url", "http://h/", "--dlr-auth", "s3cret"),
            "--dlr-auth is not a user and a password",
        ),
        (("--latency", "200..20"), "--latency '200..20' begins with the longer time"),
        (("--latency", "1..x"), "--latency 'x' is not a duration"),
        (("--seed", "x"), "Invalid value for '--seed'"),
        (("--admin-token", "s3cret s3cret"), "--admin-token is not a valid token"),
        (("--admin-host", "http://x"), "--admin-host 'http://x' "),
        (("--admin-host", "x:80"), "--admin-host 'x:80' is not a name"),
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
    with running(environment, "sandbox") as server:
        send(server.url)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_token_comes_from_the_environment_as_every_secret_does(
    environment: dict[str, str],
) -> None:
    kept = environment | {"LINKSMS_SANDBOX_TOKEN": "s3cret\n"}
    with running(kept, "sandbox") as server:
        request = urllib.request.Request(  # noqa: S310 - ours
            f"{server.url}/messages", headers={"Authorization": "Bearer s3cret"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{server.url}/messages")
        assert refused.value.code == 401
        refused.value.close()


@pytest.mark.parametrize("token", ["s3cret\nmore", "s3 cret", "s3crét"])
def test_a_token_that_no_header_can_hold_is_exit_3(call: Linksms, token: str) -> None:
    failed = call("sandbox", "--port", "0", env={"LINKSMS_SANDBOX_TOKEN": token})
    assert (failed.code, failed.stdout) == (3, "")
    assert failed.stderr.startswith("error: LINKSMS_SANDBOX_TOKEN ")
    assert "s3c" not in failed.stderr


def test_reports_go_over_tls_that_a_bundle_of_ones_own_verifies(
    environment: dict[str, str], tmp_path: Path
) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = server_context(authority.issue_cert("localhost"))
    trusting = environment | {"LINKSMS_CA_BUNDLE": str(bundle)}
    with Recorder(http(b""), context=context) as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        words = ("sandbox", "--dlr-url", url)
        with running(trusting, *words, as_json=False) as server:
            message_id = send(server.url).split(";")[2]
            server.line()
            server.line()
            assert f"report 1001 for {message_id}  received" in server.line()
        with running(environment, *words) as server:
            send(server.url)
            assert "its certificate is not trusted" in server.warning()


def test_a_bundle_that_cannot_be_read_is_exit_3(call: Linksms, tmp_path: Path) -> None:
    for url, written in (("https://localhost/", tmp_path), ("HTTPS://localhost/", Path("~"))):
        words = ("sandbox", "--port", "0", "--dlr-url", url)
        bundle = {"HOME": str(tmp_path), "LINKSMS_CA_BUNDLE": str(written / "none.pem")}
        failed = call(*words, env=bundle)
        assert (failed.code, failed.stdout) == (3, "")
        assert str(tmp_path / "none.pem") in failed.stderr
    fired = call("sandbox", "--fire", "https://localhost/", env={"LINKSMS_CA_BUNDLE": "none.pem"})
    assert (fired.code, fired.stdout) == (3, "")
