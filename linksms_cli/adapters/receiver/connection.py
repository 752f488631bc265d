"""A connection of the server: uvicorn's, with the limits that uvicorn leaves to a proxy before it.

A client that does not finish a request in time is cut, whether it holds back its headers, trickles
its body or stays away after an answer; so is one whose headers do not end. Where there is one too
many, the one that has kept a request waiting longest gives way.
An offer to speak another protocol is passed over, as RFC 9110, 7.8 allows: Java's HttpClient and
`curl --http2` offer HTTP/2 with every request, and uvicorn would read no body behind the offer.
"""

import asyncio
from typing import Any, ClassVar

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Seconds for a request to arrive whole, from the connection or from the last answer on.
REQUEST_SECONDS = 15
# Bytes that headers may have while they are not whole.
HEADER_BYTES = 32 * 1024
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class LimitedConnection(HttpToolsProtocol):
    """Speaks HTTP/1.1 within limits, as one of at most so many on a server.

    `waiting` are those that wait for a request, who waits longest first: none of them has a whole
    one under way.
    """

    most: ClassVar[int]
    waiting: ClassVar[dict["LimitedConnection", None]]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._leaves = False
        self._due: asyncio.TimerHandle | None = None
        self._in_headers = True
        self._header_bytes = 0
        self._offers_upgrade = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request()
        if len(self.connections) > self.most:
            next(iter(self.waiting))._give_way()  # noqa: SLF001 - one of us, or this one

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._have_request()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Finish what has arrived whole; what has not was never acknowledged, and is dropped."""
        if self in self.waiting:
            self.transport.close()
        else:
            self._leaves = True
            super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Read on, unless headers grow too large."""
        # In place of uvicorn's own, which ends here where there is an upgrade that it cannot do.
        self._unset_keepalive_if_required()
        try:
            self._read(data)
        except HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
            return
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > HEADER_BYTES:
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_headers_complete(self) -> None:
        """Begin with the request."""
        if self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT":
            self._offers_upgrade = True
            return
        self._in_headers = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait no longer for the request, but for its answer."""
        if self._offers_upgrade:
            return
        self._have_request()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, unless it is there already."""
        if not self.pipeline:
            self._in_headers = True
            self._header_bytes = 0
        if not self.pipeline or self.pipeline[-1][0].more_body:
            self._await_request()
        super().on_response_complete()

    def _read(self, data: bytes) -> None:
        """Parse what came, and again whatever stands behind an offer to upgrade."""
        rest: bytes | memoryview = data
        while True:
            try:
                self.parser.feed_data(rest)
            except HttpParserUpgrade as end_of_headers:
                if not self._offers_upgrade:
                    return
                rest = memoryview(rest)[end_of_headers.args[0] :]
                self._begin_without_upgrade()
            else:
                return

    def _begin_without_upgrade(self) -> None:
        """Give a new parser the headers again, but for the one that makes it stop behind them."""
        self._offers_upgrade = False
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
        self.parser.feed_data(b"\r\n".join([*lines, b"", b""]))

    def _await_request(self) -> None:
        self._have_request()
        if self._leaves:
            self.transport.close()
            return
        self.waiting[self] = None
        self._due = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _give_way(self) -> None:
        self._have_request()
        self.transport.abort()

    def _have_request(self) -> None:
        self.waiting.pop(self, None)
        if self._due is not None:
            self._due.cancel()
            self._due = None


def at_most(most: int) -> type[LimitedConnection]:
    """Return the connections of one server, at most so many at a time."""
    return type("Connection", (LimitedConnection,), {"most": most, "waiting": {}})
