"""The server against clients that mean no good, or cannot do better."""

import asyncio
import resource
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest

from linksms_cli.actions.listen.receiver import Receiver
from linksms_cli.actions.listen.recorder import Recorder
from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.store import store_in
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.dlr.receiving import Callback, ReceivedReport
from tests.conftest import needs
from tests.reporting import report, request

HEAD = b"POST /dlr HTTP/1.1\r\nHost: x\r\n"


LIMITS = HttpLimits(request_seconds=1.0, answer_seconds=1.0)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(store_in(tmp_path), limits=LIMITS) as receiver:
        yield receiver


def connect(receiver: Receiver) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(receiver.url).port or 0), timeout=20)


def until_closed(client: socket.socket) -> bytes:
    """Return what comes until the other end closes."""
    came = b""
    with client:
        while True:
            try:
                chunk = client.recv(65536)
            except ConnectionError:
                return came
            if not chunk:
                return came
            came += chunk


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        HEAD + b"X-Unfinished",
        HEAD + b"Content-Length: 1000\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        b"\r\n",
    ],
    ids=["silent", "headers", "body", "chunks", "nothing"],
)
def test_a_thousand_slow_clients_keep_no_report_away(receiver: Receiver, beginning: bytes) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4096:
        pytest.skip("this machine allows too few files for a thousand connections")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    clients = [connect(receiver) for _ in range(1000)]
    for client in clients:
        client.sendall(beginning)
    started = time.monotonic()
    assert request(receiver.url, report(), timeout=10).status == 200
    for client in clients:
        assert until_closed(client) == b""
    assert time.monotonic() - started < 15
    assert request(receiver.url, report()).status == 200


@pytest.mark.parametrize("line", [b"X-More: yes\r\n", b"\r\n"])
def test_a_trickle_is_cut(receiver: Receiver, line: bytes) -> None:
    trickle(receiver, HEAD if line != b"\r\n" else b"", line)


def test_a_trickled_body_is_cut_and_not_stored(receiver: Receiver) -> None:
    trickle(receiver, HEAD + b"Content-Length: 1000\r\n\r\n", b"x")
    assert list(receiver.told(0.2)) == []


def test_a_body_after_an_answer_is_cut(receiver: Receiver) -> None:
    head = b"POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    assert trickle(receiver, head, b"x").startswith(b"HTTP/1.1 404")


def trickle(receiver: Receiver, beginning: bytes, piece: bytes) -> bytes:
    """Send a piece every tenth of a second until the server has had enough."""
    came = b""
    with closing(connect(receiver)) as client:
        client.sendall(beginning)
        client.settimeout(0.1)
        started = time.monotonic()
        while time.monotonic() - started < 15:
            try:
                chunk = client.recv(1000)
                if not chunk:
                    return came
                came += chunk
                client.sendall(piece)
            except TimeoutError:
                client.sendall(piece)
            except ConnectionError:
                return came
    raise AssertionError("it was never cut")


def test_who_stays_away_after_an_answer_is_cut(receiver: Receiver) -> None:
    client = connect(receiver)
    body = report()
    client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert until_closed(client).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_slow_store_cuts_nobody(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    take = Recorder.take

    def slowly(self: Recorder, callback: Callback, stored: Callable[[bool], None]) -> None:
        asyncio.get_running_loop().call_later(2, take, self, callback, stored)

    monkeypatch.setattr(Recorder, "take", slowly)
    assert request(receiver.url, report()).status == 200


def test_endless_headers_are_refused(receiver: Receiver) -> None:
    client = connect(receiver)
    client.sendall(HEAD)
    try:
        for number in range(100_000):
            client.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))
    except ConnectionError:
        pass
    # The reset that cuts it may overtake the answer.
    assert until_closed(client)[:12] in {b"HTTP/1.1 431", b""}
    assert request(receiver.url, report()).status == 200


def test_one_connection_too_many_cuts_the_one_that_waits_longest(
    tmp_path: Path,
) -> None:
    with Receiver(store_in(tmp_path), limits=HttpLimits(connections=3)) as receiver:
        first, second, third = [connect(receiver) for _ in range(3)]
        body = report()
        first.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        assert first.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
        assert request(receiver.url, report()).status == 200
        assert until_closed(second) == b""
        for client in (first, third):
            client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert client.recv(1000).startswith(b"HTTP/1.1 200 OK\r\n")
            client.close()


def test_an_announcement_of_too_much_is_refused_before_it_is_sent(receiver: Receiver) -> None:
    asking = HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    too_much = connect(receiver)
    too_much.sendall(asking % 70_000)
    assert until_closed(too_much).startswith(b"HTTP/1.1 413")
    body = report()
    client = connect(receiver)
    client.sendall(asking % len(body))
    assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(body)
    assert until_closed(client).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    "beginning",
    [b"", HEAD, HEAD + b"Content-Length: 1000\r\n\r\n{"],
    ids=["silent", "headers", "body"],
)
def test_what_has_not_arrived_whole_holds_up_no_end(tmp_path: Path, beginning: bytes) -> None:
    with Receiver(store_in(tmp_path)) as receiver:
        client = connect(receiver)
        client.sendall(beginning)
        assert request(receiver.url, report()).status == 200  # by now the other has arrived too
        started = time.monotonic()
    assert time.monotonic() - started < LIMITS.closing_seconds
    assert until_closed(client) == b""


