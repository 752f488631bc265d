"""The sandbox as a service of the HTTP server: who answers a request, when, and in which thread.

Messages are taken in the thread of the server's loop, where nothing may block: what they wait for
is a timer's or another thread's work. The admin interface may wait for a message, and has threads.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.messages import HttpAnswer
from linksms_cli.adapters.http.request import HttpRequest
from linksms_cli.adapters.http.server import HttpServer
from linksms_cli.adapters.sandbox.exchange import Request, Response
from linksms_cli.adapters.sandbox.misbehaviour import as_answer

_LIMITS = HttpLimits(
    request_seconds=30,
    answer_seconds=60,
    head=64 * 1024,
    connections=512,
    closing_seconds=0,
)
# Requests that may wait at a time, for messages, changes or reports; and those to the admin
# interface that need not: they never queue behind the others, whose waits they may end.
_WAITING = 128
_PROMPT = 8
# An address that stands for all of them can be listened on, but not connected to.
_REACHED_AS = {"//0.0.0.0:": "//127.0.0.1:", "//[::]:": "//[::1]:"}

# Answers a request at once, or returns None if that may have to wait.
AnswerAtOnce = Callable[[Request], Response | None]
AnswerInTime = Callable[[Request], Response]


class SandboxHost:
    """Has one address from its making, and serves from `start` until `close`, which ends all.

    Raises ListenError if the address cannot be had.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = HttpServer(host, port, limits=_LIMITS, name="sandbox")
        self.url = self._server.url
        for listening, reached in _REACHED_AS.items():
            self.url = self.url.replace(listening, reached)
        self._waiting = ThreadPoolExecutor(_WAITING, thread_name_prefix="sandbox-waiting")
        self._prompt = ThreadPoolExecutor(_PROMPT, thread_name_prefix="sandbox-admin")

    def start(self, at_once: AnswerAtOnce, in_time: AnswerInTime) -> None:
        """Begin to serve; who connected before has waited."""
        self._at_once = at_once
        self._in_time = in_time
        self._server.start(self, trouble=lambda _message: None)

    def close(self) -> None:
        """Stop listening and end every connection, also those that are never answered."""
        self._server.close()
        for threads in (self._waiting, self._prompt):
            threads.shutdown(cancel_futures=True)

    def admit(self, request: HttpRequest) -> HttpAnswer | None:  # noqa: ARG002 - the server's
        """Let every body come: it is bounded, and hardly anybody sends one."""
        return None

    def respond(self, request: HttpRequest) -> None:
        """Answer a whole request."""
        asked = _as_asked(request)
        try:
            response = self._at_once(asked)
        except Exception:  # noqa: BLE001 - whatever it is, it costs one connection and is seen
            self._fail(request)
            return
        loop = asyncio.get_running_loop()
        if response is None:
            threads = self._waiting if "wait" in asked.query else self._prompt
            threads.submit(self._work, loop, request, asked)
        elif response.before is not None:
            tried = response.before()
            self._waiting.submit(self._wait, loop, request, response, tried)
        else:
            self._deliver(loop, request, response)

    def _work(self, loop: asyncio.AbstractEventLoop, request: HttpRequest, asked: Request) -> None:
        """Answer what may have to wait, in a thread for it."""
        try:
            deliver = partial(self._deliver, loop, request, self._in_time(asked))
        except Exception:  # noqa: BLE001 - as above
            deliver = partial(self._fail, request)
        _in_loop(loop, deliver)

    def _wait(
        self,
        loop: asyncio.AbstractEventLoop,
        request: HttpRequest,
        response: Response,
        tried: threading.Event,
    ) -> None:
        tried.wait()
        _in_loop(loop, partial(self._deliver, loop, request, response))

    def _deliver(
        self, loop: asyncio.AbstractEventLoop, request: HttpRequest, response: Response
    ) -> None:
        if response.seconds:
            loop.call_later(response.seconds, self._send, request, response)
        else:
            self._send(request, response)

    def _send(self, request: HttpRequest, response: Response) -> None:
        request.answer(as_answer(response.reply))
        if response.afterwards is not None:
            response.afterwards()

    def _fail(self, request: HttpRequest) -> None:
        """Let a fault of our own be seen, and cost one connection."""
        kind, failure, traceback = sys.exc_info()
        if kind is not None:
            details = (kind, failure, traceback, threading.current_thread())
            threading.excepthook(threading.ExceptHookArgs(details))
        request.answer(HttpAnswer(500, seize=_abort))


def _abort(transport: asyncio.Transport) -> Callable[[], object]:
    transport.abort()
    return transport.abort


def _in_loop(loop: asyncio.AbstractEventLoop, work: Callable[[], object]) -> None:
    with suppress(RuntimeError):  # it has ended
        loop.call_soon_threadsafe(work)


def _as_asked(request: HttpRequest) -> Request:
    head = request.head
    query = head.query if head.query_as_sent is None else head.query_as_sent
    return Request(
        method=head.method.decode(),
        path=head.path.decode(),
        query=query.decode("latin-1"),
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.fields.items()
        ),
        body=request.body,
        peer=request.remote,
        local=request.local,
    )
