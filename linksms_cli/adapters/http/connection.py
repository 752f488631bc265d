"""Speak HTTP over one connection: read requests, and answer them in the same order.

It speaks to asyncio itself: a framework between them costs more than all that a server does for a
small request, and leaves to a proxy the limits that this one has.
"""

import asyncio
import time
from collections.abc import Callable
from typing import cast

from linksms_cli.adapters.http.crowd import Crowd
from linksms_cli.adapters.http.line import AnswerLine
from linksms_cli.adapters.http.messages import (
    HttpAnswer,
    HttpHead,
    HttpRequestError,
    in_words,
    written,
)
from linksms_cli.adapters.http.request import Answered, HttpRequest, HttpService
from linksms_cli.adapters.http.stream import RequestStream
from linksms_cli.adapters.http.wire import Wire

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CUT_SHORT = in_words(400, "the request was cut short", close=True)


class HttpConnection(asyncio.BufferedProtocol):
    """Speaks HTTP/1.1 within limits, as one of a crowd."""

    def __init__(self, service: HttpService, crowd: Crowd, answered: Answered | None) -> None:
        self._service = service
        self._crowd = crowd
        self._answered = answered
        self._limits = crowd.limits
        self.held = 0
        self._stream = RequestStream(self._limits)
        self._request: HttpRequest | None = None  # whose body is coming
        self._line = AnswerLine(self._limits)
        self._refused = 0  # octets that came after the end of what is read
        self._asks = False  # the client waits for a 100 before it sends the body
        self._is_last = False  # no more requests are read
        self._is_talking = False  # the client may not have said all of its last request
        self._is_gone = False
        self._is_going_on = False
        self._is_resting = False  # its next turn comes by itself
        self._is_given_away = False
        self._at_end: Callable[[], object] = lambda: None

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        self._wire = Wire(cast("asyncio.Transport", transport))  # one that reads and writes
        self._remote = self._wire.remote
        self._crowd.enter(self)
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """End; what is still under way is answered to nobody."""
        self._is_gone = True
        self._crowd.leave(self)
        self._line.clear()
        self._stream.clear()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's
        """Lend the buffer that all connections share: it is emptied before anybody else reads."""
        return self._crowd.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what has come."""
        if self._is_last:
            self._refused += nbytes
            if self._refused > self._limits.refused:
                self.abort()
            return
        self._stream.feed(bytes(self._crowd.buffer[:nbytes]))
        self.go_on()

    def eof_received(self) -> bool:
        """Answer what has come whole, then end: a client may close its own side before it reads."""
        self._wire.has_ended = True
        self.go_on()
        self._at_end()
        return not self._wire.is_closing

    def pause_writing(self) -> None:
        """Wait for the client to take what it was answered."""
        self._wire.is_unsent = True
        if not self._is_given_away:
            self._crowd.owes_taking(self)

    def resume_writing(self) -> None:
        """Go on where all is taken."""
        self._wire.is_unsent = False
        if self._line or self._is_given_away:
            self._crowd.owes_nothing(self)
        else:
            self._crowd.owes_request(self)
        self.go_on()

    @property
    def local(self) -> str:
        """The address of this machine that the client has connected to."""
        return self._wire.local

    # What the crowd and the server call

    def abort(self) -> None:
        """End at once."""
        self._is_gone = True
        self._crowd.leave(self)
        self._wire.abort()

    def pause(self) -> None:
        """Read no more until `resume`."""
        if not self._is_given_away:
            self._read_or_pause()

    def resume(self) -> None:
        """Read again, in a while: others are to be resumed too."""
        asyncio.get_running_loop().call_soon(self.go_on)

    def finish(self) -> None:
        """Answer what has come whole, and end. What has not was never acknowledged."""
        self._is_last = True
        self._is_talking = False
        self._request = None
        self._stream.clear()
        self.go_on()

    # The work

    def go_on(self) -> None:
        """Read requests and write answers as far as this turn goes, and wait for what is missing.

        A turn is as many requests as may be under way: whoever sends more at once has the rest read
        once all others have had their turn.
        """
        if self._is_going_on or self._is_gone or self._is_given_away:
            return
        self._is_going_on = True
        self._is_resting = False
        try:
            self._read()
            if self._write() and (self._stream or self._line.due):
                self._is_resting = True
                asyncio.get_running_loop().call_soon(self._go_on_rested)
        finally:
            self._is_going_on = False
        if not self._is_given_away:
            self._wait()

    def _go_on_rested(self) -> None:
        if self._is_resting:
            self.go_on()

    def _read(self) -> None:
        """Take requests from what has come, as many as may be under way."""
        try:
            while self._stream and not self._is_full and not self._is_last:
                if self._request is None and not self._read_head():
                    return
                if not self._read_body():
                    return
        except HttpRequestError as failure:
            self._refuse(failure.answer)

    @property
    def _is_full(self) -> bool:
        return self._line.is_full or self._wire.is_unsent or self._is_resting or self._crowd.paused

    def _read_head(self) -> bool:
        """Begin with a request, if its head is there."""
        head = self._stream.read_head()
        if head is None:
            return False
        self._request = request = HttpRequest(self, head, self._remote)
        answer = self._service.admit(request)
        if answer:
            request.answered = answer
            self._line.add(request)
        self._stream.expect_body(head, keep=not answer)
        self._asks = (
            not answer
            and not self._stream
            and head.length != 0
            and head.version != "1.0"  # which knows no 100 (RFC 9110, 10.1.1)
            and head.fields.get(b"expect", b"").lower() == b"100-continue"
        )
        return True

    def _read_body(self) -> bool:
        """Go on with a body, and pass its request on if it is whole."""
        body, request = self._stream.read_body(), self._request
        if body is None or request is None:
            return False
        self._request = None
        self._asks = False  # it did not wait
        self._is_last = self._is_last or not request.head.keep_alive
        if request.answered is None:
            request.body = body
            self._line.add(request)
            self._crowd.owes_nothing(self)
            self._service.respond(request)
        return True

    def _refuse(self, answer: HttpAnswer) -> None:
        """Answer what cannot be read to its end, and read no more."""
        request, self._request = self._request, None
        self._is_last = self._is_talking = True
        self._stream.clear()
        if request is None:
            request = HttpRequest(self, HttpHead(), self._remote)
        if request.answered is None:
            request.answered = answer
            self._line.add(request)

    def _write(self) -> bool:
        """Write the answers that are due; return whether there were any."""
        line, pieces, size = self._line, list[bytes](), 0
        wire = self._wire
        while (answer := line.due) and size < self._limits.read and not wire.is_unsent:
            if answer.seize:
                wire.write(b"".join(pieces))
                self._give_away(answer.seize)
                return False
            request = line.take()
            head = request.head
            if self._answered:
                self._answered(head, answer.status)
            closes = answer.close or not head.keep_alive or (self._is_last and not line)
            pieces.append(written(answer, head, closes, int(time.time())))
            size += len(pieces[-1])
            if closes:
                self._read_no_more(request)
        if pieces:
            wire.write(b"".join(pieces))
            if not line and not wire.is_unsent:
                self._crowd.owes_request(self)
        return bool(pieces)

    def _give_away(self, seize: Callable[[asyncio.Transport], Callable[[], object]]) -> None:
        """Let somebody else write; nothing more is read, and only the server's end cuts it."""
        self._is_given_away = True
        self._is_last = True
        self._request = None
        self._stream.clear()
        self._line.clear()
        self._crowd.owes_nothing(self)
        self._crowd.holds(self, 0)
        self._at_end = self._wire.lend(seize)
        if self._wire.has_ended:
            self._at_end()

    def _read_no_more(self, last: HttpRequest) -> None:
        """Answer no request but that one and those before it."""
        self._is_last = True
        self._is_talking = self._is_talking or self._request is last
        self._request = None
        self._stream.clear()
        self._line.clear()

    def _wait(self) -> None:
        """Say what is due besides answers, read on or not, and tell what is held."""
        if not self._line:
            if self._is_last or (self._wire.has_ended and not self._is_full):
                self._end()
            elif self._asks and not self._wire.is_unsent:
                self._asks = False
                self._wire.write(_CONTINUE)
        self._read_or_pause()
        unsent = self._limits.read if self._wire.is_unsent else 0
        self._crowd.holds(self, self._stream.held + self._line.octets + unsent)

    def _read_or_pause(self) -> None:
        """Have the system keep what comes while there is no room for it, or give it again."""
        pauses = self._crowd.paused or (self._is_full and not self._is_last)
        self._wire.read(wanted=not pauses)

    def _end(self) -> None:
        """Close; a request that has not come whole is answered first."""
        if not self._is_last and (self._request or self._stream):
            self._refuse(_CUT_SHORT)
            self._write()
        self._wire.close(is_talking=self._is_talking)
