"""A way to a PostgreSQL server that breaks in the middle of a commit."""

import select
import socket
import threading
from enum import Enum
from typing import TYPE_CHECKING

from tests.loopback import Listener

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMIT = b"COMMIT\0"


class Cut(Enum):
    """Where the way breaks: what becomes of the COMMIT, and of the server's end of it."""

    BEFORE = "the COMMIT is lost, and the server is told that its client has gone"
    UNHEARD = "the COMMIT is lost, and the server goes on waiting for it"
    AFTER = "the COMMIT is done, and its answer is lost"


class CuttingWay(Listener):
    """Passes everything on, until `cut` is set: then it breaks at the next COMMIT, once.

    `meanwhile` is called before anybody hears of that. With `is_gone` nobody gets through any more.
    After `silence` those who are there hear nothing more, and are not told that they are cut off.
    """

    def __init__(self, port: str) -> None:
        super().__init__()
        self._server = int(port)
        self.cut: Cut | None = None
        self.ends_with_cut = False
        self.meanwhile: Callable[[], None] = lambda: None
        self.is_gone = False
        self._kept: list[socket.socket] = []
        self._silent: list[threading.Event] = []

    def serve(self, connection: socket.socket) -> None:
        if self.is_gone:
            return
        server = socket.create_connection(("127.0.0.1", self._server))
        silent = threading.Event()
        self._silent.append(silent)
        if self._pass_on(connection, server, silent) is Cut.UNHEARD:
            self._kept.append(server)
        else:
            server.close()

    @property
    def is_armed(self) -> bool:
        """Whether it has not been cut yet."""
        return self.cut is not None

    def silence(self) -> None:
        """Let nothing more through of those who are there."""
        for one in self._silent:
            one.set()

    def close(self) -> None:
        """Close what the server still waits at."""
        for one in self._kept:
            one.close()

    def _pass_on(
        self, client: socket.socket, server: socket.socket, silent: threading.Event
    ) -> Cut | None:
        while True:
            ready, _, _ = select.select([client, server], [], [])
            for one in ready:
                said = one.recv(65536)
                if not said:
                    return None
                if silent.is_set():
                    continue
                cut = self.cut if one is client and _COMMIT in said else None
                if cut:
                    self.cut, self.is_gone = None, self.ends_with_cut
                if cut is Cut.AFTER:
                    server.sendall(said)
                    server.recv(65536)
                if cut:
                    self.meanwhile()
                    return cut
                (server if one is client else client).sendall(said)
