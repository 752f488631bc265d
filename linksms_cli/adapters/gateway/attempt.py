"""One attempt at a submission: whether its request may leave, whether it has, and what came back.

An attempt runs in a thread of its own, so that neither a name server nor a trickling answer can
hold the command beyond its deadline. The door between them settles what can be proved: the thread
passes it just before the first byte of the request, and once it is shut nothing ever leaves.
"""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linksms_cli.adapters.gateway.arrival import Arrival
    from linksms_cli.adapters.gateway.responses import FinalResponse


class DoorShutError(Exception):
    """The door was shut before the request had left."""


class Attempt:
    """What the thread and the command share about one attempt.

    `secret_query` joins the request on the socket and nowhere else: no URL that urllib3 can put
    into an exception, a log or a traceback ever holds it. `response` is the latest response that
    began; `arrival` is set once its header section is complete.
    """

    response: "FinalResponse"

    def __init__(self, secret_query: str) -> None:
        self.secret_query = secret_query
        self.sent_at: datetime | None = None
        self.arrival: Arrival | None = None
        self._lock = threading.Lock()
        self._shut = False

    def pass_door(self) -> None:
        """Let the request leave, before its first byte. Raises DoorShutError if too late."""
        with self._lock:
            if self._shut:
                raise DoorShutError
            if self.sent_at is None:
                self.sent_at = datetime.now(UTC)

    def shut_door(self) -> bool:
        """Let nothing leave from now on, and return whether something may have left before."""
        with self._lock:
            self._shut = True
            return self.sent_at is not None


class Current(threading.local):
    """The attempt that this thread makes; connections are made by urllib3 and look it up here."""

    attempt: Attempt | None = None


CURRENT = Current()
