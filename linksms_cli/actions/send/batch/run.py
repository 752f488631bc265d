"""One batch from its file to its summary: plan it, guard it, send it, wait for it.

The file is read twice: all of it is judged before the first row goes out, so that every bad row is
told at once and the total is known, and then it is sent row by row. Nothing is held in memory.
"""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from hashlib import sha256

from linksms_cli.actions.send.batch.engine import Engine, RowResult
from linksms_cli.actions.send.batch.file import BatchFile
from linksms_cli.actions.send.batch.judging import Judge, Past, is_duplicate
from linksms_cli.actions.send.batch.pace import Pace
from linksms_cli.actions.send.batch.stops import Stops
from linksms_cli.actions.send.batch.waiting import awaited
from linksms_cli.actions.send.session import Opened
from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turns
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.seen import Seen
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import BatchBusyError, BatchRefusedError, UsageError
from linksms_cli.sms.account import base_url
from linksms_cli.sms.batch import mending
from linksms_cli.sms.batch.orders import OrderMaker, RowDefaults
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.batch import BatchIdentity, StoredBatch, is_settled
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.outcome import Outcome

# Without a connection for so many rows in a row, and at least for all that are out at once, the
# network is taken to be lost.
_LOST = 20


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan is made: the rows that are refused have been yielded before it."""

    plan: BatchPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEnded:
    """The batch is over: the store's number of it, and whether every row has an outcome."""

    batch: int | None
    finished: bool


BatchEvent = RowResult | Planned | BatchEnded


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
        process sends it: nothing was sent then.
        """
        with ExitStack() as held:
            if not self._terms.dry_run:
                self._hold(held)
            outbox = self._opened.outbox
            batch = outbox.batch(self._identity) if outbox else None
            if batch and batch.finished_at:
                self._refuse_finished(batch)
                batch = None  # it is begun anew
            if self._rejects:
                self._rejects.begin()
            account = self._opened.settings.account
            past = Past(
                outbox=outbox,
                batch=batch,
                again=self._batch_terms.again or bool(batch and batch.again),
                scope=f"{base_url.canonical(account.base_url)} {account.service_id}",
            )
            plan = yield from self._plan(past)
            if plan is None:
                yield BatchEnded(batch=None, finished=False)
                return
            self._check_charge(plan)
            if not self._terms.dry_run and outbox:
                yield from self._send(past, plan, outbox)

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

    def _plan(self, past: Past) -> Generator[BatchEvent, None, BatchPlan | None]:
        """Judge every row, yield those that are refused, then the plan, and return it.

        Return None if a signal came meanwhile: nothing was sent.
        """
        plan = BatchPlan()
        with closing(Seen()) as seen:
            for record, turn, result in self._judge(past).candidates(self._rows, seen):
                if self._opened.signals():
                    return None
                plan.rows += 1
                if turn:
                    plan.count(record.number, turn.order)
                elif result and result.outcome is Outcome.REFUSED:
                    plan.refused += 1
                    yield self._noted(RowResult(record, result))
                elif result and is_duplicate(result):
                    plan.duplicates += 1
                else:
                    plan.already_sent += 1
        self._source.check_unchanged()
        yield Planned(plan=plan)
        return plan

    def _check_charge(self, plan: BatchPlan) -> None:
        """Refuse a charge that was not confirmed to the hundredth. Raises BatchRefusedError."""
        total, said = plan.charge_total, self._batch_terms.confirmed
        if len(total) > 1:
            named = " and ".join(map(str, total))
            raise BatchRefusedError(
                f"this batch charges in several currencies: {named}",
                "Make a file for each currency, and confirm the total of each.",
            )
        if total != ((said,) if said and said.hundredths else ()):
            charges = f"charges {total[0]} in all" if total else "charges nothing"
            named = f", and --confirm-charge says {said}" if said else ""
            hint = f"add --confirm-charge {total[0]}" if total else "leave --confirm-charge out"
            raise BatchRefusedError(f"this batch {charges}{named}", f"To send it, {hint}.")

    def _send(self, past: Past, plan: BatchPlan, outbox: Outbox) -> Iterator[BatchEvent]:
        batch = past.batch or outbox.begin_batch(self._identity, again=past.again)
        judge = self._judge(replace(past, batch=batch))
        settled = plan.refused
        with closing(Seen()) as seen:
            candidates = (
                one
                for one in judge.candidates(self._rows, seen)
                if one.result is None or one.result.outcome is not Outcome.REFUSED
            )
            for row in self._engine(outbox).run(candidates):
                problem = row.result.error
                settled += is_settled(
                    row.result.outcome, row.result.result_code, problem and problem.kind
                )
                if self._terms.wait is None or row.result.outcome is not Outcome.ACCEPTED:
                    yield self._noted(row)
        self._source.check_unchanged()
        finished = settled == plan.rows
        if finished:
            outbox.finish_batch(batch.number)
        if self._terms.wait is not None and self._opened.store:
            yield from awaited(
                batch.number,
                self._terms.wait,
                store=self._opened.store,
                outbox=outbox,
                signals=self._opened.signals,
            )
        yield BatchEnded(batch=batch.number, finished=finished)

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

    def _noted(self, row: RowResult) -> RowResult:
        """Write a row that must be mended to the file of such rows, and return it."""
        if self._rejects and (reason := mending.reason(row.result)):
            try:
                self._rejects.add(row.record, reason)
            except UsageError as failure:  # what is out has its results all the same
                self._observer.warn(f"{failure.message}: it does not hold every row")
                self._rejects = None
        return row

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
