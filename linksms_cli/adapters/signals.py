"""Ctrl-C and SIGTERM as something to look at, where an exception could fall between two steps."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

_EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class Interruption:
    """While the block runs, a signal only sets `exit_code`; the work looks and ends in order.

    A signal that was ignored at the start (a background job's SIGINT) stays ignored.
    """

    def __init__(self) -> None:
        self.exit_code: int | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in _EXIT_CODES:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def __call__(self) -> bool:
        """Say whether a signal has arrived."""
        return self.exit_code is not None

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.exit_code = _EXIT_CODES[signal.Signals(number)]
