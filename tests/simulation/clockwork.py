"""Time, threads and queues of a simulated process, in place of those that its modules import.

Real code that starts threads, waits for queues and looks at clocks runs on them unchanged: its
threads become strands, of which the explorer chooses the next, and its time is that of the run.
"""

import queue
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from types import ModuleType, SimpleNamespace
from typing import Any, Self

import pytest

from tests.simulation.processes import Strand, current

_BEGIN = datetime(2026, 11, 27, 12, tzinfo=UTC)


def monotonic() -> float:
    """Return the time of the run."""
    return current().process.run.clock


def sleep(seconds: float) -> None:
    """Stop for so many seconds of the run."""
    current().stop(until=monotonic() + seconds)


class Moment(datetime):
    """The time of day, which follows that of the run."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """Return the time of day."""
        run = current().process.run
        at = _BEGIN + timedelta(seconds=run.clock + run.shifted)
        return cls.fromtimestamp(at.timestamp(), tz)


def servers_time() -> datetime:
    """Return the time of day on a server, whose clock nobody puts back or ahead."""
    return _BEGIN + timedelta(seconds=monotonic())


class Event:
    """What `threading.Event` is."""

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set():
            until = None if timeout is None else monotonic() + timeout
            current().stop(until=until, ready=self.is_set)
        return self.is_set()


class Thread:
    """What `threading.Thread` is: a strand of the process that starts it."""

    def __init__(
        self,
        target: Callable[..., object],
        args: Sequence[Any] = (),
        *,
        name: str = "thread",
        daemon: bool = False,  # noqa: ARG002 - all end with their process here
    ) -> None:
        self._work = lambda: target(*args)
        self._name = name
        self._strand: Strand | None = None

    def start(self) -> None:
        self._strand = current().process.spawn(self._name, self._work)

    def is_alive(self) -> bool:
        return self._strand is not None and not self._strand.ended

    def join(self, timeout: float | None = None) -> None:
        if self.is_alive():
            until = None if timeout is None else monotonic() + timeout
            current().stop(until=until, ready=lambda: not self.is_alive())


class SimpleQueue:
    """What `queue.SimpleQueue` is."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()

    def put(self, item: Any) -> None:
        self._items.append(item)

    def get(self, *, timeout: float | None = None) -> Any:
        if not self._items:
            until = None if timeout is None else monotonic() + timeout
            current().stop(until=until, ready=lambda: self._items)
        return self.get_nowait()

    def get_nowait(self) -> Any:
        if not self._items:
            raise queue.Empty
        return self._items.popleft()


_STAND_INS: dict[str, object] = {
    "time": SimpleNamespace(monotonic=monotonic, sleep=sleep),
    "queue": SimpleNamespace(SimpleQueue=SimpleQueue, Empty=queue.Empty),
    "threading": SimpleNamespace(Thread=Thread, Event=Event),
    "datetime": Moment,
    "SimpleQueue": SimpleQueue,
    # What has chance in it always comes out the same.
    "random": lambda: 0.5,
    "chance": lambda: 0.5,
}


def simulate(patch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Let modules have these in place of what they have imported."""
    for module in modules:
        for name in _STAND_INS.keys() & vars(module).keys():
            patch.setattr(module, name, _STAND_INS[name])
