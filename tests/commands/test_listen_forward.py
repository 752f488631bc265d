"""What `linksms listen --forward-to` does with reports, seen from the target."""

import json
import os
import signal
import socket
import threading
import time
from datetime import datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.sms.forward.signing import read_keys, signature
from tests.certificates import Authority
from tests.conftest import Linksms, on_every_store, until
from tests.reporting import report, request
from tests.server import Server, running
from tests.targets import Forwarded, Target, a_target

pytestmark = on_every_store

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def post(server: Server, **changes: Any) -> None:
    assert request(server.url, report(**changes)).status == 200


def ids(target: Target) -> list[str]:
    return [json.loads(one.body)["id"] for one in list(target.came)]


def moment(told: str) -> datetime:
    return datetime.fromisoformat(told)


def event_named(server: Server, name: str) -> dict[str, Any]:
    while (event := server.event())["event"] != name:
        pass
    return event


def test_an_event_arrives_signed_and_status_tells_of_it(
    environment: dict[str, str], linksms: Linksms
) -> None:
    with a_target() as target:
        environment["LINKSMS_FORWARD_SECRET"] = SECRET
        words = ("--forward-to", f"{target.url}/hook?x=1", "-v", "-H", "X-Team: a")
        with running(environment, "listen", *words) as server:
            post(server, id="m1$0")
            told = event_named(server, "forwarded")
        (came,) = target.came
    assert (came.method, came.path, came.headers["x-team"]) == ("POST", "/hook?x=1", "a")
    event = json.loads(came.body)
    assert (event["event"], event["id"], event["duplicate"]) == ("report", "m1$0", False)
    stamp = int(came.headers["webhook-timestamp"])
    signed = signature(read_keys(SECRET), came.webhook_id, stamp, came.body)
    assert came.headers["webhook-signature"] == signed
    assert (told["id"], told["webhook_id"], told["attempt"]) == ("m1$0", came.webhook_id, 1)
    (seen,) = linksms("status", "m1", "--json").record["reports"]
    (state,) = seen["forwards"]
    assert (state["state"], state["forwarded_at"]) == ("forwarded", told["forwarded_at"])
    assert "forwarded at" in linksms("status", "m1").stdout


@pytest.mark.parametrize(
    ("query", "body", "content_type"),
    [
        ("", bytes(range(256)), "application/octet-stream"),
        ("", report(), "application/json; charset=utf-8"),
        ("?id=m&resultCode=1001&x=%00%ff%2F+", None, None),
        ("?a=b", b"id=m&resultCode=1001", "application/x-www-form-urlencoded"),
    ],
)
def test_raw_is_what_came(
    environment: dict[str, str], query: str, body: bytes | None, content_type: str | None
) -> None:
    with a_target() as target:
        words = ("--forward-to", f"{target.url}/in", "--forward-as", "raw")
        with running(environment, "listen", *words) as server:
            headers = {"Content-Type": content_type} if content_type else {}
            assert request(server.url + query, body, headers).status == 200
            until(lambda: target.came)
        (came,) = target.came
    assert (came.method, came.path) == ("GET" if body is None else "POST", f"/in{query}")
    assert (came.body, came.headers.get("content-type")) == (body or b"", content_type)


def test_a_failure_is_told_and_tried_again_in_order(environment: dict[str, str]) -> None:
    answers = iter([500, 302, 200, 200, 200])

    def answer(came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        return next(answers) if b'"m' in came.body else 200

    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", target.url) as server,
    ):
        for code in (1005, 1001):
            post(server, id="m", resultCode=code)
        failed = event_named(server, "forward_failed")
        until(lambda: len(target.came) == 4)
    codes = [json.loads(one.body)["result_code"] for one in target.came]
    assert codes == [1005, 1005, 1005, 1001]
    assert len({one.webhook_id for one in target.came}) == 2
    assert (failed["status"], failed["attempt"], failed["set_aside"]) == (500, 1, False)
    assert failed["target"] == f"{target.url}/"


