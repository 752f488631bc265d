"""Wait until what a batch has sent is final, reading its rows from the store again and again.

Rows are not kept in memory: each look goes through those that are still pending.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from linksms_cli.actions.send.batch.events import RowResult
from linksms_cli.actions.send.batch.patience import beats
from linksms_cli.adapters.store import Outbox, Store, Stories
from linksms_cli.errors import StoreAwayError, StoreError
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.mt.result_of import as_stored
from linksms_cli.sms.mt.waited import after_waiting, not_followed
from linksms_cli.sms.outcome import Outcome

_PAGE = 1000
# Seconds from look to look, and how many times as long as the last look took: looking must not take
# more than a tenth of a processor.
_LOOK = 0.1
_PART = 10


def awaited(
    batch: int,
    seconds: float,
    *,
    store: Store,
    outbox: Outbox,
    signals: Callable[[], int],
) -> Iterator[RowResult | Beat]:
    """Yield each accepted row's result as soon as it is final, and the rest when the wait ends.

    A store that is away is waited for too. Raises StoreError if not even the rows can be read.
    """
    deadline = time.monotonic() + seconds
    told_to = 0  # rows up to this one are told, once the wait is over
    settling = _Settling(outbox)
    try:
        with ExitStack() as opened:
            stories: Stories | None = None
            pending = True
            while pending and not signals() and time.monotonic() < deadline:
                began = time.monotonic()
                beat = Beat()
                pending = False
                try:
                    stories = stories or opened.enter_context(closing(store.stories()))
                    stories.version()  # nothing is to be waited for in a store that was taken away
                    yield from settling.again()
                    for row, delivery in _accepted(batch, outbox, stories):
                        if delivery and delivery.final:
                            ended = after_waiting(row.result, delivery, seconds, interrupted=False)
                            yield settling.settle(RowResult(row.record, ended))
                        else:
                            pending = True
                except StoreAwayError as failure:
                    pending, beat = True, Beat(failure.message)
                if pending:
                    pause = max(_LOOK, _PART * (time.monotonic() - began))
                    yield from beats(beat, min(began + pause, deadline), signals)
            yield from settling.unstored()
            stories = stories or opened.enter_context(closing(store.stories()))
            for row, delivery in _accepted(batch, outbox, stories, but=settling.told):
                ended = after_waiting(row.result, delivery, seconds, interrupted=bool(signals()))
                told_to = row.record.number
                yield RowResult(row.record, ended)
    except StoreError as failure:
        yield from settling.unstored()
        for row, _ in _accepted(batch, outbox, None, after=told_to, but=settling.told):
            yield RowResult(row.record, not_followed(row.result, failure))


class _Settling:
    """Stores what rows have come to, before they are told.

    If the store goes away while it stores a row, nobody knows whether that is there, and the row
    may be accepted no longer: so it is kept here until it is told.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._kept: RowResult | None = None
        self.told: int | None = None  # the row that was told without being stored for sure

    def settle(self, row: RowResult) -> RowResult:
        """Store what a row has come to, and return it. Raises StoreError."""
        self._kept = row
        self._outbox.settle([row.result])
        self._kept = None
        return row

    def again(self) -> Iterator[RowResult]:
        """Yield the row that is kept, once it is stored. Raises StoreError."""
        if self._kept:
            yield self.settle(self._kept)

    def unstored(self) -> Iterator[RowResult]:
        """Yield the row that is kept, stored or not."""
        if row := self._kept:
            self._kept = None
            self.told = row.record.number
            yield row


def _accepted(
    batch: int,
    outbox: Outbox,
    stories: Stories | None,
    *,
    after: int = 0,
    but: int | None = None,
) -> Iterator[tuple[RowResult, Delivery | None]]:
    """Yield the rows that are accepted and not settled yet, with what reports have said of each."""
    while page := outbox.rows_after(batch, after, _PAGE):
        for stored in page:
            sent = stored.submission
            if sent.outcome is not Outcome.ACCEPTED or stored.row == but:
                continue
            delivery = stories.delivery(sent.message_id) if stories and sent.message_id else None
            yield RowResult(Record(stored.row, {}), as_stored(sent)), delivery
        after = page[-1].row
