"""Our reading of HTTP responses against the standard library's, which is slower and more forgiving.

The other reader is http.client's with the checks that it lacks. Both are given the same octets, in
pieces of any size: what we take whole it takes too, in the same way.
"""

import io
from typing import Any, NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.adapters.gateway.body import Body
from linksms_cli.adapters.gateway.incoming import Incoming
from linksms_cli.adapters.gateway.responses import FinalResponse
from tests.adapters.gateway.forgiving import ForgivingResponse


class Read(NamedTuple):
    """What a reader makes of a response; `status` is None if there is none."""

    status: int | None = None
    body: bytes | None = None
    whole: bool = False
    retry_after: str = ""
    goes_on: bool = False


class Pieces:
    """A socket that gives what it holds in pieces, then its end."""

    def __init__(self, octets: bytes, size: int) -> None:
        self._octets = octets
        self._size = size

    def recv(self, most: int) -> bytes:
        most = min(most, self._size)
        piece, self._octets = self._octets[:most], self._octets[most:]
        return piece

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Raw(self))


class _Raw(io.RawIOBase):
    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._pieces.recv(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def ours(octets: bytes, size: int) -> Read:
    try:
        response = FinalResponse(Incoming(Pieces(octets, size)))
    except Exception:  # noqa: BLE001 - whatever it is, there is no response
        return Read()
    return finished(response, response.head.get("retry-after"))


def theirs(octets: bytes, size: int) -> Read:
    response = ForgivingResponse(Pieces(octets, size))
    try:
        response.begin()
    except Exception:  # noqa: BLE001 - as above
        return Read()
    # Where a value is folded, the line's end stays in it; RFC 9112 (5.2) has only the space.
    retry_after = response.headers.get("Retry-After", "").replace("\r", "").replace("\n", "")
    return finished(response, retry_after)


def finished(response: Any, retry_after: str) -> Read:
    read = Read(status=response.status, retry_after=retry_after)
    body = Body("")
    try:
        content = body.receive(response)
    except Exception:  # noqa: BLE001 - as above
        return read._replace(body=body.received)
    whole = response.is_whole(content)
    return read._replace(body=content, whole=whole, goes_on=whole and response.can_go_on)


TEXT = st.sampled_from(
    [b"", b"1005;Queued;abc", b"<html>", b"104;\xc3\xa4;\r\n", b"0\r\n\r\n", b"HTTP/1.1 200 OK"]
)
NAMES = st.sampled_from(
    ["Retry-After", "X-Y", "CONNECTION", "Connection", "Keep-Alive", "Server", "!#$%&'*+-.^_`|~9"]
)
VALUES = st.sampled_from(
    [
        "",
        "close",
        "keep-alive",
        "Close, x",
        "5",
        "a: b",
        "\xe4",
        "x \t",
        "a\r\n folded",
        "a\n\tfolded",
    ]
)
FIELDS = st.tuples(NAMES, st.sampled_from([":", ": ", ":\t "]), VALUES).map("".join)
ENDS = st.sampled_from(["\r\n", "\n"])
STATUSES = st.sampled_from(
    ["200 OK", "200", "200 ", "204 No", "304 x", "404 Not Found", "429 \xe4 b", "999 x", "101 S"]
)
VERSIONS = st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/1.2"])
INTERIM = st.sampled_from(
    ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 x\r\nA: b\r\n\r\n" * 2, "HTTP/1.0 102\n\n"]
)
FRAMINGS = st.sampled_from(["length", "Length twice", "short", "long", "chunked", "none"])


@st.composite
def responses(draw: st.DrawFn) -> bytes:
    """A response as a server may write it, cut anywhere or not."""
    body, framing, end = draw(TEXT), draw(FRAMINGS), draw(ENDS)
    fields = draw(st.lists(FIELDS, max_size=4))
    length = len(body) + {"short": -1, "long": 1}.get(framing, 0)
    if framing == "chunked":
        fields.append("Transfer-Encoding: Chunked")
        half = draw(st.integers(0, len(body)))
        extension = draw(st.sampled_from([b"", b";x=y", b" "]))
        chunks = [part for part in (body[:half], body[half:]) if part]
        body = b"".join(b"%x%b\r\n%b\r\n" % (len(part), extension, part) for part in chunks)
        body += b"0\r\n" + draw(st.sampled_from([b"", b"Trailer: x\r\n"])) + b"\r\n"
    elif framing != "none":
        fields += [f"content-length:{length}"] * (1 + (framing == "Length twice"))
    fields = draw(st.permutations(fields))
    lines = [f"{draw(VERSIONS)} {draw(STATUSES)}", *fields, "", ""]
    octets = draw(INTERIM).encode() + end.join(lines).encode("latin-1") + body
    octets += draw(st.sampled_from([b"", b"", b"x", b"\r\n"]))
    return octets[: draw(st.integers(0, len(octets)))] if draw(st.booleans()) else octets


# An octet at a time, or all at once: in between, who reads more at a time sees a surplus sooner.
SIZES = st.sampled_from([1, 65_536])
CHANGES = st.tuples(
    st.integers(0, 400),
    st.integers(0, 3),
    st.sampled_from(
        [b"", b"\r", b"\n", b":", b" ", b"-", b"_", b"+", b"\0", b"\xa0", b"5", b"From "]
    ),
)


@given(responses(), SIZES)
@example(b"HTTP/1.1 204 x\r\nContent-Length: 3\r\n\r\n100", 1)
def test_what_a_server_may_write_is_read_as_the_standard_library_reads_it(
    octets: bytes, size: int
) -> None:
    assert ours(octets, size) == theirs(octets, size)


@given(responses(), st.lists(CHANGES, min_size=1, max_size=3), SIZES)
def test_what_no_server_should_write_is_never_taken_for_more(
    octets: bytes, changes: list[tuple[int, int, bytes]], size: int
) -> None:
    for place, removed, added in changes:
        octets = octets[:place] + added + octets[place + removed :]
    found, other = ours(octets, size), theirs(octets, size)
    assert found == other or not found.whole
