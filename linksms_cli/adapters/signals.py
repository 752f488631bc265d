"""Note Ctrl-C and SIGTERM, so that work ends in order and not in the middle of a step."""

import os
import signal
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

from linksms_cli.errors import Terminated

_LOOKED_AT = (signal.SIGINT, signal.SIGTERM)
_HANGUP = (signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()  # not on Windows
# Seconds from one tick to the next.
_TICK = 1.0


class Interruption:
    """While the block runs, a signal is only noted; the work looks and ends in order.

    A signal that was ignored at the start (a background job's SIGINT) stays ignored. With
    `patience`, Terminated is raised so many seconds after the signal where the work still goes on:
    it may be stuck in writing to a pipe that nobody reads. With `tick`, that is called every second
    instead, in the middle of the work. (Neither on Windows, which has no timer.) With `hangup`, a
    terminal that is closed counts as a signal too. With `reload` as well, SIGHUP calls that, unless
    it comes because the terminal was closed.
    """

    def __init__(
        self,
        *,
        patience: float | None = None,
        tick: Callable[[], object] | None = None,
        hangup: bool = False,
        reload: Callable[[], object] | None = None,
    ) -> None:
        self._looked_at = (*_LOOKED_AT, *(_HANGUP if hangup else ()))
        self._reload = reload
        self._had_terminal = _has_terminal()
        self._arrived: int | None = None
        self._count = 0
        self._before: dict[signal.Signals, Any] = {}
        has_timer = hasattr(signal, "setitimer")
        self._patience = patience if has_timer else None
        self._tick = tick if has_timer else None

    def __enter__(self) -> Self:
        if self._patience is not None or self._tick:
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._ring)
        for number in self._looked_at:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN or (self._reload and number in _HANGUP):
                self._before[number] = before
                signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._patience is not None or self._tick:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, before in self._before.items():
            signal.signal(number, before)

    def __call__(self) -> bool:
        """Return whether a signal has arrived."""
        return self._arrived is not None

    @property
    def count(self) -> int:
        """How many signals have arrived."""
        return self._count

    def raise_if_any(self) -> None:
        """Raise what the last signal stands for, Terminated or KeyboardInterrupt, if one came."""
        if self._arrived == signal.SIGTERM:
            raise Terminated
        if self():
            raise KeyboardInterrupt

    def renew(self, patience: float | None = None) -> None:
        """Give the work so many seconds more, as many as at first by default."""
        if self._patience is not None and self():
            signal.setitimer(signal.ITIMER_REAL, patience or self._patience)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self._reload and number in _HANGUP and _has_terminal() == self._had_terminal:
            self._reload()
            return
        if number in _HANGUP and self._count:
            return  # of a terminal that is closed, the kernel tells and the shell does
        self._arrived = number
        self._count += 1
        if self._patience is not None:
            signal.setitimer(signal.ITIMER_REAL, self._patience)
        elif self._tick:
            signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._tick is None:
            raise Terminated
        self._tick()


def _has_terminal() -> bool:
    return any(os.isatty(stream) for stream in range(3))
