"""One batch from its file to its summary: plan it, guard it, send it, wait for it.

The file is read twice: all of it is judged before the first row goes out, so that every bad row is
told at once and the total is known, and then what is left is sent row by row. Nothing is held in
memory but a mark for each row.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial

from linksms_cli.actions.send.batch.engine import Engine
from linksms_cli.actions.send.batch.events import (
    BatchEnded,
    BatchEvent,
    Candidate,
    Planned,
    RowResult,
)
from linksms_cli.actions.send.batch.file import BatchFile
from linksms_cli.actions.send.batch.judging import Judge, Past
from linksms_cli.actions.send.batch.ledger import Ledger
from linksms_cli.actions.send.batch.left import Left
from linksms_cli.actions.send.batch.making import TurnMaker
from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.patience import patiently
from linksms_cli.actions.send.batch.planning import check_charge, fill
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.batch.telling import Teller
from linksms_cli.actions.send.batch.terms import BatchTerms, identify
from linksms_cli.actions.send.batch.waiting import awaited
from linksms_cli.actions.send.opening import Opened
from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turns
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.seen import Seen
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import BatchBusyError, BatchRefusedError, LinksmsError, StoreError
from linksms_cli.sms.account import base_url
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.batch import StoredBatch
from linksms_cli.sms.mt.twin import Bar
from linksms_cli.sms.outcome import Outcome

# Without a connection for so many rows in a row, and at least for all that are out at once, the
# network is taken to be lost.
_LOST = 20
# Seconds after the first signal, and after the second, in which the rows that are left are told one
# by one; then they are counted.
_TELLING = (5.0, 0.5)


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
        account = opened.settings.account
        self._file = file
        self._opened = opened
        self._terms = terms
        self._batch_terms = batch_terms
        self._observer = observer
        self._turns = Turns(opened.settings, terms, observer)
        self._maker = TurnMaker(
            defaults,
            self._turns,
            scope=f"{base_url.canonical(account.base_url)} {account.service_id}",
            profile=opened.settings.name,
        )
        self._identity = identify(file, defaults, batch_terms.template, account)
        self._plan = BatchPlan()
        self._left = Left()
        self._ledger = Ledger(self._plan)
        waits = terms.wait is not None and not terms.dry_run
        self._teller = Teller(self._ledger, observer, rejects=rejects, waits=waits)
        self._ended = BatchEnded(None, finished=False, untold={})

    def run(self) -> Iterator[BatchEvent]:
        """Yield the results of rows as they come, the plan once it is made, and the end.

        Raises UsageError for a file that cannot be read to its end, BatchRefusedError for a batch
        that was finished before or whose charge is not confirmed, and BatchBusyError while another
        process sends it: nothing was sent then. Before any of them, and before StoreError, the end
        is yielded too.
        """
        try:
            with ExitStack() as held:
                yield from self._run(held)
        except LinksmsError:
            yield self._ended._replace(untold=self._ledger.untold())
            raise
        yield self._ended._replace(untold=self._ledger.untold())

    def _run(self, held: ExitStack) -> Iterator[BatchEvent]:
        if not self._terms.dry_run:
            self._hold(held)
        past = self._past()
        self._teller.begin()
        yield from self._judged(past)
        if self._opened.signals():
            return  # nothing was sent
        self._file.source.check_unchanged()
        yield Planned(self._plan)
        check_charge(self._plan, self._batch_terms.confirmed)
        if not self._terms.dry_run and self._opened.outbox:
            yield from self._send(past, self._opened.outbox)

    def _hold(self, held: ExitStack) -> None:
        store = self._opened.store
        if store and not held.enter_context(store.hold(self._identity)):
            raise BatchBusyError(
                "another process is sending this batch",
                "Run the same command once that has ended: it goes on where that stopped.",
            )

    def _past(self) -> Past:
        """Return what is known of the rows. Raises BatchRefusedError for a finished batch."""
        outbox = self._opened.outbox
        batch = outbox.batch(self._identity) if outbox else None
        if batch and batch.finished_at:
            if not self._batch_terms.again:
                raise BatchRefusedError(
                    f"this batch was finished on {batch.finished_at}: every row has its outcome",
                    "To send all of it once more, add --again.",
                )
            batch = None  # it is begun anew
        if self._batch_terms.again or (batch and batch.again):
            bar = Bar.NONE
        else:
            bar = Bar.SENT if self._terms.resend_unknown else Bar.MAYBE_SENT
        return Past(outbox=outbox, batch=batch, bar=bar)

    def _judged(self, past: Past) -> Iterator[RowResult | Beat]:
        """Judge every row, and yield those that are not sent now; a dry run those refused alone."""
        judge = Judge(
            self._maker,
            self._turns,
            self._terms,
            past,
            allow_duplicates=self._batch_terms.allow_duplicates,
        )
        with closing(Seen()) as seen:
            candidates = judge.candidates(self._file.rows, seen)
            for event in fill(self._plan, self._left, candidates, self._opened.signals):
                if (
                    isinstance(event, Beat)
                    or not self._terms.dry_run
                    or event.result.outcome is Outcome.REFUSED
                ):
                    yield from self._teller.tell(event)

    def _send(self, past: Past, outbox: Outbox) -> Iterator[BatchEvent]:
        again = past.bar is Bar.NONE
        batch = past.batch or outbox.begin_batch(self._identity, again=again)
        self._ended = self._ended._replace(batch=batch.number)
        engine = self._engine(outbox)
        candidates = self._left.candidates(
            self._file.rows, self._maker, batch=batch.number, bar=past.bar
        )
        for event in engine.run(candidates):
            yield from self._teller.tell(event)
        if self._opened.signals():
            yield from self._not_reached(candidates)
        self._file.source.check_unchanged()
        if self._ledger.is_settled and engine.has_stored_all:
            yield from self._finish(batch, outbox)
        if self._terms.wait is not None:
            yield from self._wait(batch, outbox)

    def _not_reached(self, candidates: Iterator[Candidate]) -> Iterator[RowResult | Beat]:
        """Yield the rows that are left after a signal, as far as that takes no time."""
        began = time.monotonic()
        for one in candidates:
            patience = _TELLING[min(self._opened.signals(), len(_TELLING)) - 1]
            if time.monotonic() > began + patience:
                return
            result = one.result
            if one.turn:
                result = self._turns.result_of(one.turn).interrupted(one.turn.recipient)
            if result:
                yield from self._teller.tell(RowResult(one.record, result))

    def _finish(self, batch: StoredBatch, outbox: Outbox) -> Iterator[Beat]:
        try:
            yield from patiently(partial(outbox.finish_batch, batch.number), self._opened.signals)
        except StoreError as failure:
            self._observer.warn(
                "every row has its outcome, but the store may not know that the batch is finished: "
                f"{failure.message}"
            )
        else:
            self._ended = self._ended._replace(finished=True)

    def _wait(self, batch: StoredBatch, outbox: Outbox) -> Iterator[RowResult | Beat]:
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
                yield self._teller.tell_awaited(event)
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