def test_a_target_that_takes_its_time_has_each_report_once_and_delays_no_other_message(
    environment: dict[str, str],
) -> None:
    go_on = threading.Event()

    def answer(came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        if json.loads(came.body)["id"] == "slow":
            go_on.wait(60)
        return 200

    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", target.url, "-v") as server,
    ):
        post(server, id="slow", resultCode=1005)
        until(lambda: target.came)
        post(server, id="slow", resultCode=1001)
        post(server, id="quick")
        until(lambda: len(target.came) == 2)
        assert event_named(server, "forwarded")["id"] == "quick"
        go_on.set()
        until(lambda: len(target.came) == 3)
        told = event_named(server, "forwarded")
        assert (told["id"], told["attempt"]) == ("slow", 1)
    assert ids(target) == ["slow", "quick", "slow"]


def test_a_target_that_takes_too_long_has_the_report_again(environment: dict[str, str]) -> None:
    came_again = threading.Event()

    def answer(_came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        if len(target.came) == 1:
            came_again.wait(60)
        else:
            came_again.set()
        return 200

    words = ("--forward-timeout", "500ms", "-v")
    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", target.url, *words) as server,
    ):
        post(server, id="m")
        failed = event_named(server, "forward_failed")
        assert (failed["status"], failed["error"]) == (None, "no answer in time")
        assert event_named(server, "forwarded")["attempt"] == 2
    first, second = target.came
    assert (first.webhook_id, first.body) == (second.webhook_id, second.body)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(environment: dict[str, str], status: int) -> None:
    with a_target() as elsewhere:

        def answer(_came: Forwarded, handler: BaseHTTPRequestHandler) -> int | None:
            if len(target.came) > 1:
                return 200
            handler.send_response(status)
            handler.send_header("Location", elsewhere.url)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return None

        with (
            a_target(answer) as target,
            running(environment, "listen", "--forward-to", target.url, "-v") as server,
        ):
            post(server, id="m")
            assert event_named(server, "forward_failed")["status"] == status
            assert event_named(server, "forwarded")["attempt"] == 2
    assert (len(target.came), elsewhere.came) == (2, [])


def test_a_private_authority_is_trusted_by_its_bundle_alone(
    environment: dict[str, str], authority: Authority
) -> None:
    with a_target(tls=authority.context()) as target:
        with running(environment, "listen", "--forward-to", target.url) as server:
            post(server, id="m")
            error = event_named(server, "forward_failed")["error"]
            assert error.startswith("its certificate is not trusted")
        words = ("--forward-ca-bundle", str(authority.bundle))
        with running(environment, "listen", "--forward-to", target.url, *words):
            until(lambda: target.came)
    assert ids(target) == ["m"]


def test_a_4xx_is_set_aside_at_once_and_shown(
    environment: dict[str, str], linksms: Linksms
) -> None:
    def answer(came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        return 422 if json.loads(came.body)["result_code"] == 1005 else 200

    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", f"{target.url}/SECRET") as server,
    ):
        post(server, id="m", resultCode=1005)
        post(server, id="m", resultCode=1001)
        failed = event_named(server, "forward_failed")
        until(lambda: len(target.came) == 2)
        ended = server.end()
    assert (failed["status"], failed["set_aside"], failed["next_attempt_at"]) == (422, True, None)
    (waits,) = linksms("listen", "--forward-pending", "--json").records
    assert (waits["state"], waits["status"], waits["number"]) == ("set_aside", 422, 1)
    assert "set aside" in linksms("listen", "--forward-pending").stdout
    assert "SECRET" not in json.dumps([failed, waits]) + ended.stdout


