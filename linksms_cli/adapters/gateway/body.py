"""The body of an answer: whole, unpacked, and of a bounded size, or not at all."""

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

# The longest answer that is read; the gateway's are under 200 octets.
LONGEST = 64 * 1024
_GZIP = 31
_MEMBER = b"\x1f"
# Content codings (RFC 9110, 8.4.1) by zlib's window bits. Under "deflate" some servers send the
# bare format, without the zlib header that is meant.
_WINDOW_BITS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (15, -15)}


class CutOffError(Exception):
    """The body ends before its content does."""


class TooLongError(Exception):
    """The body is longer than LONGEST, as it came or unpacked."""


def read(response: "BaseHTTPResponse") -> bytes:
    """Read a body to its end and unpack it; a coding nobody asked for and nobody knows is left.

    The HTTP library unpacks too, but takes what is cut off for whole: half of a message id.

    Raises CutOffError, TooLongError, zlib.error, and whatever the connection does.
    """
    body = b""
    while len(body) <= LONGEST:
        chunk = response.read(LONGEST + 1 - len(body), decode_content=False)
        if not chunk:
            break
        body += chunk
    if len(body) > LONGEST:
        response.close()
        raise TooLongError
    response.release_conn()
    codings = response.headers.get("Content-Encoding", "").lower().split(",")
    for coding in reversed(codings):
        body = _unpacked(body, _WINDOW_BITS.get(coding.strip(), ()))
    return body


def _unpacked(body: bytes, formats: tuple[int, ...]) -> bytes:
    for window_bits in formats[:-1]:
        try:
            return _inflated(body, window_bits)
        except zlib.error:
            continue
    return _inflated(body, formats[-1]) if formats else body


def _inflated(body: bytes, window_bits: int) -> bytes:
    plain = b""
    while body:
        unpacker = zlib.decompressobj(window_bits)
        plain += unpacker.decompress(body, LONGEST + 1 - len(plain))
        if len(plain) > LONGEST:
            raise TooLongError
        if not unpacker.eof:
            raise CutOffError
        # gzip may go on with another member (RFC 1952, 2.2); anything else behind it is padding.
        rest = unpacker.unused_data if window_bits == _GZIP else b""
        body = rest if rest.startswith(_MEMBER) else b""
    return plain
