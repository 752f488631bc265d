"""The head of an HTTP request, and answers to it as they go over the wire."""

from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class HttpAnswer(NamedTuple):
    """An answer. `close` ends the connection behind it.

    With `seize`, nothing of it is written: when its turn comes, that is given the connection, to
    write what it likes and when it likes. What it returns is called if the client ends its side.
    """

    status: int
    body: bytes = b""
    content_type: bytes = b"text/plain; charset=utf-8"
    fields: tuple[tuple[bytes, bytes], ...] = ()
    close: bool = False
    seize: "Callable[[asyncio.Transport], Callable[[], object]] | None" = None


def in_words(
    status: int, words: str, *fields: tuple[bytes, bytes], close: bool = False
) -> HttpAnswer:
    """Return an answer that is a line of text."""
    return HttpAnswer(status, f"{words}\n".encode(), fields=fields, close=close)


class HttpHead:
    """The head of a request: all that stands before its body.

    Names of `fields` are in lower case; what was given several times is joined by commas (RFC 9110,
    5.3). `length` is that of the body, None where it comes in chunks. `query_as_sent` is the query
    as it came, None where it came as `query` has it.
    """

    __slots__ = (
        "fields",
        "keep_alive",
        "length",
        "method",
        "path",
        "query",
        "query_as_sent",
        "version",
    )

    def __init__(self) -> None:
        self.method = b""
        self.path = b""
        self.query = b""
        self.query_as_sent: bytes | None = None
        self.version = "1.1"
        self.fields: dict[bytes, bytes] = {}
        self.keep_alive = True
        self.length: int | None = 0


class HttpRequestError(Exception):
    """What came is no request; `answer` says so, and ends the connection."""

    def __init__(self, answer: HttpAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


MALFORMED = in_words(400, "not a valid HTTP/1.1 request", close=True)


@lru_cache(maxsize=16)  # the same answer goes to many within a second
def _written(answer: HttpAnswer, second: int, connection: bytes, *, bodiless: bool) -> bytes:
    fields = [
        (b"date", formatdate(second, usegmt=True).encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *([(b"content-type", answer.content_type)] if answer.body else []),
        *answer.fields,
        *([(b"connection", connection)] if connection else []),
    ]
    lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unknown')}".encode()]
    lines += [name + b": " + value for name, value in fields]
    return b"\r\n".join([*lines, b"", b"" if bodiless else answer.body])


def written(answer: HttpAnswer, head: HttpHead, closes: bool, second: int) -> bytes:
    """Return an answer as it goes over the wire. `second` is what the clock says."""
    connection = b""
    if closes:
        connection = b"close"
    elif head.version == "1.0":
        connection = b"keep-alive"
    return _written(answer, second, connection, bodiless=head.method == b"HEAD")
