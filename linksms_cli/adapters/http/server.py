"""Run an HTTP server in a thread of its own, on a socket that listens from the start."""

import asyncio
import contextlib
import selectors
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from linksms_cli.adapters.http.crowd import Crowd
from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.request import Answered, HttpService
from linksms_cli.adapters.http.tls import TlsTerms, TlsTransport
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import EXHAUSTED, ConfigurationError, ListenError
from linksms_cli.sms import authority

# Connections that wait to be accepted, and files that a process needs besides, where the system
# allows that many.
_BACKLOG = 1024
_OTHER_FILES = 64
# asyncio accepts as many connections at a time as the backlog says, and it takes so many times
# until one that is too many is closed.
_ROUNDS = 4


class HttpServer:
    """Listens on one address from the start, and serves from `start` to `close`.

    Raises ConfigurationError if the address cannot be had, or httptools is not installed.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        limits: HttpLimits | None = None,
        name: str = "http",
        tls: TlsTerms | None = None,
    ) -> None:
        if find_spec("httptools") is None:
            message = "listening needs the package httptools, which is not installed"
            raise ConfigurationError(message, "Install it: pip install httptools")
        from linksms_cli.adapters.http.connection import HttpConnection

        self._connection = HttpConnection
        limits = limits or HttpLimits()
        most = limits.tls_connections if tls else limits.connections
        wanted = most + _ROUNDS * _BACKLOG + _OTHER_FILES
        most, self._backlog = places(most, _allowed_files(wanted))
        self._socket = _listen(host, port)
        self._tls = tls
        address = authority.written(host, self._socket.getsockname()[1])
        self.url = f"{'https' if tls else 'http'}://{address}"
        self._crowd = Crowd(replace(limits, connections=most))
        self._service: HttpService
        self._trouble: Callable[[str], None] | None = None
        self._answered: Answered | None = None
        self._serves = threading.Event()
        self._end: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(
        self,
        service: HttpService,
        trouble: Callable[[str], None],
        answered: Answered | None = None,
    ) -> None:
        """Begin to serve; who connected before has waited.

        `trouble` is told, once, that the system has no more files for connections; `answered` of
        each answer, in the loop's thread.

        Raises OSError if the system has no files left for what it takes to serve.
        """
        _make_sure_of_files()
        self._service = service
        self._trouble = trouble
        self._answered = answered
        start_thread(self._thread)
        self._serves.wait()

    @property
    def is_alive(self) -> bool:
        """Whether it serves: false before `start`, and should it have ended by itself."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Listen no longer, finish what is under way, and end."""
        self._end()
        if self._thread.ident is not None:
            self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._serves.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._judge)
        ended = asyncio.Event()

        def end() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(ended.set)

        self._end = end
        server = await loop.create_server(
            self._connected,
            sock=self._socket,
            backlog=self._backlog,
        )
        self._serves.set()
        sweeping = loop.create_task(self._sweep())
        await ended.wait()
        server.close()
        await self._finish()
        sweeping.cancel()

    def _connected(self) -> asyncio.BufferedProtocol:
        connection = self._connection(self._service, self._crowd, self._answered)
        return TlsTransport(self._tls, connection, self._crowd.buffer) if self._tls else connection

    async def _sweep(self) -> None:
        limits = self._crowd.limits
        every = min(1.0, limits.request_seconds / 4, limits.answer_seconds / 4)
        while True:
            await asyncio.sleep(every)
            self._crowd.cut_the_late()

    async def _finish(self) -> None:
        """Let requests under way end in time, and cut the rest."""
        for connection in list(self._crowd.members):
            connection.finish()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._crowd.limits.closing_seconds):
                await self._crowd.gone()
        for connection in list(self._crowd.members):
            connection.abort()

    def _judge(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what went wrong in the loop: where files ran out, asyncio tries on by itself.

        Where memory ran out, it closes the connection without an answer.
        """
        failure = context.get("exception")
        if isinstance(failure, MemoryError):
            told = "a connection was closed: out of memory; allow this program more (ulimit -v)"
        elif isinstance(failure, OSError) and failure.errno in EXHAUSTED:
            why = f"connections have to wait: {failure.strerror}"
            told = f"{why}; allow this program more files (ulimit -n)"
        else:
            loop.default_exception_handler(context)
            return
        if self._trouble:
            self._trouble(told)
            self._trouble = None


def _listen(host: str, port: int) -> socket.socket:
    with contextlib.ExitStack() as undo:
        try:
            if port not in range(65536):
                raise OverflowError  # the resolver would take another port for it
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, address = found[0]
            listener = undo.enter_context(socket.socket(family, kind, protocol))
            if sys.platform != "win32":  # there it would let a second server take the same port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except (OSError, OverflowError, UnicodeError) as failure:
            if getattr(failure, "errno", None) in EXHAUSTED:
                raise
            raise ListenError(authority.written(host, port), failure) from None
        undo.pop_all()
    return listener


def _make_sure_of_files() -> None:
    """Open what a loop of asyncio does: half a loop says so in a traceback when it is collected."""
    with selectors.DefaultSelector():
        for one in socket.socketpair():
            one.close()


def places(most: int, files: int) -> tuple[int, int]:
    """Return how many connections so many files allow at a time, and how many may wait."""
    backlog = max(1, min(_BACKLOG, files // 16))
    return max(1, min(most, files - _ROUNDS * backlog - _OTHER_FILES)), backlog


def _allowed_files(wanted: int) -> int:
    """Return how many files this process may open, after asking for as many as are wanted."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    asked = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (asked, hard))
    return asked
