"""Bodies as they come in, cut anywhere."""

from collections.abc import Sequence
from itertools import pairwise

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.http.bodies import ChunkedBody, HttpBody, MeasuredBody
from linksms_cli.adapters.http.messages import HttpRequestError


def feed(body: HttpBody, stream: bytes, cuts: Sequence[int]) -> bytes:
    """Feed a stream cut into pieces, as a connection does, and return what is left of it."""
    waiting = b""
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    for start, end in pairwise(edges):
        waiting += stream[start:end]
        waiting = waiting[body.take(waiting) :]
    return waiting


def in_chunks(content: bytes, sizes: Sequence[int], extension: bytes, trailers: bytes) -> bytes:
    stream, start = b"", 0
    for size in sizes:
        if piece := content[start : start + size]:
            stream += b"%x%s\r\n%s\r\n" % (len(piece), extension, piece)
        start += size
    if rest := content[start:]:
        stream += b"%X\r\n%s\r\n" % (len(rest), rest)
    return stream + b"0" + extension + b"\r\n" + trailers + b"\r\n"


CUTS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=8)


@given(st.binary(max_size=300), CUTS)
def test_a_measured_body_is_what_was_announced(stream: bytes, cuts: list[int]) -> None:
    length = len(stream) // 2
    body = MeasuredBody(length, keep=True)
    assert feed(body, stream, cuts) == stream[length:]
    assert (body.content, body.size, body.complete) == (stream[:length], length, True)


@given(
    st.binary(max_size=300),
    st.lists(st.integers(min_value=1, max_value=100), max_size=5),
    st.sampled_from([b"", b";a=b", b' ; a="x"']),
    st.sampled_from([b"", b"X-Trailer: 1\r\n", b"A: 1\r\nB: 2\r\n"]),
    CUTS,
)
def test_chunks_are_joined_and_what_follows_is_left(
    content: bytes, sizes: list[int], extension: bytes, trailers: bytes, cuts: list[int]
) -> None:
    stream = in_chunks(content, sizes, extension, trailers)
    body = ChunkedBody(keep=True)
    assert feed(body, stream + b"GET /", cuts) == b"GET /"
    assert (body.content, body.size, body.complete) == (content, len(content), True)
    thrown_away = ChunkedBody(keep=False)
    feed(thrown_away, stream, cuts)
    assert (thrown_away.content, thrown_away.size) == (b"", len(content))


@pytest.mark.parametrize(
    "stream",
    [
        b"zzz\r\n",
        b"-1\r\n",
        b"0x5\r\n",
        b"5\nhello\r\n",
        b"\r\n",
        b"3\r\nabcd\r\n",
        b"3\r\nabc\n",
        b"3\r\nabc\r\r",
        b"123456789\r\n",
        b"0\r\nX: y\n\r\n",
        b"0\r\n0\r\n\r\n",
        b"0\r\nX y: z\r\n\r\n",
        b"0\r\n: y\r\n\r\n",
        b"0\r\n" + b"X: y\r\n" * 2000,
        b"0\r\nX: " + b"y" * 9000,
        b"5;" + b"x" * 2000,
        b"5" * 2000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(stream: bytes) -> None:
    with pytest.raises(HttpRequestError):
        feed(ChunkedBody(keep=True), stream, range(0, len(stream), 7))


class Peer:
    """The same, read by llhttp."""

    def __init__(self) -> None:
        self.content = b""
        self.complete = False

    def on_body(self, body: bytes) -> None:
        self.content += body

    def on_message_complete(self) -> None:
        self.complete = True


PIECES = st.sampled_from(
    [b"0", b"1", b"5", b"a", b"\r\n", b"\n", b"\r", b";x", b"hello", b"X: y", b" ", b"\x00"]
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_we_never_take_for_whole_what_another_parser_does_not(stream: bytes) -> None:
    body = ChunkedBody(keep=True)
    try:
        left = len(body_left) if (body_left := feed(body, stream, [])) else 0
    except HttpRequestError:
        return
    if not body.complete:
        return
    peer = Peer()
    parser = httptools.HttpRequestParser(peer)
    parser.feed_data(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    parser.feed_data(stream[: len(stream) - left])
    assert (peer.complete, peer.content) == (True, body.content)
