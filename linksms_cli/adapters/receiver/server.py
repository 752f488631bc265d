"""The server: uvicorn with httptools, in a thread, on a socket of our own.

Chosen by measurement, with the whole receiver behind each (parse, store, commit, tell), on two
cores that others used too; processor time for a report, all threads:

    uvicorn 0.54, httptools, asyncio     128 µs    6,300 to 6,700 reports a second
    uvicorn 0.54, httptools, uvloop      129 µs    5,100 to 7,800
    granian 2.8, ASGI, uvloop            160 µs    4,900 to 6,600
    granian 2.8, ASGI, asyncio           215 µs    4,600 to 5,000

Bare, hypercorn takes 250 µs for a request, aiohttp 70, uvicorn and granian 40. granian cuts slow
clients by itself, and uvicorn needs `LimitedConnection` for that. But granian's RSGI hands over a
body that was cut short as if it were whole, it takes a socket of ours through private names only
(its own binds with SO_REUSEPORT, so that a second receiver starts without an error), and one stop
in five under load ended in a panic of its threads.
"""

import asyncio
import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from linksms_cli.errors import ConfigurationError, ListenError
from linksms_cli.sms import authority

# Seconds that requests under way have to finish when the server closes.
# Those who stop a container kill it after 10.
_CLOSING_SECONDS = 3
# Connections at a time, those that wait to be accepted, and files that a process needs besides,
# where the system allows that many.
_CONNECTIONS = 8192
_BACKLOG = 1024
_OTHER_FILES = 64
# asyncio accepts as many connections at a time as the backlog says, and it takes so many times
# until one that is too many is closed.
_ROUNDS = 4
_ALL_FILES = _CONNECTIONS + _ROUNDS * _BACKLOG + _OTHER_FILES
# What a system says that has no more files, or no memory, for a connection.
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

Application = Callable[..., Awaitable[None]]


class ReceiverServer:
    """Listens on one address from the start, and serves from `start` to `close`.

    Raises ConfigurationError where the address cannot be had, or the server is not installed.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            import uvicorn

            from linksms_cli.adapters.receiver.connection import at_most
        except ModuleNotFoundError as missing:
            message = f"listening needs the package {missing.name}, which is not installed"
            raise ConfigurationError(message, "Install it: pip install uvicorn httptools") from None
        self._socket = _listen(host, port)
        self.url = f"http://{authority.written(host, self._socket.getsockname()[1])}"
        most, self._backlog = _limits(_allowed_files(_ALL_FILES))
        self._uvicorn = uvicorn
        self._connection = at_most(most)
        self._server: Any = None
        self._trouble: Callable[[str], None] | None = None
        self._thread = threading.Thread(target=self._serve, name="receiver", daemon=True)

    def start(self, application: Application, trouble: Callable[[str], None]) -> None:
        """Begin to serve; who connected before has waited.

        `trouble` is told, once, that the system has no more files for connections.
        """
        self._trouble = trouble
        config = self._uvicorn.Config(
            application,
            http=self._connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=self._backlog,
            timeout_keep_alive=60,  # the connection's own limit is shorter
            timeout_graceful_shutdown=_CLOSING_SECONDS,
        )
        self._server = self._uvicorn.Server(config)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it serves: false before `start`, and should it have ended by itself."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Listen no longer, finish what is under way, and end."""
        if self._server is not None:
            self._server.should_exit = True
            self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        asyncio.run(self._serve_in_loop())

    async def _serve_in_loop(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._judge)
        await self._server.serve(sockets=[self._socket])

    def _judge(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Take what went wrong in the loop: where files ran out, asyncio tries on by itself."""
        failure = context.get("exception")
        if not isinstance(failure, OSError) or failure.errno not in _EXHAUSTED:
            loop.default_exception_handler(context)
        elif self._trouble:
            why = f"connections have to wait: {failure.strerror}"
            self._trouble(f"{why}; allow this program more files (ulimit -n)")
            self._trouble = None


def _listen(host: str, port: int) -> socket.socket:
    with contextlib.ExitStack() as undo:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, address = found[0]
            listener = undo.enter_context(socket.socket(family, kind, protocol))
            if sys.platform != "win32":  # there it would let a second server take the same port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)
        except (OSError, OverflowError, UnicodeError) as failure:
            raise ListenError(authority.written(host, port), failure) from None
        undo.pop_all()
    return listener


def _limits(files: int) -> tuple[int, int]:
    """Return how many connections so many files allow at a time, and how many may wait."""
    backlog = max(1, min(_BACKLOG, files // 16))
    return max(1, min(_CONNECTIONS, files - _ROUNDS * backlog - _OTHER_FILES)), backlog


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
