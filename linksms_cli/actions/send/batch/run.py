"""One batch from its file to its summary: plan it, guard it, send it, wait for it.

The file is read twice: all of it is judged before the first row goes out, so that every bad row is
told at once and the total is known, and then it is sent row by row. Nothing is held in memory.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from hashlib import sha256

from linksms_cli.actions.send.batch.engine import Engine
from linksms_cli.actions.send.batch.events import (
    Away,
    BatchEnded,
    BatchEvent,
    Candidate,
    Planned,
    RowResult,
)
from linksms_cli.actions.send.batch.file import BatchFile
from linksms_cli.actions.send.batch.judging import Judge, Past
from linksms_cli.actions.send.batch.ledger import Ledger
from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.planning import check_charge, fill
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.batch.waiting import awaited
from linksms_cli.actions.send.session import Opened
from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turns
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.seen import Seen
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import (
    BatchBusyError,
    BatchRefusedError,
    LinksmsError,
    StoreError,
    UsageError,
)
from linksms_cli.sms.account import base_url
from linksms_cli.sms.batch import mending
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.orders import OrderMaker, RowDefaults
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.outcome import Outcome

# Without a connection for so many rows in a row, and at least for all that are out at once, the
# network is taken to be lost.
_LOST = 20
# Seconds after the first signal, and after the second, in which the rows that are left are told one
# by one; then they are counted.
_TELLING = (5.0, 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTerms:
    """How a batch is sent, besides the terms of every send.

    `confirmed` is what --confirm-charge names for the whole batch, `rate` is in messages a second.
    """

    template: str | None
    confirmed: Amount | None
    rate: float | None
    max_failures: int | None
    again: bool
    allow_duplicates: bool


class Batch:
    """A batch that was opened; `rejects` gets every row that is refused or rejected."""

    def __init__(
        self,
        file: BatchFile,
        defaults: RowDefaults,
        *,
        opened: Opened,
        terms: Terms,
        batch_terms: BatchTerms,
        observer: Observer,
        rejects: Rejects | None,
    ) -> None:
        self._source = file.source
        self._rows = file.rows
        self._defaults = defaults
        self._opened = opened
        self._terms = terms
        self._batch_terms = batch_terms
        self._observer = observer
        self._rejects = rejects
        self._turns = Turns(opened.settings, terms, observer)
        self._identity = self._identify()

    def run(self) -> Iterator[BatchEvent]:
        """Yield the results of rows as they come, the plan once it is made, and the end.

        Raises UsageError for a file that cannot be read to its end, BatchRefusedError for a batch
        that was finished before or whose charge is not confirmed, and BatchBusyError while another
        process sends it: nothing was sent then. Before any of them, and before StoreError, the end
        is yielded too.
        """
        plan = BatchPlan()
        ledger = Ledger(plan)
        self._ended = BatchEnded(None, finished=False, untold={})
        try:
            with ExitStack() as held:
                yield from self._run(plan, ledger, held)
        except LinksmsError:
            yield self._ended._replace(untold=ledger.untold())
            raise
        yield self._ended._replace(untold=ledger.untold())

    def _run(self, plan: BatchPlan, ledger: Ledger, held: ExitStack) -> Iterator[BatchEvent]:
        if not self._terms.dry_run:
            self._hold(held)
        past = self._past(held)
        if self._rejects:
            self._rejects.begin()
        for event in self._plan(plan, past):
            if isinstance(event, RowResult):
                ledger.settle(event.result)
                ledger.tell(event.result)
                self._note(event)
            yield event
        if self._opened.signals():
            return  # nothing was sent
        self._source.check_unchanged()
        yield Planned(plan)
        check_charge(plan, self._batch_terms.confirmed)
        if not self._terms.dry_run and self._opened.outbox:
            yield from self._send(past, ledger, self._opened.outbox)

    def _hold(self, held: ExitStack) -> None:
        store = self._opened.store
        if store and not held.enter_context(store.hold(self._identity)):
            raise BatchBusyError(
                "another process is sending this batch",
                "Run the same command once that has ended: it goes on where that stopped.",
            )

    def _refuse_finished(self, batch: StoredBatch) -> None:
        if not self._batch_terms.again:
            raise BatchRefusedError(
                f"this batch was finished on {batch.finished_at}: every row has its outcome",
                "To send all of it once more, add --again.",
            )

    def _past(self, held: ExitStack) -> Past:
        """Return what is known of the rows; whoever reads it does not wait for who writes."""
        store, outbox, account = (
            self._opened.store,
            self._opened.outbox,
            self._opened.settings.account,
        )
        batch = outbox.batch(self._identity) if outbox else None
        if batch and batch.finished_at:
            self._refuse_finished(batch)
            batch = None  # it is begun anew
        reader = outbox
        if store and outbox and not self._terms.dry_run:
            reader = held.enter_context(closing(store.outbox(read_only=True)))
        return Past(
            outbox=reader,
            batch=batch,
            again=self._batch_terms.again or bool(batch and batch.again),
            scope=f"{base_url.canonical(account.base_url)} {account.service_id}",
        )

    def _plan(self, plan: BatchPlan, past: Past) -> Iterator[RowResult | Beat]:
        with closing(Seen()) as seen:
            candidates = self._judge(past).candidates(self._rows, seen)
            yield from fill(plan, candidates, self._opened.signals)

    def _send(self, past: Past, ledger: Ledger, outbox: Outbox) -> Iterator[BatchEvent]:
        batch = past.batch or outbox.begin_batch(self._identity, again=past.again)
        self._ended = self._ended._replace(batch=batch.number)
        engine = self._engine(outbox)
        with closing(Seen()) as seen:
            candidates = self._not_refused(replace(past, batch=batch), seen)
            for event in engine.run(candidates):
                yield from self._told(event, ledger)
            if self._opened.signals():
                yield from self._not_reached(candidates, ledger)
        self._source.check_unchanged()
        if ledger.is_settled and engine.has_stored_all:
            self._finish(batch, outbox)
        if self._terms.wait is not None:
            yield from self._wait(batch, ledger, outbox)

    def _not_refused(self, past: Past, seen: Seen) -> Iterator[Candidate | Away]:
        """Yield the rows but those that are refused: they have been told with the plan."""
        for one in self._judge(past).candidates(self._rows, seen):
            refused = (
                isinstance(one, Candidate) and one.result and one.result.outcome is Outcome.REFUSED
            )
            if not refused:
                yield one

    def _told(self, event: RowResult | Beat, ledger: Ledger) -> Iterator[RowResult | Beat]:
        """Yield an event, unless it is a row that is waited for."""
        if isinstance(event, RowResult):
            ledger.settle(event.result)
            if self._terms.wait is not None and event.result.outcome is Outcome.ACCEPTED:
                ledger.hold_back()
                return
            ledger.tell(event.result)
            self._note(event)
            yield event
        else:
            yield event._replace(awaited=ledger.awaited)

    def _not_reached(
        self, candidates: Iterator[Candidate | Away], ledger: Ledger
    ) -> Iterator[RowResult | Beat]:
        """Yield the rows that are left after a signal, as far as that takes no time."""
        began = time.monotonic()
        for one in candidates:
            patience = _TELLING[min(self._opened.signals(), len(_TELLING)) - 1]
            if isinstance(one, Away) or time.monotonic() > began + patience:
                return
            result = one.result
            if one.turn:
                result = self._turns.result_of(one.turn).interrupted(one.turn.recipient)
            if result:
                yield from self._told(RowResult(one.record, result), ledger)

    def _finish(self, batch: StoredBatch, outbox: Outbox) -> None:
        try:
            outbox.finish_batch(batch.number)
        except StoreError as failure:
            self._observer.warn(f"that the batch is finished is not stored: {failure.message}")
        else:
            self._ended = self._ended._replace(finished=True)

    def _wait(
        self, batch: StoredBatch, ledger: Ledger, outbox: Outbox
    ) -> Iterator[RowResult | Beat]:
        """Yield the rows that were accepted, with what they have come to."""
        if self._opened.store is None or self._terms.wait is None:
            return
        try:
            for event in awaited(
                batch.number,
                self._terms.wait,
                store=self._opened.store,
                outbox=outbox,
                signals=self._opened.signals,
            ):
                if isinstance(event, RowResult):
                    ledger.tell_awaited(event.result)
                    yield event
                else:
                    yield event._replace(awaited=max(ledger.awaited, 0))
        except StoreError as failure:
            self._observer.warn(
                f"accepted, but the wait failed: {failure.message}; see `linksms status` later"
            )

    def _engine(self, outbox: Outbox) -> Engine:
        concurrency = self._terms.concurrency
        return Engine(
            self._turns,
            self._terms,
            self._observer,
            gateway=self._opened.gateway,
            outbox=outbox,
            pace=Pace(rate=self._batch_terms.rate, concurrency=concurrency),
            stops=Stops(max_failures=self._batch_terms.max_failures, lost=max(_LOST, concurrency)),
            signals=self._opened.signals,
        )

    def _judge(self, past: Past) -> Judge:
        return Judge(
            OrderMaker(self._defaults),
            self._turns,
            self._terms,
            past,
            profile=self._opened.settings.name,
            allow_duplicates=self._batch_terms.allow_duplicates,
        )

    def _note(self, row: RowResult) -> None:
        """Write a row that must be mended to the file of such rows."""
        if self._rejects and (reason := mending.reason(row.result)):
            try:
                self._rejects.add(row.record, reason)
            except UsageError as failure:  # what is out has its results all the same
                self._observer.warn(f"{failure.message}: it does not hold every row")
                self._rejects = None

    def _identify(self) -> BatchIdentity:
        """Return what this batch is known by: its bytes, and all that changes the wire."""
        account, defaults = self._opened.settings.account, self._defaults
        changes = (
            base_url.canonical(account.base_url),
            account.service_id,
            self._batch_terms.template,
            sorted(defaults.columns.items()),
            self._rows.delimiter,
            defaults.source,
            defaults.country.code if defaults.country else None,
            defaults.tariff,
            defaults.vat,
            defaults.reference_id,
            defaults.charge_only,
            defaults.async_,
            defaults.replace,
        )
        return BatchIdentity(sha256(self._source.sha256 + repr(changes).encode()).digest())
