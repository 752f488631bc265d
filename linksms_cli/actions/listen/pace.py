"""How much goes out to one target at a time: little while it is down, less while much comes in."""

import random
import time

from linksms_cli.adapters.store import Forwards
from linksms_cli.sms.forward.due import PAUSES

# Reports that are claimed at once, so that none of a target's connections waits for the next.
CLAIMED = 64
# To receive comes first: while more than so many reports a second are stored, fewer are forwarded,
# at most _BUSY_CLAIMED within each BUSY_TICK seconds. Reports come in bursts; the rest follows.
_BUSY = 400
_BUSY_CLAIMED = 8
BUSY_TICK = 0.025
_RATE_OVER = 0.25
# So many failures in a row are the target's and not a report's: it is tried with one at a time.
_DOWN = 8


class ForwardPace:
    """What a target is given: by what it answered so far, and by what comes in meanwhile."""

    def __init__(self) -> None:
        self._pressure = _Pressure()
        # Failures in a row, the pauses that they have led to, and until when the target is left
        # alone: while it is down, or because it asks for that.
        self._failures = 0
        self._pauses = 0
        self.quiet_until = 0.0

    @property
    def is_quiet(self) -> bool:
        """Whether the target is left alone now."""
        return time.monotonic() < self.quiet_until

    @property
    def is_failing(self) -> bool:
        """Whether it has failed and not answered since."""
        return self._failures > 0

    @property
    def is_down(self) -> bool:
        """Whether it failed so often that it is the target's fault."""
        return self._failures >= _DOWN

    def is_busy(self, forwards: Forwards) -> bool:
        """Return whether so much comes in that what goes out has to wait."""
        return self._pressure.is_high(forwards)

    def room(self, held: int) -> int:
        """Return how much may be claimed beside what is held: one at a time if it is down."""
        if self.is_quiet:
            return 0
        if self.is_down:
            return 0 if held else 1
        return max((_BUSY_CLAIMED if self._pressure.high else CLAIMED) - held, 0)

    def fail(self, wish: float) -> None:
        """Count a failure of a target that wishes to be left alone for so many seconds."""
        self._failures += 1
        now = time.monotonic()
        if self.is_down and now >= self.quiet_until:
            self._pauses += 1
            self.quiet_until = now + PAUSES.pause(self._pauses, chance=chance())
        self.quiet_until = max(self.quiet_until, now + wish)

    def succeed(self) -> None:
        """Forget the failures: the target has answered."""
        self._failures = self._pauses = 0


class _Pressure:
    """Whether reports come in so fast that to forward has to wait."""

    def __init__(self) -> None:
        self.high = False
        self._newest: int | None = None
        self._since = time.monotonic()

    def is_high(self, forwards: Forwards) -> bool:
        """Look at the store, now and then, and return what it says."""
        now = time.monotonic()
        if now - self._since >= _RATE_OVER:
            newest = forwards.newest()
            come = newest - (newest if self._newest is None else self._newest)
            self.high = come > _BUSY * (now - self._since)
            self._newest, self._since = newest, now
        return self.high


def chance() -> float:
    """Return a number from 0 to 1, so that not all try again at the same time."""
    return random.random()  # noqa: S311 - no secret depends on it
