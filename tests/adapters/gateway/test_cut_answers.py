"""Every way in which a response can fail to come whole, byte by byte, plain and over TLS.

A status alone decides nothing against a message if an answer behind it may have been cut off, and
an id counts only if its end is proven: by a length, by a last chunk, or by TLS's close_notify.
"""

import gzip
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import trustme

from linksms_cli.adapters.gateway import Gateway
from linksms_cli.errors import ExitCode
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt import answer as answers
from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.verdict import Verdict, decide
from linksms_cli.sms.outcome import Outcome
from tests.conftest import Linksms, account
from tests.loopback import Answer, Recorder, say_no_more, server_context

MESSAGE = Draft(source="LINK", text="x").to("+99955501234")
ID = "Dcshuhod0PMAAAFQ+/PbnR3x"
ACCEPTED = f"1005;Queued;{ID}".encode()
# Where a body may end so that its code is proven: behind the first semicolon.
CODE = ACCEPTED.index(b";") + 1
PAGE = b"<html><body>1005;Queued;abc</body></html>"

# What a status decides by itself: outcome, exit code, whether --retry may try again.
Decision = tuple[Outcome, int, bool]
UNKNOWN: Decision = (Outcome.UNKNOWN, 7, False)
BY_STATUS: dict[str, Decision] = {
    "200 OK": UNKNOWN,
    "302 Found": (Outcome.NOT_SENT, 3, False),
    "400 Bad Request": (Outcome.REJECTED, 5, False),
    "401 Unauthorized": (Outcome.REJECTED, 4, False),
    "404 Not Found": (Outcome.NOT_SENT, 3, False),
    "407 Proxy Authentication Required": (Outcome.NOT_SENT, 3, False),
    "408 Request Timeout": UNKNOWN,
    "429 Too Many Requests": (Outcome.NOT_SENT, 6, True),
    "500 Internal Server Error": UNKNOWN,
    "511 Network Authentication Required": (Outcome.NOT_SENT, 3, False),
}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert("127.0.0.1"))


