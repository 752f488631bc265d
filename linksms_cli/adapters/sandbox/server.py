"""HTTP for the sandbox: an address listened on, and every connection ended when it closes.

The standard library's server, since broken answers need the socket itself, and since it starts in
a few milliseconds inside `send --sandbox`.
"""

import os
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from linksms_cli.adapters.sandbox.connection import (
    Connection,
    Host,
    Request,
    Response,
    wants_reset,
)
from linksms_cli.errors import ListenError
from linksms_cli.sms import authority

# How many may be open at a time; more are closed as they come.
_CONNECTIONS = 512
# Seconds after which a wait for a connection looks up, should the end have failed to wake it.
_LOOK_UP = 0.5


class SandboxServer(socketserver.ThreadingMixIn, Host):
    """Has one address, and from `start` a thread for each connection; `close` ends all at once.

    `respond` is called in the thread of the connection. Raises ListenError where the address
    cannot be had.
    """

    daemon_threads = True
    # Elsewhere it would let a second server take the same port.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 128
    timeout = _LOOK_UP

    def __init__(self, host: str, port: int, respond: Callable[[Request], Response]) -> None:
        self.respond = respond
        self.closing = threading.Event()
        self._open: dict[socket.socket, threading.Thread | None] = {}
        self._lock = threading.Lock()
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            self.address_family, *_, address = found[0]
            super().__init__((str(address[0]), port), Connection)
        except (OSError, OverflowError, UnicodeError) as failure:
            raise ListenError(authority.written(host, port), failure) from None
        # An address that stands for all of them can be listened on, but not connected to.
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(str(address[0]), host)  # noqa: S104
        self.url = f"http://{authority.written(reached, self.server_address[1])}"
        self._accepting = threading.Thread(target=self._accept, name="sandbox", daemon=True)

    def start(self) -> None:
        """Begin to serve; who connected before has waited."""
        self._accepting.start()

    def close(self) -> None:
        """Stop listening and end every connection, also those that are never answered."""
        self.closing.set()
        # A connection of our own ends the wait for the next one.
        with suppress(OSError), socket.create_connection(self.socket.getsockname()[:2], _LOOK_UP):
            pass
        self._accepting.join()
        self.server_close()
        with self._lock:
            connections = dict(self._open)
        for connection in connections:
            with suppress(OSError):  # it may be ending by itself
                connection.shutdown(socket.SHUT_RDWR)
        for thread in connections.values():
            if thread is not None:
                thread.join(timeout=1.0)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the library's
        """Take a connection, unless there are too many or the end has come."""
        with self._lock:
            taken = len(self._open) < _CONNECTIONS and not self.closing.is_set()
            if taken:
                self._open[request] = None
            return taken

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection, known to `close` as long as it is open."""
        with self._lock:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._open[request]

    def shutdown_request(self, request: Any) -> None:
        """Close a connection in good order, unless it is to be reset."""
        if wants_reset(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library's
        """Let a fault of our own be seen; the listening thread goes on."""
        kind, failure, traceback = sys.exc_info()
        if kind is not None and not isinstance(failure, OSError):
            details = (kind, failure, traceback, threading.current_thread())
            threading.excepthook(threading.ExceptHookArgs(details))

    def _accept(self) -> None:
        while not self.closing.is_set():
            self.handle_request()
