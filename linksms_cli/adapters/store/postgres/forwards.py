"""The side of those who forward from a PostgreSQL store, on any number of machines."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from linksms_cli.adapters.store.postgres.connection import PostgresConnection
from linksms_cli.adapters.store.postgres.watching import Watch
from linksms_cli.adapters.store.sql.forwards import SqlForwards
from linksms_cli.sms.forward.due import Due, Settled
from linksms_cli.sms.forward.target import Target
from linksms_cli.sms.timestamp import rfc3339

# Seconds after which the clocks are compared again, and how far they may be apart: the way to the
# server takes some time too.
_COMPARED_FOR = 10.0
_TOLERATED = timedelta(seconds=1)


class PostgresForwards(SqlForwards):
    """`Forwards` to one target.

    Leases are judged by the server's clock, since those of the machines may be apart: what one has
    claimed for 40 s must not look over to another. Its caller sees the time of its own clock alone.
    """

    def __init__(
        self,
        connection: PostgresConnection,
        target: Target,
        owner: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(connection, target, owner)
        self._clock = clock
        self._watch = Watch(connection)
        self._compared: _Compared | None = None

    def version(self) -> int:
        """Return a number that changes whenever somebody has committed."""
        return self._watch.version()

    def is_moved(self) -> bool:
        """Return False: a server that has lost its tables fails in another way."""
        return False

    def advance(
        self,
        settled: Sequence[Settled],
        *,
        held: Sequence[int],
        limit: int,
        now: datetime,
        lease: timedelta,
    ) -> list[Due]:
        """Settle, renew, enlist and claim, in one commit."""
        ahead = self._servers_clock()
        dues = super().advance(
            [one._replace(due_at=_moved(one.due_at, ahead)) for one in settled],
            held=held,
            limit=limit,
            now=now + ahead,
            lease=lease,
        )
        return [one._replace(failed_since=_moved(one.failed_since, -ahead)) for one in dues]

    def next_due(self) -> str | None:
        """Return when something is due next."""
        return _moved(super().next_due(), -self._servers_clock())

    def give_up(self, before: datetime, failure: str) -> int:
        """Set aside what came before a moment, if the target has failed since then."""
        return super().give_up(before + self._servers_clock(), failure)

    def _servers_clock(self) -> timedelta:
        """Return how far the server's clock is ahead of this machine's.

        They are compared now and then, and at once if this machine's has been put back or ahead.
        """
        here, began = self._clock(), time.monotonic()
        if self._compared is None or not self._compared.holds(here, began):
            with self._connection.errors():
                row = self._connection.execute("SELECT clock_timestamp()").fetchone()
            way = timedelta(seconds=(time.monotonic() - began) / 2)
            ahead = row[0] - here - way
            ahead = ahead if abs(ahead) > _TOLERATED else timedelta()
            self._compared = _Compared(ahead, here, began)
        return self._compared.ahead


class _Compared(NamedTuple):
    """How far the server's clock was ahead, at a moment by both clocks of this machine."""

    ahead: timedelta
    here: datetime
    clock: float

    def holds(self, here: datetime, clock: float) -> bool:
        """Return whether that can still be relied on."""
        passed = clock - self.clock
        off = here - self.here - timedelta(seconds=passed)
        return passed < _COMPARED_FOR and abs(off) <= _TOLERATED


def _moved(moment: str | None, by: timedelta) -> str | None:
    if not moment or not by:
        return moment
    return rfc3339(datetime.fromisoformat(moment) + by)