@pytest.fixture(scope="module")
def client(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def ends(octets: bytes, *, notify: bool = False) -> Answer:
    """Say that much and end: the connection alone, or after TLS's close_notify."""

    def say(connection: socket.socket) -> None:
        connection.sendall(octets)
        if notify:
            assert isinstance(connection, ssl.SSLSocket)
            connection.unwrap()
        else:
            say_no_more(connection)

    return say


def response(status: str, framing: str, body: bytes, *headers: str) -> tuple[bytes, int]:
    """Write a response, and say where its body begins."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    lines += {
        "length": [f"Content-Length: {len(body)}"],
        "chunked": ["Transfer-Encoding: chunked"],
        "none": [],
    }[framing]
    head = "\r\n".join([*lines, "", ""]).encode()
    if framing == "chunked":
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in halves(body) if part)
        body += b"0\r\n\r\n"
    return head + body, len(head)


def halves(body: bytes) -> tuple[bytes, bytes]:
    return body[: len(body) // 2], body[len(body) // 2 :]


@dataclass
class Place:
    """A server to cut answers short, and the client's view of it."""

    recorder: Recorder
    gateway: Gateway

    def verdict(self, answer: Answer) -> Verdict:
        self.recorder.answers = [answer]
        return decide(self.gateway.submit(MESSAGE, timeout=10))


@pytest.fixture
def plain() -> Iterator[Place]:
    yield from place(None, None)


@pytest.fixture
def secure(server: ssl.SSLContext, client: ssl.SSLContext) -> Iterator[Place]:
    yield from place(server, client)


def place(server: ssl.SSLContext | None, client: ssl.SSLContext | None) -> Iterator[Place]:
    with Recorder(context=server) as recorder:
        account = Account(base_url=recorder.url, service_id=1, username="u", password="p")
        gateway = Gateway(account, tls_context=lambda: client or ssl.create_default_context())
        yield Place(recorder, gateway)
        gateway.close()


def decision(verdict: Verdict) -> Decision:
    return verdict.outcome, int(verdict.exit_code), verdict.may_retry


def ids(verdict: Verdict) -> tuple[str | None, str | None]:
    return verdict.message_id, verdict.doubtful_id


WHOLE: Decision = (Outcome.ACCEPTED, 0, False)


def every_cut(place: Place, whole: bytes, *, notify: bool = False) -> Iterator[tuple[int, Verdict]]:
    for cut in range(len(whole) + 1):
        yield cut, place.verdict(ends(whole[:cut], notify=notify))


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("status", BY_STATUS)
def test_an_answer_with_a_proven_end_is_taken_whole_or_not_at_all(
    plain: Place, status: str, framing: str
) -> None:
    whole, _ = response(status, framing, ACCEPTED)
    # A last chunk is the end, whether the empty line behind it comes or not.
    last = len(whole) - (2 if framing == "chunked" else 0)
    for cut, verdict in every_cut(plain, whole):
        assert decision(verdict) == (WHOLE if cut >= last else UNKNOWN), whole[:cut]
        assert ids(verdict) == (ID if cut >= last else None, None)


@pytest.mark.parametrize("status", BY_STATUS)
def test_an_answer_without_a_length_has_a_code_and_no_id(plain: Place, status: str) -> None:
    whole, body = response(status, "none", ACCEPTED)
    for cut, verdict in every_cut(plain, whole):
        assert decision(verdict) == (WHOLE if cut >= body + CODE else UNKNOWN), whole[:cut]
        came = whole[body:cut].decode().split(";")
        assert ids(verdict) == (None, came[2] or None if len(came) == 3 else None)


@pytest.mark.parametrize("status", ["200 OK", "429 Too Many Requests"])
@pytest.mark.parametrize("framing", ["length", "chunked", "none"])
def test_the_same_over_tls_that_is_cut(secure: Place, status: str, framing: str) -> None:
    whole, body = response(status, framing, ACCEPTED)
    last = {"length": len(whole), "chunked": len(whole) - 2, "none": body + CODE}[framing]
    for cut, verdict in every_cut(secure, whole):
        assert decision(verdict) == (WHOLE if cut >= last else UNKNOWN), whole[:cut]
        assert verdict.message_id == (ID if cut >= last and framing != "none" else None)


def test_what_tls_calls_the_end_is_the_end(secure: Place) -> None:
    whole, body = response("200 OK", "none", ACCEPTED)
    for cut, verdict in every_cut(secure, whole, notify=True):
        if cut >= body + CODE:
            came = whole[body:cut].decode().split(";")
            assert ids(verdict) == ((came[2] or None) if len(came) == 3 else None, None)
        else:
            assert decision(verdict) == UNKNOWN
    for status, decided in BY_STATUS.items():
        empty, _ = response(status, "none", b"")
        assert decision(secure.verdict(ends(empty, notify=True))) == decided
        assert decision(secure.verdict(ends(empty))) == UNKNOWN


@pytest.mark.parametrize("framing", ["length", "chunked", "none"])
@pytest.mark.parametrize("status", BY_STATUS)
def test_a_body_that_holds_no_answer_leaves_it_to_the_status(
    plain: Place, status: str, framing: str
) -> None:
    """A page cannot become an answer: from its first character on, its status decides."""
    whole, body = response(status, framing, PAGE)
    seen = Counter(
        (cut > body + (len("14\r\n") if framing == "chunked" else 0), decision(verdict))
        for cut, verdict in every_cut(plain, whole)
    )
    assert set(seen) == {(False, UNKNOWN), (True, BY_STATUS[status])}


@pytest.mark.parametrize("status", BY_STATUS)
def test_no_body_at_all(plain: Place, status: str) -> None:
    for framing, decided in {
        "length": BY_STATUS[status],
        "chunked": BY_STATUS[status],
        "none": UNKNOWN,
    }.items():
        empty, _ = response(status, framing, b"")
        assert decision(plain.verdict(ends(empty))) == decided, framing


# What has come of a body that ends too early, and whether it may be the beginning of an answer.
BEGINNINGS = {
    b"": True,
    b"\xef": True,
    b"\xef\xbb": True,
    b"\xef\xbb\xbf": True,
    b" \r\n": True,
    b"1": True,
    b"1005": True,
    b"1005 ": True,
    b"1005 ;Que": True,
    b"1005;Que\xc3": True,
    b"1234567": False,
    b"1005 Q": False,
    b"OK": False,
    b"{": False,
    b"<": False,
    b"-1;": False,
    b"\xef\xbb\xbf<": False,
}


@pytest.mark.parametrize(("beginning", "may_be"), BEGINNINGS.items())
def test_what_may_be_the_beginning_of_an_answer(
    plain: Place, beginning: bytes, may_be: bool
) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 99\r\n\r\n"
    verdict = plain.verdict(ends(head + beginning))
    assert decision(verdict) == (UNKNOWN if may_be else BY_STATUS["404 Not Found"])


@pytest.mark.parametrize("status", ["404 Not Found", "429 Too Many Requests"])
def test_a_packed_answer_that_is_cut(plain: Place, status: str) -> None:
    decided = BY_STATUS[status]
    for body, packed_too_little in ((ACCEPTED, UNKNOWN), (PAGE, decided)):
        whole, _ = response(status, "length", gzip.compress(body), "Content-Encoding: gzip")
        found = [decision(verdict) for _, verdict in every_cut(plain, whole)]
        assert set(found[:-1]) == {UNKNOWN, packed_too_little}
        assert found[-2] == packed_too_little
        assert found[-1] == (WHOLE if body == ACCEPTED else decided)


def test_an_encoding_whose_end_cannot_be_found_is_no_answer(plain: Place) -> None:
    body = b"12;x\r\n1005;Queued;abc123\r\n0\r\n\r\n"
    head = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    verdict = plain.verdict(ends(head + body))
    assert (decision(verdict), verdict.result_code) == (UNKNOWN, None)


BODILESS: dict[str, Decision] = {
    "204 No Content": UNKNOWN,
    "304 Not Modified": (Outcome.NOT_SENT, 3, False),
}


@pytest.mark.parametrize("status", BODILESS)
def test_an_answer_that_should_have_no_body_is_read_all_the_same(plain: Place, status: str) -> None:
    for framing in ("length", "chunked"):
        whole, _ = response(status, framing, ACCEPTED)
        last = len(whole) - (2 if framing == "chunked" else 0)
        for cut, verdict in every_cut(plain, whole):
            assert decision(verdict) == (WHOLE if cut >= last else UNKNOWN), whole[:cut]
    whole, body = response(status, "none", ACCEPTED)
    for cut, verdict in every_cut(plain, whole):
        # Nothing behind the head is what such a status means.
        expected = WHOLE if cut >= body + CODE else BODILESS[status] if cut == body else UNKNOWN
        assert (decision(verdict), verdict.message_id) == (expected, None), whole[:cut]
    kept = plain.verdict(f"HTTP/1.1 {status}\r\n\r\n".encode())
    assert decision(kept) == BODILESS[status]


def test_more_than_its_length_says_that_the_length_is_wrong(plain: Place) -> None:
    """As where a server counts characters: the last ones of the id would be lost."""
    for status, decided in BY_STATUS.items():
        whole, _ = response(status, "length", ACCEPTED)
        for length in range(len(ACCEPTED)):
            short = whole.replace(b"Length: %d" % len(ACCEPTED), b"Length: %d" % length)
            verdict = plain.verdict(ends(short))
            assert decision(verdict) == (WHOLE if length >= CODE else UNKNOWN), short
            assert verdict.message_id is None
        page, _ = response(status, "length", PAGE)
        short = page.replace(b"Length: %d" % len(PAGE), b"Length: 5")
        assert decision(plain.verdict(ends(short))) == decided
    whole, _ = response("200 OK", "length", ACCEPTED)
    assert ids(plain.verdict(ends(whole + b"\r\n"))) == (ID, None)


def test_a_line_that_is_no_header_hides_how_the_body_ends(plain: Place) -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\nno header\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert decision(plain.verdict(ends(head + b"f\r\n1005;Queued;abc\r\n0\r\n\r\n"))) == UNKNOWN
    accepted = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\nno header\r\n\r\n1005;Queued;abc"
    verdict = plain.verdict(ends(accepted))
    assert (decision(verdict), ids(verdict)) == (WHOLE, (None, "abc"))


def reset(octets: bytes) -> Callable[[socket.socket], None]:
    """Say that much and take the connection away, whether it was read or not."""

    def say(connection: socket.socket) -> None:
        connection.sendall(octets)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()

    return say


def test_a_reset_proves_no_more_than_an_end(plain: Place) -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 99\r\n\r\n"
    for beginning in (b"", b"10", b"1005;Queued;abc"):
        assert decision(plain.verdict(reset(head + beginning))) == UNKNOWN


@pytest.mark.parametrize("status", ["404 Not Found", "429 Too Many Requests"])
def test_a_status_decides_nothing_while_the_answer_behind_it_is_read(
    plain: Place, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """Time is up when all has arrived, and nobody has looked at it yet."""
    is_read, go_on = threading.Event(), threading.Event()

    def parse(body: str, *, whole: bool) -> answers.Answer | None:
        is_read.set()
        assert go_on.wait(60)
        return parsed(body, whole=whole)

    parsed = answers.parse
    monkeypatch.setattr(answers, "parse", parse)
    plain.recorder.answers = [ends(response(status, "length", ACCEPTED)[0])]
    flight = plain.gateway.start(MESSAGE, timeout=60, landed=lambda _flight: None)
    assert is_read.wait(60)
    verdict = decide(plain.gateway.abandon(flight, Fault.TIMEOUT))
    go_on.set()
    assert decision(verdict) == UNKNOWN


def test_what_is_cut_is_never_tried_again(call: Linksms) -> None:
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--retry", "2", "--json", "x")
    for framing in ("length", "chunked", "none"):
        whole, body = response("429 Too Many Requests", framing, ACCEPTED)
        for cut in range(body, body + CODE):
            with Recorder(ends(whole[:cut])) as gateway:
                done = call(*words, "--no-store", env=account(gateway.url))
            assert (done.code, done.record["outcome"]) == (ExitCode.UNKNOWN, "unknown")
            assert len(gateway.requests) == 1


def test_an_id_that_may_be_half_of_one_is_not_used_and_this_is_said(call: Linksms) -> None:
    whole, _ = response("200 OK", "none", b"1005;Queued;Dcshuh")
    with Recorder(ends(whole)) as gateway:
        done = call(*("send", "-t", "+99955501234", "-f", "LINK", "x"), env=account(gateway.url))
    assert done.code == 0
    assert "Dcshuh" not in done.stdout
    assert (
        "warning: the answer for +99955501234 may have been cut off or garbled, so the id in it is "
        "not used: it came as Dcshuh" in done.stderr
    )