def test_what_was_set_aside_is_forwarded_again_when_asked(
    environment: dict[str, str], linksms: Linksms
) -> None:
    refuses = True

    def answer(_came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        return 404 if refuses else 200

    with a_target(answer) as target, a_target() as other:
        words = ("--forward-to", f"{target.url}/SECRET", "--forward-to", other.url)
        name = f"{target.url}/…"
        pending = ("listen", "--forward-pending")
        with running(environment, "listen", *words) as server:
            for identity in ("a", "b"):
                post(server, id=identity)
            until(lambda: len(linksms(*pending, "--json").records) == 2)
            shown = linksms(*pending)
            assert f"{name}: 2 set aside\n" in shown.stderr
            assert "--forward-again" in shown.stderr
            assert linksms(*pending, "--target", f"{other.url}/", "--json").records == []
            refuses = False
            done = linksms("listen", "--forward-again", "--json")
            assert (done.code, done.records) == (
                0,
                [
                    {"target": name, "forwarded_again": 2},
                    {"target": f"{other.url}/", "forwarded_again": 0},
                ],
            )
            until(lambda: len(target.came) == 4)  # a receiver that runs notices
        assert sorted(ids(target)) == ["a", "a", "b", "b"]
        assert len({one.webhook_id for one in target.came}) == 2
        assert len(other.came) == 2
    assert linksms(*pending, "--json").records == []
    again = linksms("listen", "--forward-again", "--target", name)
    assert again.stdout == f"0 set aside for {name} wait again\n"
    unknown = linksms("listen", "--forward-again", "--target", "x")
    assert (unknown.code, "knows no target 'x'" in unknown.stderr) == (1, True)
    for refused in (("--target", "x"), ("--forward-again", "--port", "0")):
        assert linksms("listen", *refused).code == 2


@pytest.mark.parametrize("as_date", [False, True])
def test_a_target_that_asks_to_be_left_alone_is(
    environment: dict[str, str], *, as_date: bool
) -> None:
    came_at: list[float] = []

    def answer(_came: Forwarded, handler: BaseHTTPRequestHandler) -> int | None:
        came_at.append(time.monotonic())
        if len(came_at) > 1:
            return 200
        handler.send_response(429)
        # A date has whole seconds: this one is more than three away.
        handler.send_header(
            "Retry-After", formatdate(time.time() + 4, usegmt=True) if as_date else "2"
        )
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return None

    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", target.url, "-v") as server,
    ):
        post(server, id="first")
        failed = event_named(server, "forward_failed")
        for number in range(20):
            post(server, id=f"m{number}")
        for _ in range(21):
            event_named(server, "forwarded")
    waits = moment(failed["next_attempt_at"]) - moment(failed["failed_at"])
    assert waits > timedelta(seconds=1.9)
    assert came_at[1] - came_at[0] > 1.9
    assert sorted(ids(target)) == sorted(
        ["first", "first", *(f"m{number}" for number in range(20))]
    )


def test_a_dead_and_a_silent_target_delay_no_other(environment: dict[str, str]) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    dead = socket.create_server(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in (silent, dead)]
    dead.close()
    with silent, a_target() as target:
        words = [word for port in ports for word in ("--forward-to", f"http://127.0.0.1:{port}")]
        with running(environment, "listen", *words, "--forward-to", target.url) as server:
            for number in range(200):
                post(server, id=f"m{number}")
            until(lambda: len(target.came) == 200)
            assert server.end().code == 0


