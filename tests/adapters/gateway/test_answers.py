"""Answers as servers and proxies pack them: taken whole, or not at all."""

import gzip
import zlib
from collections.abc import Callable

import pytest

from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.tls import tls_context
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.exchange import Exchange, Fault
from linksms_cli.sms.mt.message import Draft
from tests.loopback import Answer, Recorder, http

MESSAGE = Draft(source="LINK", text="x").to("+99955501234")
PLAIN = b"1005;Queued;Dcshuhod0PMAAAFQ+/PbnR3xAAAABBBBCCCCDDDDEEEE"
ID = "Dcshuhod0PMAAAFQ+/PbnR3xAAAABBBBCCCCDDDDEEEE"


def exchange(answer: Answer, *, timeout: float = 5) -> Exchange:
    with Recorder(answer) as recorder:
        account = Account(base_url=recorder.url, service_id=1, username="u", password="p")
        gateway = Gateway(account, tls_context=lambda: tls_context(None))
        made = gateway.submit(MESSAGE, timeout=timeout)
        gateway.close()
    return made


def coded(body: bytes, coding: str) -> bytes:
    return http(body, "200 OK", f"Content-Encoding: {coding}")


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKED = {
    "gzip": ("gzip", gzip.compress(PLAIN)),
    "gzip by its old name": ("X-GZIP", gzip.compress(PLAIN)),
    "gzip in two members": ("gzip", gzip.compress(PLAIN[:30]) + gzip.compress(PLAIN[30:])),
    "gzip with padding": ("gzip", gzip.compress(PLAIN) + b"\0\0\0\0"),
    "deflate": ("deflate", zlib.compress(PLAIN)),
    "deflate without its header": ("deflate", bare(PLAIN)),
    "one in the other": ("deflate, gzip", gzip.compress(zlib.compress(PLAIN))),
    "not at all": ("identity", PLAIN),
    "a coding that is none": ("utf-8", PLAIN),
}


@pytest.mark.parametrize(("coding", "body"), PACKED.values(), ids=PACKED)
def test_a_packed_answer_is_taken_whole(coding: str, body: bytes) -> None:
    answer = exchange(coded(body, coding)).answer
    assert (answer and answer.code, answer and answer.message_id) == (1005, ID)


@pytest.mark.parametrize("missing", [1, 8, 10, 14, 20, 30])
@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)],
)
def test_a_packed_answer_that_is_cut_off_is_none(
    coding: str, pack: Callable[[bytes], bytes], missing: int
) -> None:
    made = exchange(coded(pack(PLAIN)[:-missing], coding))
    assert (made.sent, made.status, made.answer, made.fault) == (True, 200, None, Fault.CUT)


def test_a_second_part_that_is_cut_off_is_none() -> None:
    whole = gzip.compress(PLAIN[:30])
    for rest in (gzip.compress(PLAIN[30:])[:-9], b"\x1f"):
        made = exchange(coded(whole + rest, "gzip"))
        assert (made.answer, made.fault) == (None, Fault.CUT)


def test_what_is_not_packed_as_it_says_is_unreadable() -> None:
    for coding in ("gzip", "deflate"):
        made = exchange(coded(PLAIN, coding))
        assert (made.answer, made.fault) == (None, Fault.UNREADABLE)
        assert made.detail == "an answer that cannot be decompressed"


def test_what_unpacks_to_far_too_much_is_given_up() -> None:
    for body in (gzip.compress(PLAIN + b" " * 50_000_000), gzip.compress(b" " * 999) * 999):
        made = exchange(coded(body, "gzip"))
        assert (made.answer, made.fault) == (None, Fault.TOO_LONG)


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@pytest.mark.parametrize(
    "interim",
    [INTERIM, INTERIM * 3, b"HTTP/1.1 100 Continue\r\n\r\n" + INTERIM, b"HTTP/1.1 102 x\r\n\r\n"],
    ids=["one", "three", "two kinds", "without headers"],
)
def test_what_is_only_informational_is_passed_over(interim: bytes) -> None:
    made = exchange(interim + http(PLAIN))
    assert (made.status, made.answer and made.answer.message_id) == (200, ID)


def test_information_that_never_ends_is_no_answer() -> None:
    made = exchange(INTERIM * 1000)
    assert (made.sent, made.answer, made.fault) == (True, None, Fault.UNREADABLE)


def test_another_protocol_is_no_answer() -> None:
    made = exchange(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
    assert (made.sent, made.status, made.answer) == (True, 101, None)


def test_an_answer_of_two_lengths_is_none() -> None:
    made = exchange(http(PLAIN, "200 OK", "Content-Length: 7"))
    assert (made.answer, made.fault) == (None, Fault.UNREADABLE)
    assert made.detail == "an answer with two lengths"


def test_a_wish_to_wait_beyond_the_calendar_does_not_spoil_the_answer() -> None:
    for wish in ("Mon, 01 Jan 99999 00:00:00 GMT", "soon", "9" * 5000):
        made = exchange(http(PLAIN, "200 OK", f"Retry-After: {wish}"))
        assert (made.retry_after, made.answer and made.answer.message_id) == (None, ID)
