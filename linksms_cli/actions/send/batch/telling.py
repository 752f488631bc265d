"""Tell each row of a batch once: it is counted, and what must be mended is written down."""

from collections.abc import Iterator

from linksms_cli.actions.send.batch.events import RowResult
from linksms_cli.actions.send.batch.ledger import Ledger
from linksms_cli.actions.send.terms import Observer
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.errors import UsageError
from linksms_cli.sms.batch import mending
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.outcome import Outcome


class Teller:
    """Passes the results of rows on; with `waits` the accepted ones are told after the wait."""

    def __init__(
        self, ledger: Ledger, observer: Observer, *, rejects: Rejects | None, waits: bool
    ) -> None:
        self.ledger = ledger
        self._observer = observer
        self._rejects = rejects
        self._waits = waits

    def begin(self) -> None:
        """Begin the file of rows that must be mended. Raises UsageError."""
        if self._rejects:
            self._rejects.begin()

    def tell(self, event: RowResult | Beat) -> Iterator[RowResult | Beat]:
        """Yield an event, unless it is a row that is waited for."""
        if isinstance(event, Beat):
            yield event._replace(awaited=self.ledger.awaited)
            return
        self.ledger.settle(event.result)
        if self._waits and event.result.outcome is Outcome.ACCEPTED:
            self.ledger.hold_back()
            return
        self.ledger.tell(event.result)
        self._note(event)
        yield event

    def tell_awaited(self, event: RowResult | Beat) -> RowResult | Beat:
        """Return an event of the wait."""
        if isinstance(event, Beat):
            return event._replace(awaited=max(self.ledger.awaited, 0))
        self.ledger.tell_awaited(event.result)
        return event

    def _note(self, row: RowResult) -> None:
        """Write a row that must be mended to the file of such rows."""
        if self._rejects and (reason := mending.reason(row.result)):
            try:
                self._rejects.add(row.record, reason)
            except UsageError as failure:  # what is out has its results all the same
                self._observer.warn(f"{failure.message}: it does not hold every row")
                self._rejects = None
