"""One client connection, written octet by octet: as old, as slow or as chunked as is asked for.

No HTTP library sends half a header or asks with `Expect` and does not wait, so the requests are
written here; the answers are read by the standard library's parser.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from linksms_cli.adapters.sandbox.firing.rounds import Shot
from linksms_cli.sms.receiver_url import ReceiverUrl
from linksms_cli.sms.sandbox.firing import LONGEST, FiredAnswer

# Octets of an answer that are read.
_MOST = 64 * 1024
# Seconds between the pieces of a slow body, and for which "100 Continue" is waited for.
_PAUSE = 0.25
_PATIENCE = 1.0
_PIECES = 4
# Headers that every request has, in small letters: who gives another value for one proves nothing.
_PLAIN = frozenset({"host", "user-agent", "content-type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where reports are fired at, and which headers prove who sends; `plain` ones prove nothing."""

    url: ReceiverUrl
    proof: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str, str], ...]
    context: ssl.SSLContext | None

    @classmethod
    def at(
        cls,
        url: str,
        headers: tuple[tuple[str, str], ...],
        tls_context: Callable[[], ssl.SSLContext],
    ) -> "Aim":
        """Aim at the URL of a receiver, with headers besides the login in it."""
        parsed = ReceiverUrl.parse(url)
        context = tls_context() if parsed.scheme == "https" else None
        plain = tuple(header for header in headers if header[0].lower() in _PLAIN)
        proof = tuple(header for header in headers if header not in plain)
        return cls(url=parsed, proof=(*parsed.headers, *proof), plain=plain, context=context)


class Line:
    """A connection to a receiver. Each answer has its time; raises OSError for what goes wrong."""

    def __init__(self, aim: Aim) -> None:
        self._aim = aim
        self._socket = socket.create_connection((aim.url.host, aim.url.port), LONGEST)
        if aim.context is not None:
            try:
                self._socket = aim.context.wrap_socket(self._socket, server_hostname=aim.url.host)
            except BaseException:
                self._socket.close()
                raise
        # Each write leaves at once: what is meant to come in pieces comes in pieces.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = _Reader(self._socket)
        # Whether the receiver takes no further request on it.
        self.is_ended = False

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def begin(self, shot: Shot) -> None:
        """Send half of a request's head, and no more."""
        head = _head(self._aim, shot, "HTTP/1.1", ())
        self._socket.sendall(head[: len(head) // 2])

    def fire(self, shot: Shot, *more: tuple[str, str], version: str = "HTTP/1.1") -> FiredAnswer:
        """Send a request in one piece, with `more` headers, and return its answer."""
        length = ("Content-Length", str(len(shot.written.body)))
        lengths = () if shot.written.content_type is None else (length,)
        head = _head(self._aim, shot, version, (*lengths, *more))
        return self._exchange(head + shot.written.body)

    def fire_slowly(self, shot: Shot) -> FiredAnswer:
        """Send a request whose body comes in pieces."""
        body = shot.written.body
        self._socket.sendall(
            _head(self._aim, shot, "HTTP/1.1", (("Content-Length", str(len(body))),))
        )
        size = -(-len(body) // _PIECES)
        for start in range(0, len(body) - size, size):
            time.sleep(_PAUSE)
            self._socket.sendall(body[start : start + size])
        time.sleep(_PAUSE)
        return self._exchange(body[size * (_PIECES - 1) :])

    def fire_chunked(self, shot: Shot) -> FiredAnswer:
        """Send a request whose body has no length (RFC 9112, 7.1)."""
        head = _head(self._aim, shot, "HTTP/1.1", (("Transfer-Encoding", "chunked"),))
        half = len(shot.written.body) // 2
        chunks = [shot.written.body[:half], shot.written.body[half:], b""]
        body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
        return self._exchange(head + body)

    def ask_and_fire(self, shot: Shot) -> FiredAnswer:
        """Ask whether the body may come, and send it after a while if nobody says no."""
        length = ("Content-Length", str(len(shot.written.body)))
        head = _head(self._aim, shot, "HTTP/1.1", (length, ("Expect", "100-continue")))
        self._socket.sendall(head)
        self._reader.wait_until(time.monotonic() + _PATIENCE)
        with suppress(TimeoutError):
            if not self._reader.peek(12).startswith(b"HTTP/1.1 100"):
                return self._answer(time.monotonic())
            # The answer's own parser passes over the 100.
        return self._exchange(shot.written.body)

    def _exchange(self, octets: bytes) -> FiredAnswer:
        started = time.monotonic()
        self._socket.settimeout(LONGEST)
        # A receiver may answer and close before it has read all: its answer counts.
        with suppress(ConnectionError):
            self._socket.sendall(octets)
        return self._answer(started)

    def _answer(self, started: float) -> FiredAnswer:
        self._reader.wait_until(started + LONGEST)
        response = http.client.HTTPResponse(_Source(self._reader))  # type: ignore[arg-type]
        response.begin()
        self.is_ended = bool(response.will_close)
        status, seconds = response.status, time.monotonic() - started
        # An answer whose body is cut off is one: its status has been read.
        with suppress(http.client.IncompleteRead):
            return FiredAnswer(status=status, body=response.read(_MOST), seconds=seconds)
        return FiredAnswer(status=status, seconds=seconds)


class _Arriving(io.RawIOBase):
    """What arrives on a socket, up to a moment."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.until = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Reader(io.BufferedReader):
    """The same, buffered, for as many answers as come over a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._arriving = _Arriving(connection)
        super().__init__(self._arriving)

    def wait_until(self, moment: float) -> None:
        """Let reading end at that moment of the monotonic clock, with TimeoutError."""
        self._arriving.until = moment

    def close(self) -> None:
        """Stay open: a parser closes what it has read an answer from."""


class _Source:
    """What the parser of answers takes for a socket."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> _Reader:
        return self._reader


def _head(aim: Aim, shot: Shot, version: str, more: tuple[tuple[str, str], ...]) -> bytes:
    written = shot.written
    usual = {"Host": aim.url.authority, "User-Agent": "linksms-sandbox"}
    if written.content_type is None:
        method, target = "GET", aim.url.with_query(written.query)
    else:
        method, target = "POST", aim.url.path
        usual["Content-Type"] = written.content_type
    framing = (*shot.headers, *more)
    given = _without((*aim.plain, *aim.proof), framing)
    headers = (*_without(usual.items(), given), *given, *framing)
    lines = [f"{method} {target} {version}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _without(
    headers: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Return the headers that are not among the others: a server refuses two Host headers."""
    taken = {name.lower() for name, _ in others}
    return tuple(header for header in headers if header[0].lower() not in taken)
