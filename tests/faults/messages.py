"""A way to a PostgreSQL server that breaks at one message of the protocol."""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum

from tests.loopback import Listener

# Before a session: what asks for TLS or GSSAPI has a head of its own, and so has what begins one.
_ASKS = (struct.pack("!II", 8, 80877103), struct.pack("!II", 8, 80877104))


class Break(Enum):
    """What becomes of a message of the client's, and of its connection."""

    LOST = "it is lost, and both are told that the other has gone"
    UNHEARD = "it is lost, and the server goes on waiting for it"
    UNANSWERED = "it is passed on, and its answer is lost"
    SILENT = "it and all that follows is lost, and nobody is told"
    SHUT_DOWN = "the server says that it is shut down"
    POOLED = "a pooler says that its server has gone"


class MessageWay(Listener):
    """Passes messages on, and counts those of clients, until it breaks at one of them.

    `at` is its number, or words that it holds.

    So many connections after that are turned `away`, by a server that is starting up.
    """

    def __init__(self, port: str) -> None:
        super().__init__()
        self._server = int(port)
        self._kept: list[socket.socket] = []
        self.count = 0
        self.at: int | bytes | None = None
        self.broken = Break.LOST
        self.away = 0

    def break_at(self, at: int | bytes, broken: Break, *, away: int = 0) -> None:
        """Break at that message, from now on."""
        self.count, self.at, self.broken, self.away = 0, at, broken, away

    @property
    def is_armed(self) -> bool:
        """Whether it has not broken yet."""
        return self.at is not None

    def close(self) -> None:
        """Close what the server still waits at: it sees after a while who has gone."""
        while self._kept:
            self._kept.pop().close()

    def serve(self, connection: socket.socket) -> None:
        if self.away and not self.is_armed:
            self.away -= 1
            _refuse(connection)
            return
        with suppress(OSError):
            server = socket.create_connection(("127.0.0.1", self._server))
            # Messages go on one by one, and none waits until the one before has been acknowledged.
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            broken = None
            try:
                broken = self._pass_on(connection, server)
            finally:
                if broken is Break.UNHEARD:
                    self._kept.append(server)
                else:
                    server.close()  # also if the client has gone in the middle of a message

    def _pass_on(self, client: socket.socket, server: socket.socket) -> Break | None:
        messages = Messages()
        while True:
            ready, _, _ = select.select([client, server], [], [])
            for one in ready:
                said = one.recv(65536)
                if not said:
                    return None
                if one is server:
                    client.sendall(said)
                    continue
                for message in messages.of(said):
                    if self._is_next(message):
                        _break(self.broken, client, server, message)
                        return self.broken
                    server.sendall(message)

    def _is_next(self, message: bytes) -> bool:
        with self._lock:
            self.count += 1
            if not (self.at in message if isinstance(self.at, bytes) else self.count == self.at):
                return False
            self.at = None
            return True


class Messages:
    """Takes apart what a client says."""

    def __init__(self) -> None:
        self._held = b""
        self._has_begun = False

    def of(self, said: bytes) -> Iterator[bytes]:
        """Yield the messages that are whole now."""
        self._held += said
        while len(self._held) >= 5:
            kind = 1 if self._has_begun else 0
            length = kind + int.from_bytes(self._held[kind : kind + 4], "big")
            if len(self._held) < length:
                return
            message, self._held = self._held[:length], self._held[length:]
            self._has_begun = self._has_begun or message not in _ASKS
            yield message


def _break(broken: Break, client: socket.socket, server: socket.socket, message: bytes) -> None:
    if broken is Break.UNANSWERED:
        server.sendall(message)
        if select.select([server], [], [], 0.2)[0]:
            server.recv(65536)
    elif broken is Break.SHUT_DOWN:
        client.sendall(_fatal("57P01", "terminating connection due to administrator command"))
    elif broken is Break.POOLED:
        client.sendall(_fatal("08P01", "server conn crashed?"))
    elif broken is Break.SILENT:
        while client.recv(65536):
            pass


def _refuse(client: socket.socket) -> None:
    """Say what a server says that is starting up."""
    messages = Messages()
    while said := client.recv(65536):
        for message in messages.of(said):
            if message not in _ASKS:
                client.sendall(_fatal("57P03", "the database system is starting up"))
                return
            client.sendall(b"N")


def _fatal(code: str, words: str) -> bytes:
    fields = b"".join(
        f"{name}{value}".encode() + b"\0"
        for name, value in (("S", "FATAL"), ("V", "FATAL"), ("C", code), ("M", words))
    )
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"
