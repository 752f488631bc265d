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
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from linksms_cli.errors import ConfigurationError, ListenError
from linksms_cli.sms import authority

# Seconds that requests under way have to finish when the server closes.
_CLOSING_SECONDS = 10
_BACKLOG = 1024
# Files that a process needs beside its connections.
_OTHER_FILES = 64

Application = Callable[..., Awaitable[None]]


class Server:
    """Listens on one address from the start, and serves from `start` to `close`.

    Raises ConfigurationError where the address cannot be had, or the server is not installed.
    """

    def __init__(self, host: str, port: int) -> None:
        try:
            import uvicorn

            from linksms_cli.adapters.receiver.connection import CONNECTIONS, LimitedConnection
        except ModuleNotFoundError as missing:
            message = f"listening needs the package {missing.name}, which is not installed"
            raise ConfigurationError(message, "Install it: pip install uvicorn httptools") from None
        self._socket = _listen(host, port)
        self.url = f"http://{authority.written(host, self._socket.getsockname()[1])}"
        LimitedConnection.most = min(CONNECTIONS, _allowed_files(CONNECTIONS) - _OTHER_FILES)
        self._uvicorn = uvicorn
        self._connection = LimitedConnection
        self._server: Any = None
        self._thread = threading.Thread(target=self._serve, name="receiver", daemon=True)

    def start(self, application: Application) -> None:
        """Begin to serve; who connected before has waited."""
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
            backlog=_BACKLOG,
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
        asyncio.run(self._server.serve(sockets=[self._socket]))


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


def _allowed_files(wanted: int) -> int:
    """Return how many files this process may open, after asking for as many as are wanted."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted += _OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    asked = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (asked, hard))
    return asked
