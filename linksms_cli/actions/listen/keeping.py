"""Forget what is older than it is to be kept, bit by bit, beside a receiver at work."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

from linksms_cli.adapters.store import Store
from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.receiving import ReceiverTrouble
from linksms_cli.sms.story import Chore
from linksms_cli.sms.timestamp import rfc3339

# How much longer what still waits for a target is kept, at least. A target that nobody forwards to
# any more must not keep phone numbers for ever.
_GRACE = timedelta(days=7)
# Seconds between two looks for what has become too old, at most and at least.
_EVERY, _OFTEN = 60.0, 1.0
# Of a piece and the rest after it, the rest takes this much; and so many seconds at least.
_IDLE = 4.0
_PAUSE = 0.02


class Keeper:
    """Forgets what is older than `age` while the block runs, if no other process does it already.

    What waits for a target is kept for `patience` more, or a week. `tell` is told of trouble.
    """

    def __init__(
        self,
        store: Store,
        age: timedelta,
        *,
        patience: timedelta,
        tell: Callable[[ReceiverTrouble], None],
    ) -> None:
        self._store = store
        self._age = age
        self._grace = max(_GRACE, patience)
        self._tell = tell
        self._fails = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def __enter__(self) -> Self:
        start_thread(self._thread)
        return self

    def __exit__(self, *_failure: object) -> None:
        """End after the piece that is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = min(_EVERY, max(_OFTEN, self._age.total_seconds() / 4))
        while True:
            try:
                self._forget()
                self._fails = False
            except StoreError as failure:
                if not self._fails:
                    message = f"{failure.message}; what is older than --keep is not deleted"
                    self._tell(ReceiverTrouble(message=message))
                self._fails = True
            if self._stop.wait(pause):
                return

    def _forget(self) -> None:
        now = datetime.now(UTC)
        with self._store.hold(Chore.FORGETTING) as is_ours:
            if is_ours:
                self._store.forget_gently(
                    rfc3339(now - self._age),
                    sparing=rfc3339(now - self._age - self._grace),
                    rest=self._rest,
                )

    def _rest(self, took: float) -> bool:
        return not self._stop.wait(max(_PAUSE, _IDLE * took))
