"""Writes into the store in a thread of its own, so that a batch never stands still for the disk."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from linksms_cli.actions.send.batch.patience import PATIENCE, PAUSES
from linksms_cli.adapters.store import Outbox
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import StoreAwayError, StoreError
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, Submission


class Committed(NamedTuple):
    """A group is on disk, or it is not, for a `failure`.

    `begun` are the numbers of its intents, and in place of one that was barred its twin.
    """

    begun: Sequence[int | Submission]
    failure: StoreError | None = None


class _Group(NamedTuple):
    outcomes: Sequence[tuple[int, Result]]
    intents: Sequence[Intent]


class Scribe:
    """Takes one group after the other; `written` is called from its thread when one is done.

    Until it is closed nobody else may use the outbox. `away` is why the store cannot be reached,
    None while it can.
    """

    def __init__(self, outbox: Outbox, written: Callable[[Committed], None]) -> None:
        outbox.hasten()
        self._outbox = outbox
        self._written = written
        self._groups: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._hurried, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="scribe")
        self.away: StoreAwayError | None = None
        start_thread(self._thread)

    def write(self, outcomes: Sequence[tuple[int, Result]], intents: Sequence[Intent]) -> None:
        """Begin to write a group; the one before it is done."""
        self._groups.put(_Group(outcomes, intents))

    def hurry(self) -> None:
        """Make only short pauses for a store that is away, from now on."""
        self._hurried.set()

    def close(self, patience: float) -> bool:
        """End its thread; return whether that took no more than so many seconds.

        A store that is away is not tried again.
        """
        self._closed.set()
        self.hurry()
        self._groups.put(None)
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while group := self._groups.get():
            self._written(self._write(group))

    def _write(self, group: _Group) -> Committed:
        deadline = time.monotonic() + PATIENCE
        failures = 0
        while True:
            try:
                begun = self._outbox.advance(group.outcomes, group.intents)
            except StoreAwayError as failure:
                failures += 1
                self.away = failure
                if time.monotonic() > deadline or self._is_closed_in(PAUSES.pause(failures)):
                    return Committed((), failure)
            except StoreError as failure:
                return Committed((), failure)
            else:
                self.away = None
                return Committed(begun)

    def _is_closed_in(self, pause: float) -> bool:
        """Make a pause; return whether it was closed meanwhile."""
        return self._hurried.wait(pause) and self._closed.wait(PAUSES.first)
