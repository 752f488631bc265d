"""http.client's responses, made to know whether they arrived complete: ours are compared with them.

http.client accepts the end of the connection as the end of a header section, of a chunk size, and
of a body without a length; ssl treats a connection that was cut like one that was closed properly.
So half an answer would pass for a whole one.
"""

import http.client
import io
import ssl
from typing import Any

# Far more answers that only say "wait" than any server sends before the final one.
_MOST_INTERIM = 100
# Statuses that have no body; http.client does not read one even if it is there.
_BODILESS = {http.client.NO_CONTENT, http.client.NOT_MODIFIED}


class TwoLengthsError(Exception):
    """The header section has lengths that differ."""


class ForgivingResponse(http.client.HTTPResponse):
    """The final response: any 1xx except 101 may come before it (RFC 9110, 15.2)."""

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        # Python's TLS sockets have this, and urllib3's for TLS in TLS.
        secure = hasattr(sock, "suppress_ragged_eofs")
        if secure:
            sock.suppress_ragged_eofs = False
        self._octets = _Octets(self.fp.detach(), secure=secure)
        self._lines = _Lines(self._octets)
        self.fp = self._lines
        self._delimited = False

    def begin(self) -> None:
        """Read status and headers, past those that are informational.

        Raises http.client.IncompleteRead if the connection ends before the header section does, and
        http.client.UnknownTransferEncoding or TwoLengthsError if the body's end cannot be found.
        """
        self._lines.in_head = True
        for _ in range(_MOST_INTERIM):
            super().begin()
            if self.status >= 200 or self.status == http.client.SWITCHING_PROTOCOLS:
                break
            self.headers = None  # type: ignore[assignment] # it begins only where there are none
        else:
            raise http.client.HTTPException
        self._lines.in_head = False
        if not self.chunked and "Transfer-Encoding" in self.headers:
            raise http.client.UnknownTransferEncoding
        if not self.chunked and _differ(self.headers.get_all("Content-Length", [])):
            raise TwoLengthsError
        if self.status in _BODILESS:
            announced = self.headers.get("Content-Length", "")
            without = None if self.will_close else 0
            self.length = int(announced) if announced.isdecimal() else without
        self._delimited = self.chunked or self.length is not None

    @property
    def can_go_on(self) -> bool:
        """Whether another request may be made on the connection, once this is read to its end."""
        may = not self.will_close and self.status != http.client.SWITCHING_PROTOCOLS
        return may and not self._lines.surplus

    @property
    def lacks_headers(self) -> bool:
        """Whether headers are missing: from a malformed line on, the parser takes them for body."""
        lost = self.headers.get_payload()
        return isinstance(lost, str) and bool(lost.strip())

    def is_whole(self, body: bytes) -> bool:
        """Return whether a body that was read to its end is proven to be complete (RFC 9112, 8).

        The proof is its length, its last chunk, or TLS's close_notify. Without one of them the body
        may have been cut anywhere: a server that crashes closes its connections too. Data after the
        body proves that its length was wrong.
        """
        self.close()
        if self.lacks_headers or self._lines.surplus.strip():
            return False
        empty = not body and self.status in _BODILESS
        return self._delimited or self._octets.closed_by_tls or empty


def _differ(lengths: list[str]) -> bool:
    try:
        return len({int(length) for each in lengths for length in each.split(",")}) > 1
    except ValueError:  # no length at all
        return False


class _Octets(io.RawIOBase):
    """The octets of a connection; `closed_by_tls` is set once TLS has ended it properly.

    While `shut`, it returns nothing more and does not wait.
    """

    def __init__(self, raw: io.RawIOBase, *, secure: bool) -> None:
        self._raw = raw
        self._secure = secure
        self.closed_by_tls = False
        self.shut = False

    def readable(self) -> bool:
        """Return True: it can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read some octets, none at the end."""
        if self.shut:
            return 0
        try:
            count: int | None = self._raw.readinto(buffer)
        except ssl.SSLEOFError:  # cut: the connection ended before TLS did
            return 0
        self.closed_by_tls = self._secure and count == 0
        return count

    def close(self) -> None:
        """Close it; the socket may stay open for another request."""
        self._raw.close()
        super().close()


class _Lines(io.BufferedReader):
    """The same, buffered; reading a line fails if the connection ends within it.

    While `in_head`, it also fails if the connection ends between lines. Once closed, `surplus` is
    what had arrived and was not read.
    """

    def __init__(self, octets: _Octets) -> None:
        super().__init__(octets)
        self.in_head = False
        self.surplus = b""
        self._octets = octets
        self._begun = False

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line, of at most so many octets. Raises http.client.IncompleteRead."""
        line = super().readline(size)
        whole = line.endswith(b"\n") or len(line) == size
        # Nothing at all is not a cut response, and after the last chunk nothing else is needed.
        if not whole and (line.strip() or (self.in_head and self._begun)):
            raise http.client.IncompleteRead(line)
        self._begun = True
        return line

    def close(self) -> None:
        """Close it, after a look at what is left."""
        if not self.closed:
            self._octets.shut = True
            self.surplus = self.peek()
        super().close()
