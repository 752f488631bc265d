"""Responses that know whether they have come whole, which http.client and ssl do not ask.

http.client takes the end of a connection for the end of a header section, of a chunk's size, and of
a body without a length; ssl takes a connection that was cut for one that was closed. So half an
answer would pass for a whole one.
"""

import http.client
import io
import ssl
from typing import Any

# Far more answers that only say "wait" than any server sends before the final one.
_MOST_INTERIM = 100
# Statuses without a body, which http.client does not read even if it is there.
_BODILESS = {http.client.NO_CONTENT, http.client.NOT_MODIFIED}


class FinalResponse(http.client.HTTPResponse):
    """The final answer: any 1xx but 101 may come before it (RFC 9110, 15.2)."""

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        # Python's TLS sockets have this, and those that urllib3 has for TLS in TLS.
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
        http.client.UnknownTransferEncoding if the body's end cannot be found.
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
        if self.status in _BODILESS:
            announced = self.headers.get("Content-Length", "")
            without = None if self.will_close else 0
            self.length = int(announced) if announced.isdecimal() else without
        self._delimited = self.chunked or self.length is not None

    @property
    def lacks_headers(self) -> bool:
        """Whether headers were lost: behind a line that is none, they are taken for a body."""
        lost = self.headers.get_payload()
        return isinstance(lost, str) and bool(lost.strip())

    def is_whole(self, body: bytes) -> bool:
        """Return whether a body that was read to its end has come whole (RFC 9112, 8).

        A length proves it, a last chunk, or TLS's own word that nothing follows. Without any of
        them the body may have been cut anywhere: a server that dies closes its connections too.
        What follows a body proves that its length was wrong.
        """
        if self.lacks_headers or self._lines.surplus:
            return False
        empty = not body and self.status in _BODILESS
        return self._delimited or self._octets.closed_by_tls or empty


class _Octets(io.RawIOBase):
    """The octets of a connection; `closed_by_tls` once TLS has said that there are no more.

    While it is `shut`, it has none, and waits for none.
    """

    def __init__(self, raw: io.RawIOBase, *, secure: bool) -> None:
        self._raw = raw
        self._secure = secure
        self.closed_by_tls = False
        self.shut = False

    def readable(self) -> bool:
        """They can be read."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read some octets, none at the end."""
        if self.shut:
            return 0
        try:
            count: int | None = self._raw.readinto(buffer)
        except ssl.SSLEOFError:  # cut: the connection has ended, and TLS had not
            return 0
        self.closed_by_tls = self._secure and count == 0
        return count

    def close(self) -> None:
        """Close the connection's side of it."""
        self._raw.close()
        super().close()


class _Lines(io.BufferedReader):
    """The same by lines: none may be cut, and a head (`in_head`) may not end before its end.

    `surplus` says, once it is closed, whether more had come than was read.
    """

    def __init__(self, octets: _Octets) -> None:
        super().__init__(octets)
        self.in_head = False
        self.surplus = False
        self._octets = octets
        self._begun = False

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line, of at most so many octets. Raises http.client.IncompleteRead."""
        line = super().readline(size)
        whole = line.endswith(b"\n") or len(line) == size
        # An end in place of the first line is nothing cut, and one behind the last chunk is told
        # by that chunk.
        if not whole and (line.strip() or (self.in_head and self._begun)):
            raise http.client.IncompleteRead(line)
        self._begun = True
        return line

    def close(self) -> None:
        """Close the connection's side of it."""
        if not self.closed:
            self._octets.shut = True
            self.surplus = bool(self.peek().strip())
        super().close()
