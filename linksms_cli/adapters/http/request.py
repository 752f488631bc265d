"""A request that waits for its answer, and what a server asks of those it answers for."""

from collections.abc import Callable
from typing import Protocol

from linksms_cli.adapters.http.messages import HttpAnswer, HttpHead

# What a request counts for besides its own octets: what Python needs to hold it.
REQUEST_OCTETS = 2048


class Asker(Protocol):
    """The connection that a request came over."""

    @property
    def local(self) -> str:
        """The address of this machine that the client has connected to."""

    def go_on(self) -> None:
        """Write the answers that are due, and read on."""


class HttpRequest:
    """One request, its head and its whole body, to be answered once, now or later."""

    __slots__ = ("_connection", "answered", "body", "head", "remote")

    def __init__(self, connection: Asker, head: HttpHead, remote: str) -> None:
        self._connection = connection
        self.head = head
        self.remote = remote
        self.body = b""
        self.answered: HttpAnswer | None = None

    def answer(self, answer: HttpAnswer) -> None:
        """Answer it, in the loop's thread; nothing happens if the client has gone."""
        self.answered = answer
        self._connection.go_on()

    @property
    def local(self) -> str:
        """The address of this machine that it came to."""
        return self._connection.local

    @property
    def octets(self) -> int:
        """How much of the memory it counts for."""
        return REQUEST_OCTETS + len(self.body) + len(self.head.query)


# Is told the head of each request that was answered, and the status.
Answered = Callable[[HttpHead, int], None]


class HttpService(Protocol):
    """What a server is there for. It is asked in the thread of the loop, and must not block."""

    def admit(self, request: HttpRequest) -> HttpAnswer | None:
        """Answer a request before its body has come, or let it come by None."""

    def respond(self, request: HttpRequest) -> None:
        """Answer a whole request, now or later."""
