"""What comes on a connection, in lines and pieces; a cut one is told from one that ended."""

from typing import Any

# Octets in a line, its end included, as http.client has it.
LONGEST_LINE = 65_536
_AT_ONCE = 16_384


class CutOffError(Exception):
    """The connection ends before what was begun on it does."""


class NotHttpError(Exception):
    """What comes is not HTTP/1, or not as it should be."""


class Incoming:
    """The octets that come on a connection for one response.

    `closed_by_tls` is set once TLS has ended the connection properly: a connection that was cut
    looks like any other end of it, and only TLS has a word for what is meant.
    """

    def __init__(self, sock: Any) -> None:
        # Python's TLS sockets have this, and urllib3's for TLS in TLS: cut, they shall say so.
        self._is_secure = hasattr(sock, "suppress_ragged_eofs")
        if self._is_secure:
            sock.suppress_ragged_eofs = False
        self._socket = sock
        self._waiting = b""
        self.closed_by_tls = False

    @property
    def surplus(self) -> bytes:
        """What has come and was not read."""
        return self._waiting

    def line(self) -> bytes:
        """Return a line with its end, or what there is of one before the connection's end.

        Raises NotHttpError if it is too long.
        """
        end = self._waiting.find(b"\n") + 1
        while not end:
            if len(self._waiting) > LONGEST_LINE:
                raise NotHttpError
            begun = len(self._waiting)
            if not self._receive():
                end = begun
                break
            end = self._waiting.find(b"\n", begun) + 1
        if end > LONGEST_LINE:
            raise NotHttpError
        line, self._waiting = self._waiting[:end], self._waiting[end:]
        return line

    def piece(self, most: int) -> bytes:
        """Return what has come, at most so much of it; nothing at the connection's end."""
        if most and not self._waiting:
            self._receive()
        piece, self._waiting = self._waiting[:most], self._waiting[most:]
        return piece

    def exactly(self, count: int) -> bytes:
        """Return so many octets. Raises CutOffError if there are fewer."""
        while len(self._waiting) < count:
            if not self._receive():
                raise CutOffError
        return self.piece(count)

    def _receive(self) -> bool:
        """Take in what comes next, and return whether anything did."""
        try:
            came: bytes = self._socket.recv(_AT_ONCE)
        except OSError as failure:
            if not (self._is_secure and _is_cut(failure)):
                raise
            return False
        self.closed_by_tls = self._is_secure and not came
        self._waiting += came
        return bool(came)


def _is_cut(failure: OSError) -> bool:
    """Return whether the connection ended before TLS did."""
    import ssl  # there is a TLS socket, so it is loaded

    return isinstance(failure, ssl.SSLEOFError)
