"""How a batch waits for a store that is away: it tries again, and shows signs of life meanwhile."""

import time
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from linksms_cli.errors import StoreAwayError
from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.batch.beat import Beat

Returned = TypeVar("Returned")

# A store that is away is tried again, with these pauses, for so many seconds.
PATIENCE = 300.0
PAUSES = Backoff(first=0.2, longest=5.0)
# Seconds from one sign of life to the next.
_BEAT = 0.1


def patiently(
    store: Callable[[], Returned], signals: Callable[[], int]
) -> Generator[Beat, None, Returned]:
    """Store something that may be stored twice, and yield signs of life while the store is away.

    After a signal it is tried once more. Raises StoreError if it cannot be stored.
    """
    deadline = time.monotonic() + PATIENCE
    failures = 0
    while True:
        try:
            return store()
        except StoreAwayError as failure:
            now = time.monotonic()
            if now > deadline or signals():
                raise
            failures += 1
            yield from beats(Beat(failure.message), now + PAUSES.pause(failures), signals)


def beats(beat: Beat, until: float, signals: Callable[[], int]) -> Iterator[Beat]:
    """Sleep, and yield a sign of life several times a second; a signal ends it."""
    while (left := until - time.monotonic()) > 0 and not signals():
        yield beat
        time.sleep(min(_BEAT, left))
