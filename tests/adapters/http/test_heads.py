"""Heads of requests: what is read, what is refused, and what is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.http.heads import read_head
from linksms_cli.adapters.http.messages import HttpRequestError

FIELDS = 10


def refused(octets: bytes) -> int:
    with pytest.raises(HttpRequestError) as failure:
        read_head(octets, FIELDS)
    assert failure.value.answer.close
    return failure.value.answer.status


def test_what_a_head_says() -> None:
    head = read_head(
        b"POST /dlr/?a=1&b=?x HTTP/1.1\r\nHost: x\r\nX-Twice: a\r\nx-twice: b\r\n"
        b"Content-Length: 12\r\n\r\n",
        FIELDS,
    )
    assert (head.method, head.path, head.query) == (b"POST", b"/dlr/", b"a=1&b=?x")
    assert head.fields == {b"host": b"x", b"x-twice": b"a, b", b"content-length": b"12"}
    assert (head.version, head.keep_alive, head.length) == ("1.1", True, 12)


@pytest.mark.parametrize(
    ("line", "keep_alive"),
    [
        (b"HTTP/1.1\r\n", True),
        (b"HTTP/1.1\r\nConnection: close\r\n", False),
        (b"HTTP/1.1\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n", False),
        (b"HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n", True),
        (b"HTTP/1.0\r\n", False),
        (b"HTTP/1.0\r\nConnection: keep-alive\r\n", True),
    ],
)
def test_whether_the_connection_stays(line: bytes, keep_alive: bool) -> None:
    assert read_head(b"GET / " + line + b"\r\n", FIELDS).keep_alive is keep_alive


def test_an_offer_to_upgrade_is_passed_over_and_the_body_counts() -> None:
    offer = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
    measured = read_head(b"POST / HTTP/1.1\r\n" + offer + b"Content-Length: 5\r\n\r\n", FIELDS)
    chunked = read_head(
        b"POST / HTTP/1.1\r\n" + offer + b"Transfer-Encoding: chunked\r\n\r\n", FIELDS
    )
    assert (measured.length, chunked.length) == (5, None)


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("operator=Tele­ø".encode(), b"operator=Tele%C2%AD%C3%B8"),
        ("operator=ø".encode("latin-1"), b"operator=%F8"),
        (b"a=1#b", b"a=1#b"),
    ],
)
def test_octets_beyond_ascii_in_a_query_count_as_percent_encoded(query: bytes, read: bytes) -> None:
    assert read_head(b"GET /dlr?" + query + b" HTTP/1.1\r\nX: \xf8\r\n\r\n", FIELDS).query == read


def test_a_proxy_may_give_the_whole_url() -> None:
    assert read_head(b"GET HTTP://h:80/dlr?a HTTP/1.1\r\n\r\n", FIELDS).path == b"/dlr"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", 400),
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 400),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Content-Length: -5\r\n", 400),
        (b"Content-Length: +5\r\n", 400),
        (b"Content-Length: 99999999999999999999\r\n", 400),
        (b"Transfer-Encoding: chunked, gzip\r\n", 400),
        (b"Transfer-Encoding: gzip, chunked\r\n", 501),
        (b"Name : value\r\n", 400),
        (b"Name: a\r\n folded\r\n", 400),
        (b"Name: \x00\r\n", 400),
        (b"X-N: 1\r\n" * (FIELDS + 1), 431),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(fields: bytes, status: int) -> None:
    assert refused(b"POST / HTTP/1.1\r\n" + fields + b"\r\n") == status


@pytest.mark.parametrize(
    "octets",
    [
        b"CONNECT x:443 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\n\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
        b"G\xf8T / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(octets: bytes) -> None:
    assert refused(octets) == 400


PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [
            *(b"GET ", b"POST ", b"/dlr", b"?a=1", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b": "),
            *(b"Content-Length", b"Transfer-Encoding", b"chunked", b"Upgrade", b"h2c", b"12"),
            *(b"Connection", b"close", b"Expect", b"\xf8", b"\n", b"\r", b"\x00", b" "),
        ]
    ),
)


@given(st.lists(PIECES, max_size=20).map(b"".join))
def test_any_octets_are_a_head_or_refused(octets: bytes) -> None:
    try:
        head = read_head(octets.replace(b"\r\n\r\n", b"\r\n") + b"\r\n\r\n", FIELDS)
    except HttpRequestError:
        return
    assert (head.path + head.query).isascii()
    assert head.length is None or head.length >= 0


def test_a_query_that_is_not_ascii_is_also_there_as_it_came() -> None:
    head = read_head(b"GET /x?a=\xe5&b=%20 HTTP/1.1\r\n\r\n", FIELDS)
    assert (head.query, head.query_as_sent) == (b"a=%E5&b=%20", b"a=\xe5&b=%20")
    assert read_head(b"GET /x?a=%E5 HTTP/1.1\r\n\r\n", FIELDS).query_as_sent is None
