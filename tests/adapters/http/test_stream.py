"""Requests found in a stream of octets, wherever it is cut."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.messages import HttpRequestError
from linksms_cli.adapters.http.stream import RequestStream

LIMITS = HttpLimits(head=1000, body=500)
CUTS = st.lists(st.integers(0, 10_000), max_size=10)


def measured(body: bytes) -> bytes:
    return b"POST /dlr?q HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def chunked(body: bytes) -> bytes:
    head = b"POST /dlr?q HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (len(body), body) if body else b""
    return head + chunk + b"0\r\n\r\n"


def found(octets: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Return the bodies of the requests in a stream, which is fed in pieces."""
    stream = RequestStream(LIMITS)
    edges = sorted({0, len(octets), *(cut % (len(octets) + 1) for cut in cuts)})
    bodies: list[bytes] = []
    in_body = False
    for start, end in pairwise(edges):
        stream.feed(octets[start:end])
        while stream or in_body:
            if not in_body:
                head = stream.read_head()
                if head is None:
                    break
                stream.expect_body(head, keep=True)
                in_body = True
            body = stream.read_body()
            if body is None:
                break
            bodies.append(body)
            in_body = False
    assert stream.held <= LIMITS.head + LIMITS.body + len(octets)
    return bodies


@given(st.lists(st.tuples(st.binary(max_size=200), st.booleans()), max_size=6), CUTS)
def test_every_cut_finds_the_same_requests(
    requests: list[tuple[bytes, bool]], cuts: list[int]
) -> None:
    octets = b"\r\n".join(chunked(body) if long else measured(body) for body, long in requests)
    assert found(octets, cuts) == [body for body, _ in requests]


PIECES = st.sampled_from(
    [
        *(b"GET ", b"/dlr", b" HTTP/1.1", b"\r\n", b"\r\n\r\n", b"Content-Length: 3", b"abc"),
        *(b"Transfer-Encoding: chunked", b"3\r\nabc\r\n0\r\n\r\n", b"\n\n", b"\xff", b"\x00"),
    ]
)


@given(st.lists(PIECES, max_size=20).map(b"".join), CUTS)
def test_any_octets_are_requests_or_refused(octets: bytes, cuts: list[int]) -> None:
    try:
        bodies = found(octets, cuts)
    except HttpRequestError:
        return
    assert all(len(body) <= LIMITS.body for body in bodies)


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"GET /" + b"x" * 1000, 431),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 1000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 501\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1f5\r\n" + b"x" * 501, 413),
        (b"hello", 400),
        (b"GET / HTTP/1.1\n\n", 400),
    ],
)
def test_what_goes_beyond_is_refused_as_soon_as_it_shows(octets: bytes, status: int) -> None:
    with pytest.raises(HttpRequestError) as failure:
        found(octets, [])
    assert failure.value.answer.status == status
