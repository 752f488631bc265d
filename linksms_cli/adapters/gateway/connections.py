"""Connections to the gateway: made when they are needed, kept for the next request for a while."""

import select
import threading
import time
from typing import Any

from linksms_cli.adapters.gateway.attempt import Attempt
from linksms_cli.adapters.gateway.incoming import Incoming
from linksms_cli.adapters.gateway.responses import FinalResponse
from linksms_cli.adapters.gateway.way import Way

# A server may close an idle connection at the moment a request leaves on it, and then nobody can
# tell whether it took the request. Beyond this many seconds a new connection is the better risk.
REUSABLE_FOR = 2.0
# A host that is there takes a connection within this many seconds, whatever --timeout allows.
CONNECT_TIMEOUT = 10.0


class Channel:
    """A connection on which one request after the other is made."""

    def __init__(self, way: Way, timeout: float) -> None:
        self._way = way
        self._socket = way.connect(min(CONNECT_TIMEOUT, timeout))
        self._idle_since = 0.0

    def request(self, attempt: Attempt, timeout: float) -> FinalResponse:
        """Let a request leave by its attempt's door, and return the response once its head is here.

        Each step may take `timeout` seconds. Raises DoorShutError, and what FinalResponse and
        sockets do.
        """
        self._socket.settimeout(timeout)
        request = self._way.request(attempt.secret_query)
        attempt.pass_door()
        self._socket.sendall(request)
        response = FinalResponse(Incoming(self._socket))
        self._idle_since = time.monotonic()
        return response

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    @property
    def is_fresh(self) -> bool:
        """Whether it may serve another request: it was used just now, and the server is silent."""
        if time.monotonic() - self._idle_since >= REUSABLE_FOR:
            return False
        return not _has_news(self._socket)


class Connections:
    """Connections to one gateway, of which so many are kept. Any number of threads may ask."""

    def __init__(self, way: Way, most: int) -> None:
        self._way = way
        self._most = most
        # Taken from its end: those at its beginning grow old.
        self._kept: list[Channel] = []
        self._lock = threading.Lock()

    def take(self, timeout: float) -> Channel:
        """Return a connection for one request: one that was kept, or a new one.

        Raises what Way.connect does.
        """
        while kept := self._pop():
            if kept.is_fresh:
                return kept
            kept.close()
        return Channel(self._way, timeout)

    def keep(self, channel: Channel) -> None:
        """Keep a connection whose response was read to its end."""
        with self._lock:
            if len(self._kept) < self._most:
                self._kept.append(channel)
                return
        channel.close()

    def clear(self) -> None:
        """Close those that are kept."""
        while kept := self._pop():
            kept.close()

    def close(self) -> None:
        """Close those that are kept, and keep none from now on."""
        with self._lock:
            self._most = 0
        self.clear()

    def _pop(self) -> Channel | None:
        with self._lock:
            return self._kept.pop() if self._kept else None


def _has_news(connected: Any) -> bool:
    """Return whether something can be read, be it the connection's end."""
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(connected, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([connected], [], [], 0)[0])
