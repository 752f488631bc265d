"""How fast a batch goes: the rate that was asked for, and what the gateway bears."""

from linksms_cli.sms.backoff import Backoff

# A turn that comes late may be made up for, but for no more than this many seconds of the rate:
# 1 % of the 10 seconds within which the rate holds.
_MAKE_UP = 0.1
_THROTTLED = Backoff(first=0.5, longest=30.0)


class Pace:
    """Says when the next request may leave, and how many may be out at once.

    Times are seconds of one monotonic clock. `rate` is in messages a second, None for no limit.
    A gateway that throttles (code 3, HTTP 429) halves how many may be out and stops all for a
    moment; each answer after that lets it recover by a little, as TCP does.
    """

    def __init__(self, *, rate: float | None, concurrency: int) -> None:
        self._step = 1 / rate if rate else 0.0
        self._most = concurrency
        self._window = float(concurrency)
        self._next = 0.0
        self._paused_until = 0.0
        self._throttled = 0

    def room(self, out: int) -> int:
        """Return how many more may be out when so many are."""
        return max(0, int(self._window) - out)

    def due(self, now: float) -> float:
        """Return the time at which the next request may leave: `now`, or later."""
        return max(now, self._paused_until, self._next if self._step else 0.0)

    def held(self, now: float) -> float | None:
        """Return for how many seconds the gateway wants to be left alone, None if it does not."""
        return self._paused_until - now if now < self._paused_until else None

    def leave(self, now: float) -> None:
        """Note that a request leaves."""
        if self._step:
            self._next = max(self._next, now - _MAKE_UP) + self._step

    def throttle(self, now: float, asked: float | None) -> None:
        """Note that the gateway throttles; `asked` is how many seconds it wants to be left alone.

        Those that were out together and are throttled together count once; the longest wish of
        theirs is granted.
        """
        if now < self._paused_until:
            self._paused_until = max(self._paused_until, now + (asked or 0.0))
            return
        self._throttled += 1
        self._window = max(1.0, self._window / 2)
        self._paused_until = now + _THROTTLED.pause(self._throttled, asked=asked)

    def answered(self) -> None:
        """Note that the gateway has answered without throttling."""
        if self._window < self._most:
            self._window = min(float(self._most), self._window + 1 / self._window)
        else:
            self._throttled = 0