def test_a_store_that_is_locked_holds_up_no_end(tmp_path: Path) -> None:
    with closing(database.connect(tmp_path)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with Receiver(store_in(tmp_path), limits=HttpLimits(closing_seconds=0.2)) as receiver:
            client = connect(receiver)
            body = report()
            client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert request(receiver.url.replace("/dlr", "/else")).status == 404
            started = time.monotonic()
        assert time.monotonic() - started < database.BUSY_TIMEOUT / 1000 - 1
        assert until_closed(client) == b""


def test_what_has_arrived_whole_is_finished_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = Event()
    take = Recorder.take

    def slowly(self: Recorder, callback: Callback, stored: Callable[[bool], None]) -> None:
        arrived.set()
        asyncio.get_running_loop().call_later(0.5, take, self, callback, stored)

    monkeypatch.setattr(Recorder, "take", slowly)
    body = report()
    whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with Receiver(store_in(tmp_path)) as receiver:
        client = connect(receiver)
        client.sendall(whole + HEAD + b"Content-Length: 1000\r\n\r\n{")
        assert arrived.wait(10)
        started = time.monotonic()
    assert time.monotonic() - started < LIMITS.closing_seconds
    assert until_closed(client).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 100\r\n\r\nid=a&resultCode=100",
        b"Transfer-Encoding: chunked\r\n\r\n64\r\nid=a&resultCode=100",
        b"Transfer-Encoding: chunked\r\n\r\n13\r\nid=a&resultCode=100\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n13\r\nid=a&resultCode=100\r\nzzz\r\n",
    ],
)
def test_a_body_that_is_cut_short_is_never_taken_for_whole(receiver: Receiver, rest: bytes) -> None:
    client = connect(receiver)
    client.sendall(HEAD + rest)
    client.shutdown(socket.SHUT_WR)
    assert not until_closed(client).startswith(b"HTTP/1.1 200")
    assert list(receiver.told(0.2)) == []


def test_a_client_that_closes_its_own_side_hears_that_its_report_is_stored(
    receiver: Receiver,
) -> None:
    client = connect(receiver)
    body = report(id="m0")
    client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    client.shutdown(socket.SHUT_WR)
    assert until_closed(client).startswith(b"HTTP/1.1 200 OK\r\n")
    assert ids(receiver, 1) == ["m0"]


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_octets_beyond_ascii_in_a_query_are_read(receiver: Receiver, coding: str) -> None:
    client = connect(receiver)
    client.sendall(
        "GET /dlr/?id=a&resultCode=1001&operator=Teleføn HTTP/1.1\r\n\r\n".encode(coding)
    )
    client.shutdown(socket.SHUT_WR)
    assert until_closed(client).startswith(b"HTTP/1.1 200 OK\r\n")
    (event,) = receiver.told(5)
    assert isinstance(event, ReceivedReport)
    assert event.report.operator == "Teleføn"


def test_requests_that_come_at_once_are_answered_in_order(receiver: Receiver) -> None:
    client = connect(receiver)
    bodies = [report(id=f"m{number}") for number in range(20)]
    client.sendall(
        b"".join(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies)
    )
    assert until_closed(client).count(b"HTTP/1.1 200 OK") == 20


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"


def ids(receiver: Receiver, number: int) -> list[str]:
    """Return the ids of the reports that were stored, in their order."""
    told: list[str] = []
    while len(told) < number:
        told += [event.report.id for event in receiver.told(5) if isinstance(event, ReceivedReport)]
    return told


def test_an_offer_to_upgrade_costs_no_report_its_body(receiver: Receiver) -> None:
    body = report(id="m0")
    whole = HEAD + OFFER + b"Content-Length: %d\r\n\r\n" % len(body) + body
    chunked = HEAD + OFFER + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body)
    client = connect(receiver)
    client.sendall(whole)
    client.sendall(HEAD.replace(b"/dlr", b"/dlr?token=abc") + whole.removeprefix(HEAD))
    client.sendall(chunked + body + b"\r\n0\r\n\r\n")
    assert until_closed(client).count(b"HTTP/1.1 200 OK") == 3
    assert ids(receiver, 3) == ["m0"] * 3


def test_an_offer_to_upgrade_mixes_up_no_requests_behind_it(receiver: Receiver) -> None:
    bodies = [report(id=f"m{number}") for number in range(6)]
    stream = b"".join(
        HEAD + (OFFER if number % 3 else b"") + b"Content-Length: %d\r\n\r\n" % len(body) + body
        for number, body in enumerate(bodies)
    )
    for size in (len(stream), 400, 7):
        client = connect(receiver)
        for start in range(0, len(stream), size):
            client.sendall(stream[start : start + size])
        assert until_closed(client).count(b"HTTP/1.1 200 OK") == 6
        assert ids(receiver, 6) == [f"m{number}" for number in range(6)]


def test_an_offer_to_upgrade_keeps_the_rest_of_what_the_headers_say(receiver: Receiver) -> None:
    body = report()
    offer = OFFER.replace(b"HTTP2-Settings\r\n", b"close\r\n", 1)
    client = connect(receiver)
    client.sendall(HEAD + offer + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    started = time.monotonic()
    answer = until_closed(client)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close" in answer
    assert time.monotonic() - started < LIMITS.request_seconds
    short = connect(receiver)
    short.sendall(HEAD + OFFER + b"Content-Length: 1000\r\n\r\n" + body)
    assert until_closed(short) == b""
    bad = connect(receiver)
    bad.sendall(b"CONNECT /dlr HTTP/1.1\r\nHost: x\r\n" + OFFER + b"\r\n")
    assert not until_closed(bad).startswith(b"HTTP/1.1 200")


@needs("curl")
def test_curl_that_offers_http2_is_heard(receiver: Receiver) -> None:
    words = ["curl", "-sS", "--http2", "-o", "-", "-w", "%{http_code}", "--data-binary", "@-"]
    done = subprocess.run(
        [*words, receiver.url], input=report(id="m0"), capture_output=True, check=True, timeout=30
    )
    assert done.stdout == b"200"
    assert ids(receiver, 1) == ["m0"]
