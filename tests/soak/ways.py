"""A way for HTTP on loopback that delays, cuts and doubles, and keeps a book of it."""

import random
import re
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from tests.loopback import Listener

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
# Seconds by which a request may be late.
_LATE = (0.05, 0.5)


class Trouble(StrEnum):
    """What happens to a request on the way, or to its answer."""

    NONE = "none"
    LATE = "it is passed on late"
    LOST = "it is not passed on, and the connection is cut"
    UNHEARD = "it is passed on, and the answer is lost"
    HALF = "half of the answer is passed back"
    TWICE = "it is passed on twice, and the second answer is passed back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request that came to a way.

    `passed_on` is how often it was written to the server, `answers` are those that came back whole,
    and `seconds` is how long that took.
    """

    request: bytes
    trouble: Trouble
    passed_on: int
    answers: tuple[bytes, ...]
    seconds: float

    @property
    def is_clear(self) -> bool:
        """Whether the client was given the answer, whole and soon."""
        heard = self.trouble in {Trouble.NONE, Trouble.LATE, Trouble.TWICE}
        return heard and bool(self.answers) and self.seconds < 5


class Way(Listener):
    """Leads to a server on loopback. `note` is told each exchange before the client is answered.

    `odds` are how many of a thousand requests meet each trouble.
    """

    def __init__(
        self,
        server: int,
        odds: Mapping[Trouble, int],
        chance: random.Random,
        note: Callable[[Exchange], None],
        *,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self._server = server
        self._troubles = [Trouble.NONE, *odds]
        self._weights = [1000 - sum(odds.values()), *odds.values()]
        self._chance = chance
        self._note = note

    def serve(self, connection: socket.socket) -> None:
        """Pass on one request after another, until one of them is cut."""
        while request := _whole(connection):
            exchange = self._exchange(request)
            self._note(exchange)
            if exchange.trouble in {Trouble.LOST, Trouble.UNHEARD} or not exchange.answers:
                return
            answer = exchange.answers[-1]
            if exchange.trouble is Trouble.HALF:
                connection.sendall(answer[: len(answer) // 2])
                return
            connection.sendall(answer)

    def _exchange(self, request: bytes) -> Exchange:
        began = time.monotonic()
        (trouble,) = self._chance.choices(self._troubles, self._weights)
        if trouble is Trouble.LATE:
            time.sleep(self._chance.uniform(*_LATE))
        times = {Trouble.LOST: 0, Trouble.TWICE: 2}.get(trouble, 1)
        passed = [self._pass_on(request) for _ in range(times)]
        return Exchange(
            request=request,
            trouble=trouble,
            passed_on=sum(answer is not None for answer in passed),
            answers=tuple(answer for answer in passed if answer),
            seconds=time.monotonic() - began,
        )

    def _pass_on(self, request: bytes) -> bytes | None:
        """Return the server's answer, nothing if it gave none, None if it cannot be reached."""
        try:
            server = socket.create_connection(("127.0.0.1", self._server), timeout=60)
        except OSError:
            return None
        with server, suppress(OSError):
            server.sendall(request)
            return _whole(server)
        return b""


def _whole(connection: socket.socket) -> bytes:
    """Read one message, head and body; nothing if it does not come to its end."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (more := connection.recv(65536)):
            return b""
        read += more
    found = _LENGTH.search(read)
    size = read.index(b"\r\n\r\n") + 4 + (int(found[1]) if found else 0)
    while len(read) < size:
        if not (more := connection.recv(65536)):
            return b""
        read += more
    return read
