"""How reports reach a receiver, and what happens while they do not."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from linksms_cli.adapters.sandbox import Sandbox, courier
from linksms_cli.errors import UsageError
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.message import Fate, ReportAttempt, SandboxMessage
from linksms_cli.sms.sandbox.settings import ReportTarget, SandboxSettings
from tests.adapters.sandbox.conftest import client_of
from tests.loopback import Recorder, silence, then_close
from tests.ports import free_port

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacked:
    """One request as the receiver got it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Receiver:
    """A receiver of the standard library: answers what it is told to, then 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: "queue.Queue[Callbacked]" = field(default_factory=queue.Queue)

    def next(self) -> Callbacked:
        return self.got.get(timeout=10)

    def codes(self, count: int) -> list[tuple[str, int]]:
        """The ids and codes of the next JSON reports."""
        reports = [json.loads(self.next().body) for _ in range(count)]
        return [(report["id"], report["resultCode"]) for report in reports]


@contextmanager
def receiving(receiver: Receiver, port: int = 0) -> Iterator[Receiver]:
    class Endpoint(BaseHTTPRequestHandler):
        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            receiver.got.put(
                Callbacked(method=self.command, target=self.path, headers=headers, body=body)
            )

        do_GET = do_POST = respond  # noqa: N815 - the library's names

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", port), Endpoint) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/dlr"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as running:
        yield running


@contextmanager
def reporting(callback: ReportTarget) -> Iterator[tuple[Sandbox, "queue.Queue[ReportAttempt]"]]:
    """A sandbox, and what it tells of its reports."""
    told: queue.Queue[ReportAttempt] = queue.Queue()

    def observe(event: SandboxMessage | ReportAttempt) -> None:
        if isinstance(event, ReportAttempt):
            told.put(event)

    with Sandbox(SandboxSettings(dlr=callback), observe=observe, clock=lambda: NOW) as sandbox:
        yield sandbox, told


def test_a_delivered_message_is_reported(receiver: Receiver) -> None:
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, told):
        message_id = client_of(sandbox).send("+99955501234").fields[2]
        report = receiver.next()
        assert (report.method, report.target) == ("POST", "/dlr")
        assert report.headers["content-type"] == "application/json"
        assert json.loads(report.body)["id"] == message_id
        assert told.get(timeout=10) == ReportAttempt(
            serial=1,
            place=0,
            at=NOW,
            report_id=message_id,
            result_code=1001,
            attempt=1,
            fate=Fate.DELIVERED,
            status=200,
            failure=None,
        )
        listed = json.loads(client_of(sandbox).request("GET", "/messages").body)
        assert listed[0]["reports"] == [
            {
                "id": message_id,
                "result_code": 1001,
                "description": "Billed and delivered",
                "final": True,
                "delivered": "yes",
                "fate": "delivered",
                "attempts": 1,
                "at": "2026-01-02T03:04:05.000Z",
                "status": 200,
                "failure": None,
            }
        ]


@pytest.mark.parametrize(
    ("format_", "method", "content_type"),
    [
        ("json", "POST", "application/json"),
        ("xml", "POST", "application/xml; charset=utf-8"),
        ("form", "POST", "application/x-www-form-urlencoded"),
        ("query", "GET", None),
    ],
)
def test_each_format_has_its_request(
    receiver: Receiver, format_: str, method: str, content_type: str | None
) -> None:
    callback = ReportTarget(url=f"{receiver.url}?token=a%2Fb", format=Format(format_))
    with reporting(callback) as (sandbox, _):
        message_id = client_of(sandbox).send().fields[2]
        report = receiver.next()
    assert (report.method, report.headers.get("content-type")) == (method, content_type)
    assert report.target.startswith("/dlr?token=a%2Fb")
    if method == "GET":
        pairs = parse_qs(urlsplit(report.target).query)
        assert (pairs["token"], pairs["id"]) == (["a/b"], [message_id])
        assert report.body == b""


def test_parts_are_reported_in_order(receiver: Receiver) -> None:
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, _):
        own = client_of(sandbox).send(Userdata="x" * 1377).fields[2]
        assert receiver.codes(9) == [(f"{own}${part}", 1001) for part in range(9)]


@pytest.mark.parametrize(
    "to", ["+99910002104", "+99920000001", "+99920000500", "+99930000008", "+99930000009"]
)
def test_what_was_not_taken_is_not_reported(receiver: Receiver, to: str) -> None:
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, told):
        client = client_of(sandbox)
        with client.submitting(to):
            while not client.messages:
                time.sleep(0.01)
        client.send()
        receiver.next()
        assert told.get(timeout=10).serial == 2
        assert receiver.got.empty()


@pytest.mark.parametrize("to", ["+99920000006", "+99920000009", "+99920000012", "+99910001005"])
def test_what_was_taken_is_reported_whatever_the_answer_was(receiver: Receiver, to: str) -> None:
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, _):
        with client_of(sandbox).submitting(to) as connection:
            while connection.recv(65536):
                if to != "+99920000006":
                    break
        ((report_id, code),) = receiver.codes(1)
        assert (report_id, code) == (client_of(sandbox).messages[0]["message_id"], 1001)


def test_a_report_can_beat_the_answer(receiver: Receiver) -> None:
    with reporting(ReportTarget(url=receiver.url, delay=60)) as (sandbox, _):
        answered = client_of(sandbox).send("+99930000007", Userdata="x" * 161)
        own = answered.fields[2]
        # Both are there already, and nothing had to be waited for.
        reports = [json.loads(receiver.got.get_nowait().body) for _ in range(2)]
        assert [report["id"] for report in reports] == [f"{own}$0", f"{own}$1"]


def test_a_report_waits_for_its_delay(receiver: Receiver) -> None:
    with reporting(ReportTarget(url=receiver.url, delay=0.5)) as (sandbox, _):
        client_of(sandbox).send()
        begun = time.monotonic()
        receiver.next()
        assert time.monotonic() - begun > 0.3


@pytest.mark.parametrize("status", [201, 204, 302, 404, 500])
def test_only_200_is_a_receipt(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, told):
        client_of(sandbox).send()
        assert receiver.next().body == receiver.next().body
        attempts = [told.get(timeout=10) for _ in range(2)]
    assert [(each.attempt, each.fate, each.status) for each in attempts] == [
        (1, Fate.WAITING, status),
        (2, Fate.DELIVERED, 200),
    ]


def test_the_parts_behind_a_failed_report_wait_for_it(receiver: Receiver) -> None:
    receiver.statuses = [200, 500]
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, _):
        own = client_of(sandbox).send(Userdata="x" * 400).fields[2]
        assert receiver.codes(4) == [
            (f"{own}$0", 1001),
            (f"{own}$1", 1001),
            (f"{own}$1", 1001),
            (f"{own}$2", 1001),
        ]


def test_a_receiver_that_is_down_gets_its_reports_when_it_is_back() -> None:
    receiver = Receiver()
    port = int(free_port())
    with reporting(ReportTarget(url=f"http://127.0.0.1:{port}/dlr")) as (sandbox, told):
        own = client_of(sandbox).send().fields[2]
        first = told.get(timeout=10)
        assert (first.fate, first.status, first.failure) == (
            Fate.WAITING,
            None,
            "connection refused",
        )
        with receiving(receiver, port=port):
            assert receiver.codes(1) == [(own, 1001)]


def test_a_report_is_given_up_in_the_end(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "ATTEMPTS", 2)
    receiver.statuses = [500, 500]
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, told):
        client_of(sandbox).send(Userdata="x" * 161)
        fates = [told.get(timeout=10) for _ in range(3)]
    assert [(each.place, each.attempt, each.fate) for each in fates] == [
        (0, 1, Fate.WAITING),
        (0, 2, Fate.GIVEN_UP),
        (1, 1, Fate.DELIVERED),
    ]


def test_too_many_waiting_reports_are_given_up_at_once(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "_WAITING", 1)
    with reporting(ReportTarget(url=receiver.url, delay=60)) as (sandbox, told):
        for _ in range(2):
            client_of(sandbox).send()
        given_up = told.get(timeout=10)
    assert (given_up.fate, given_up.failure) == (Fate.GIVEN_UP, "too many reports are waiting")


def test_a_user_and_a_password_in_the_url_are_sent_as_basic_auth(receiver: Receiver) -> None:
    url = receiver.url.replace("//", "//us%65r:p%40ss@")
    with reporting(ReportTarget(url=url)) as (sandbox, _):
        client_of(sandbox).send()
        report = receiver.next()
    assert report.headers["authorization"] == "Basic dXNlcjpwQHNz"
    assert report.headers["host"] == urlsplit(receiver.url).netloc


def test_no_proxy_has_a_say(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with reporting(ReportTarget(url=receiver.url)) as (sandbox, _):
        client_of(sandbox).send()
        assert receiver.next().target == "/dlr"


@pytest.mark.parametrize(
    ("scheme", "answer", "failure"),
    [
        ("http", b"", "the connection was closed without an answer"),
        ("http", b"SSH-2.0-x\r\n", "an answer that is not HTTP"),
        ("https", b"HTTP/1.1 400 Bad Request\r\n\r\n", "TLS failed (WRONG_VERSION_NUMBER)"),
    ],
)
def test_what_no_receiver_answers_is_said_in_words(
    scheme: str, answer: bytes, failure: str
) -> None:
    with (
        Recorder(then_close(answer)) as server,
        reporting(ReportTarget(url=f"{scheme}://u:s3cret@{server.netloc}/token")) as (
            sandbox,
            told,
        ),
    ):
        client_of(sandbox).send()
        attempt = told.get(timeout=10)
    assert (attempt.fate, attempt.status, attempt.failure) == (Fate.WAITING, None, failure)


@pytest.mark.parametrize("host", ["[fe80::1%nosuch]", f"{'x' * 64}.invalid"])
def test_a_host_that_does_not_exist_says_so(host: str) -> None:
    with reporting(ReportTarget(url=f"http://{host}/")) as (sandbox, told):
        client_of(sandbox).send()
        assert told.get(timeout=20).failure == "no such host"


def test_a_receiver_that_hangs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "TIMEOUT", 0.2)
    with (
        Recorder(silence) as server,
        reporting(ReportTarget(url=server.url)) as (sandbox, told),
    ):
        client_of(sandbox).send()
        assert told.get(timeout=10).failure == "no answer in time"


def test_it_ends_at_once_with_reports_under_way_and_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courier, "TIMEOUT", 60)
    before = set(threading.enumerate())
    with Recorder(silence) as server:
        sandbox = Sandbox(SandboxSettings(dlr=ReportTarget(url=server.url)))
        client = client_of(sandbox)
        for _ in range(6):
            client.send()
        with client.submitting("+99930000007"):
            while len(client.messages) < 7:
                time.sleep(0.01)
            begun = time.monotonic()
            sandbox.close()
            assert time.monotonic() - begun < 20
    assert set(threading.enumerate()) <= before  # those of an earlier test may have ended


@pytest.mark.parametrize(
    "url", ["", "receiver", "ftp://host/s3cret", "http:///s3cret", "http://[::1/s3cret"]
)
def test_a_url_that_is_none_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UsageError) as failure:
        ReportTarget(url=url)
    assert failure.value.message == "--dlr-url is not the URL of a receiver"
