"""TLS between the system and a connection that speaks HTTP, within the limits of its crowd.

asyncio brings TLS too, but tells of a connection only once its handshake is over, so that clients
who never finish theirs take places that no limit counts; it keeps 256 KiB for each connection; and
whoever closes its own side before it reads is cut. None of that is so here: a handshake is a part
of the request that a client owes.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from linksms_cli.adapters.http.messages import HttpHead, in_words, written

_PLAIN = in_words(400, "this port speaks https", close=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsTerms:
    """How a server speaks TLS.

    `context` is asked for at each new connection, so that another certificate can take over at any
    time. `failed` is told the address of a client and why there was no handshake with it.
    """

    context: Callable[[], ssl.SSLContext]
    failed: Callable[[str, str], None] = lambda _remote, _why: None


class TlsTransport(asyncio.Transport, asyncio.BufferedProtocol):
    """The transport of one connection: to the system it is a protocol in its turn.

    `buffer` is lent to it at each reading; what is in it afterwards is of no use to anybody.
    """

    def __init__(
        self, terms: TlsTerms, connection: asyncio.BufferedProtocol, buffer: memoryview
    ) -> None:
        super().__init__()
        self._failed = terms.failed
        self._connection = connection
        self._buffer = buffer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = terms.context().wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_paused = False  # by the connection
        self._is_unsent = False  # the system takes no more
        self._is_silent = False  # nothing more is said, and nothing that comes is understood
        self._has_ended = False  # the client says nothing more, and the connection knows
        self._is_cut = False  # nothing more comes from the system

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with the handshake; the connection is there from now on."""
        self._under = cast("asyncio.Transport", transport)
        self._connection.connection_made(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._is_silent = True
        self._connection.connection_lost(exc)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's
        """Lend the buffer for what comes."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what has come. After our own end its amount is all that matters."""
        if self._is_silent:
            if not self.is_closing():
                self._connection.buffer_updated(nbytes)
        elif not self._has_ended:
            self._incoming.write(self._buffer[:nbytes])
            self._read()

    def eof_received(self) -> bool:
        """Pass on what has come before the end, then the end."""
        self._is_cut = True
        if self._is_silent:
            self._end()
        else:
            self._read()
        return True

    def pause_writing(self) -> None:
        """Read no more until all is taken: much that comes makes TLS answer by itself."""
        self._is_unsent = True
        self._read_or_pause()
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        """Go on where all is taken."""
        self._is_unsent = False
        self._read_or_pause()
        self._connection.resume_writing()

    # What the connection calls

    def write(self, data: Any) -> None:
        """Write octets, unless this has ended."""
        left = memoryview(data)
        try:
            while left and not self._is_silent:
                left = left[self._tls.write(left) :]
        except ssl.SSLError as failure:
            self._fail(failure)
        self._flush()

    def can_write_eof(self) -> bool:
        """Return that a side can end alone: TLS has its own word for that, close_notify."""
        return True

    def write_eof(self) -> None:
        """End our side, and hear the client out."""
        self._say_end()
        self._under.write_eof()
        self._read_or_pause()

    def close(self) -> None:
        """End, once all that was written is taken."""
        self._say_end()
        self._under.close()

    def abort(self) -> None:
        """End at once."""
        self._is_silent = True
        self._under.abort()

    def is_closing(self) -> bool:
        """Return whether it is ending or has ended."""
        return self._under.is_closing()

    def pause_reading(self) -> None:
        """Pass nothing on until `resume_reading`."""
        self._is_paused = True
        self._read_or_pause()

    def resume_reading(self) -> None:
        """Pass on what comes, and what had come."""
        self._is_paused = False
        self._read_or_pause()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the system knows of the connection."""
        return self._under.get_extra_info(name, default)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Say how much may wait for the system to take it."""
        self._under.set_write_buffer_limits(high, low)

    # The work

    def _read(self) -> None:
        """Pass on what has come and can be understood, as long as somebody wants it."""
        try:
            while not (self._is_paused or self._is_unsent or self._is_silent or self._has_ended):
                count = cast("int", self._tls.read(len(self._buffer), self._buffer))
                if not count:  # the client's close_notify
                    self._end()
                    break
                self._connection.buffer_updated(count)
        except ssl.SSLWantReadError:
            if self._is_cut:
                self._end()
        except ssl.SSLError as failure:
            self._fail(failure)
        self._flush()

    def _end(self) -> None:
        """Tell the connection that the client says nothing more."""
        if not self._has_ended:
            self._has_ended = True
            self._connection.eof_received()

    def _read_or_pause(self) -> None:
        """Have the system keep what comes while nobody wants it, or go on with what is there."""
        if self._under.is_closing():
            return
        if self._is_paused or (self._is_unsent and not self._is_silent):
            self._under.pause_reading()
        else:
            self._under.resume_reading()
            asyncio.get_running_loop().call_soon(self._read)

    def _flush(self) -> None:
        """Give the system what TLS has to say."""
        if self._outgoing.pending:
            self._under.write(self._outgoing.read())

    def _say_end(self) -> None:
        """Say close_notify, if there was a handshake and it is not said yet."""
        if not self._is_silent:
            self._is_silent = True
            if self._tls.version():
                with suppress(ssl.SSLError):  # it also looks for the client's, which need not come
                    self._tls.unwrap()
            self._flush()

    def _fail(self, failure: ssl.SSLError) -> None:
        """End with the alert that TLS has for the client, and tell if it kept us from a handshake.

        Who speaks plain HTTP is answered in it.
        """
        self._is_silent = True
        self._flush()
        if self._tls.version() is None:
            if failure.reason == "HTTP_REQUEST":
                self._under.write(written(_PLAIN, HttpHead(), True, int(time.time())))
            peer = self._under.get_extra_info("peername")
            if peer:
                self._failed(peer[0], _words(failure))
        self._under.close()


def _words(failure: ssl.SSLError) -> str:
    """Return why there was no handshake: OpenSSL's reason, or the alert that the client sent."""
    reason = (failure.reason or "no reason given").lower().replace("_", " ")
    return reason.rpartition(" alert ")[2] if reason.startswith(("tlsv", "sslv")) else reason
