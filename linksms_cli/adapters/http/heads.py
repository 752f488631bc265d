"""Read the heads of requests, by httptools: that is llhttp, the parser of Node."""

import re

from httptools import (
    HttpParserError,
    HttpParserInvalidURLError,
    HttpParserUpgrade,
    HttpRequestParser,
)

from linksms_cli.adapters.http.messages import MALFORMED, HttpHead, HttpRequestError, in_words

_ORIGIN = re.compile(rb"[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_VERSIONS = {"1.0", "1.1"}
_LENGTH = re.compile(rb"\d{1,18}")


UNKNOWN_CODING = in_words(501, "of the transfer codings only chunked is known", close=True)
HEAD_TOO_LARGE = in_words(431, "too much before the body", close=True)


class _Incoming(HttpHead):
    """A head that httptools fills. It is given the whole at once, so it gives whole pieces too."""

    __slots__ = ("is_whole", "number")

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.is_whole = False

    def on_url(self, target: bytes) -> None:
        if not target.startswith(b"/"):
            target = _ORIGIN.sub(b"", target, count=1)  # the absolute form of RFC 9112, 3.2.2
        self.path, _, self.query = target.partition(b"?")

    def on_header(self, name: bytes, value: bytes) -> None:
        self.number += 1
        name = name.lower()
        before = self.fields.get(name)
        self.fields[name] = value if before is None else before + b", " + value

    def on_headers_complete(self) -> None:
        self.is_whole = True


def read_head(octets: bytes, most_fields: int) -> HttpHead:
    """Read a head that is there whole, to its empty line.

    Two things are more lenient than the parser: octets beyond ASCII in the target are taken as if
    they had been percent-encoded, and an offer to speak another protocol is passed over, as RFC
    9110, 7.8 allows: Java's HttpClient and `curl --http2` offer HTTP/2 with every request.

    Raises HttpRequestError.
    """
    head = _Incoming()
    parser = HttpRequestParser(head)
    try:
        parser.feed_data(octets)
    except HttpParserUpgrade:
        pass
    except HttpParserInvalidURLError:
        line, end, rest = octets.partition(b"\r\n")
        if line.isascii():
            raise HttpRequestError(MALFORMED) from None
        read = read_head(_as_ascii(line) + end + rest, most_fields)
        read.query_as_sent = line.rpartition(b" ")[0].partition(b"?")[2]
        return read
    except HttpParserError:
        raise HttpRequestError(MALFORMED) from None
    if head.number > most_fields:
        raise HttpRequestError(HEAD_TOO_LARGE)
    head.method = parser.get_method()
    head.version = parser.get_http_version()
    if not head.is_whole or head.version not in _VERSIONS:
        raise HttpRequestError(MALFORMED)
    head.keep_alive = _keep_alive(head)
    head.length = _length(head)
    return head


def _as_ascii(octets: bytes) -> bytes:
    return b"".join(b"%c" % octet if octet < 128 else b"%%%02X" % octet for octet in octets)


def _keep_alive(head: HttpHead) -> bool:
    """Return whether the connection stays (RFC 9112, 9.3); the parser forgets it at the end."""
    options = head.fields.get(b"connection")
    if options is None:
        return head.version == "1.1"
    named = {option.strip() for option in options.lower().split(b",")}
    return b"close" not in named if head.version == "1.1" else b"keep-alive" in named


def _length(head: HttpHead) -> int | None:
    coding = head.fields.get(b"transfer-encoding")
    if coding is not None:
        if coding.strip().lower() != b"chunked":
            raise HttpRequestError(UNKNOWN_CODING)
        return None
    length = head.fields.get(b"content-length", b"0")
    if head.method == b"CONNECT" or not _LENGTH.fullmatch(length):
        raise HttpRequestError(MALFORMED)
    return int(length)