def test_a_target_that_misbehaves_has_its_report_in_the_end(environment: dict[str, str]) -> None:
    def close(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n")
        for _ in range(100):
            handler.wfile.write(b"x" * 100_000)

    tricks = iter([close, flood])

    def answer(_came: Forwarded, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        next(tricks)(handler)

    with (
        a_target(answer) as target,
        running(environment, "listen", "--forward-to", target.url, "-v") as server,
    ):
        post(server, id="m")
        assert event_named(server, "forwarded")["attempt"] == 2


def test_what_the_receiver_had_in_hand_when_it_was_killed_reaches_the_target(
    environment: dict[str, str],
) -> None:
    with a_target() as target:
        port = target.port
    words = ("--forward-to", f"http://127.0.0.1:{port}")
    with running(environment, "listen", *words) as server:
        post(server, id="m")
        event_named(server, "forward_failed")
        server.process.kill()
    with a_target(port=port) as target, running(environment, "listen", *words):
        until(lambda: target.came)
    assert ids(target) == ["m"]


def test_the_process_that_forwards_ends_with_the_receiver_and_is_started_again(
    environment: dict[str, str],
) -> None:
    def children(server: Server) -> list[int]:
        tasks = Path(f"/proc/{server.process.pid}/task").glob("*/children")
        return [int(word) for task in tasks for word in task.read_text().split()]

    with (
        a_target() as target,
        running(environment, "listen", "--forward-to", target.url) as server,
    ):
        until(lambda: children(server))
        (first,) = children(server)
        os.kill(first, signal.SIGKILL)
        assert "started again" in server.warning()
        post(server, id="m")
        until(lambda: target.came)
        (second,) = children(server)
        server.process.kill()
        until(lambda: not Path(f"/proc/{second}").exists())


def test_many_receivers_on_one_store_forward_each_report_once(
    environment: dict[str, str],
) -> None:
    with a_target() as target:
        words = ("--forward-to", target.url)
        with (
            running(environment, "listen", *words) as one,
            running(environment, "listen", *words) as two,
            running(environment, "listen") as three,
        ):
            for number in range(100):
                for server in (one, two, three):
                    post(server, id=f"m{number}-{server.url}")
            until(lambda: len(target.came) >= 300)
            for server in (one, two, three):
                server.drain()
                server.process.send_signal(signal.SIGTERM)
                server.process.wait()
    assert len(ids(target)) == len(set(ids(target))) == 300


def test_what_comes_last_is_forwarded_before_the_end(environment: dict[str, str]) -> None:
    with (
        a_target() as target,
        running(environment, "listen", "--forward-to", target.url, "--exit-after", "1") as server,
    ):
        post(server, id="m")
        assert server.ended().code == 0
    assert ids(target) == ["m"]


def test_secrets_stand_in_no_process_list(environment: dict[str, str]) -> None:
    with a_target() as target:
        environment |= {
            "LINKSMS_LISTEN_FORWARD_TO": f"http://user:pass-word@127.0.0.1:{target.port}/PATHSECRET",
            "LINKSMS_FORWARD_SECRET": SECRET,
        }
        with running(environment, "listen", "-v") as server:
            shown = []
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    shown.append(process.read_bytes())
                except OSError:  # it has ended
                    continue
            post(server, id="m")
            event = json.dumps(event_named(server, "forwarded"))
            ended = server.end()
        (came,) = target.came
    assert came.headers["authorization"] == "Basic dXNlcjpwYXNzLXdvcmQ="
    for secret in ("pass-word", "PATHSECRET", SECRET):
        assert not any(secret.encode() in line for line in shown)
        assert secret not in event + ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--forward-to", "http://127.0.0.1:9/?token=x"), "FORWARD_TO"),
        (("--forward-to", "http://u:p@127.0.0.1:9/"), "FORWARD_TO"),
        (("--forward-to", "http://127.0.0.1:9/", "-H", "Authorization: x"), "@FILE"),
    ],
)
def test_a_secret_on_the_command_line_is_warned_of(
    environment: dict[str, str], words: tuple[str, ...], said: str
) -> None:
    with running(environment, "listen", *words) as server:
        assert said in server.warning()


@pytest.mark.parametrize(
    ("words", "variables", "code", "said"),
    [
        (("--forward-to", "ftp://h/SECRET"), {}, 2, "--forward-to"),
        (("--forward-to", "http://h/", "-H", "Host: x"), {}, 2, "Host"),
        (("--forward-to", "http://h/", "-H", "X: a\r\nY: b"), {}, 2, "-H"),
        (("--forward-to", "http://h/", "-H", "X: @/no/such"), {}, 3, "No such file"),
        (("--forward-to", "http://h/"), {"LINKSMS_FORWARD_SECRET": "SECRET"}, 3, "SECRET is not"),
        (("--forward-to", "http://h/", "--forward-timeout", "0"), {}, 2, "--forward-timeout"),
        (("-H", "X: y"), {}, 2, "--forward-to"),
        (("--forward-pending", "--port", "0"), {}, 2, "--port"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    linksms: Linksms, words: tuple[str, ...], variables: dict[str, str], code: int, said: str
) -> None:
    done = linksms("listen", *words, env=variables)
    assert done.code == code
    assert said in done.stderr
    assert "/SECRET" not in done.stderr


def test_a_header_is_read_from_a_file(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("Bearer abc\n")
    with (
        a_target() as target,
        running(
            environment,
            "listen",
            *("--forward-to", target.url, "-H", f"Authorization: @{tmp_path / 'token'}"),
        ) as server,
    ):
        post(server, id="m")
        until(lambda: target.came)
    assert target.came[0].headers["authorization"] == "Bearer abc"
