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


class DoorShutError(Exception):
    """The door was shut before the request had left."""


class Attempt:
    """What the thread and the command share about one attempt.

    `secret_query` joins the request on the socket and nowhere else: no URL that an exception, a
    log or a traceback could show ever holds it. `arrival` is set once the header section of the
    response is complete.
    """

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
