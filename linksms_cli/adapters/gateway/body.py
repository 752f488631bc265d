"""The body of a response: unpacked, of a bounded size, complete or as far as it arrived."""

import zlib
from typing import TYPE_CHECKING

from linksms_cli.adapters.gateway.incoming import CutOffError

if TYPE_CHECKING:
    from linksms_cli.adapters.gateway.responses import FinalResponse

# The longest answer that is read; the gateway's are under 200 octets.
LONGEST = 64 * 1024
_GZIP = 31
_MEMBER = b"\x1f"
# Content codings (RFC 9110, 8.4.1) by zlib's window bits. Under "deflate" some servers send the
# bare format, without the zlib header that is meant.
_WINDOW_BITS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (15, -15)}


class TooLongError(Exception):
    """The body is longer than LONGEST, as it came or unpacked."""


class Body:
    """The body of one response, as far as it has arrived.

    A body whose packing was cut off is none: what can be unpacked of it may be half of a message
    id. A content coding that is not known is ignored.
    """

    def __init__(self, codings: str) -> None:
        names = [name.strip() for name in codings.lower().split(",")]
        self._packed = [_WINDOW_BITS[name] for name in reversed(names) if name in _WINDOW_BITS]
        self.received = b""

    def receive(self, response: "FinalResponse") -> bytes:
        """Receive a body to its end and return it unpacked.

        Raises CutOffError, TooLongError, zlib.error, and whatever the connection does.
        """
        while len(self.received) <= LONGEST:
            # What one call returns is kept even if the next call fails.
            chunk = response.read1(LONGEST + 1 - len(self.received))
            if not chunk:
                break
            self.received += chunk
        if len(self.received) > LONGEST:
            raise TooLongError
        if response.length and not response.chunked:  # octets are missing
            raise CutOffError
        content = self.received
        for formats in self._packed:
            content = _unpacked(content, formats)
        return content

    def beginning(self) -> bytes:
        """Return what has arrived, unpacked as far as possible."""
        content = self.received
        for formats in self._packed:
            content = _begun(content, formats)
        return content


def _unpacked(body: bytes, formats: tuple[int, ...]) -> bytes:
    for window_bits in formats[:-1]:
        try:
            return _inflated(body, window_bits)
        except zlib.error:
            continue
    return _inflated(body, formats[-1])


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


def _begun(body: bytes, formats: tuple[int, ...]) -> bytes:
    for window_bits in formats:
        try:
            return zlib.decompressobj(window_bits).decompress(body, LONGEST)
        except zlib.error:
            continue
    return b""
