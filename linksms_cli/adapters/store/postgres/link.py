"""A connection that never waits for ever."""

import time
from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from linksms_cli.adapters.store.postgres.dialect import rows
from linksms_cli.adapters.store.postgres.explaining import AwayError, SilentError

Returned = TypeVar("Returned")

# Seconds between two attempts to reach a server again.
_PAUSE = 0.1


class Link(psycopg.Connection[Any]):
    """A connection in autocommit that gives up on a server that has stopped answering.

    The network cannot tell: of a process that is stopped the kernel still takes what is sent. So
    each wait is bounded here, by `limit` seconds.
    """

    limit = 60.0

    def wait(self, gen: Generator[Any, Any, Returned], *args: Any, **options: Any) -> Returned:
        """Wait for a step of the protocol, as long as the limit allows."""
        return super().wait(_bounded(gen, self.limit), *args, **options)

    @property
    def is_usable(self) -> bool:
        """Whether it is open, and no answer is still to come."""
        return not self.closed and self.info.transaction_status is not TransactionStatus.ACTIVE


def connect(address: str) -> Link:
    """Connect, once. What it is asked is prepared nowhere, so that pgbouncer may stand between."""
    return Link.connect(
        address,
        autocommit=True,
        row_factory=rows,
        prepare_threshold=None,
        client_encoding="utf8",
    )


def connect_again(connect: Callable[[], Link], patience: float) -> Link:
    """Connect to a server that was there before, which has so many seconds to come back.

    Raises AwayError if it does not.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return connect()
        except psycopg.OperationalError as failure:
            if time.monotonic() >= deadline:
                raise AwayError(str(failure)) from None
        time.sleep(_PAUSE)


def _bounded(steps: Generator[Any, Any, Returned], seconds: float) -> Generator[Any, Any, Returned]:
    """Pass on what psycopg waits for; it is woken at least every 100 ms."""
    deadline = time.monotonic() + seconds
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > deadline:
                raise SilentError("the server has stopped answering")
            wanted = steps.send(ready)
    except StopIteration as end:
        returned: Returned = end.value
        return returned
