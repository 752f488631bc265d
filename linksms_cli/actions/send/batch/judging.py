"""Judge each row of a batch: it goes out, it is refused, or it went out before."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linksms_cli.actions.send.batch.events import Away, Candidate
from linksms_cli.actions.send.batch.scribe import PATIENCE
from linksms_cli.actions.send.terms import Terms
from linksms_cli.actions.send.turns import RowPlace, Turn, Turns
from linksms_cli.adapters.batch.seen import Seen
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import ExitCode, StoreAwayError
from linksms_cli.sms.batch.orders import OrderMaker, RowOrder, RowRefusal
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.batch import StoredBatch, StoredRow, is_settled
from linksms_cli.sms.mt.order import refusals
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import as_stored, sent_before
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome

# Rows of the store that are read at once.
_PAGE = 1000
_DUPLICATE = "duplicate"


def is_duplicate(result: Result) -> bool:
    """Return whether this is the result of a row whose equal stands above it in the file."""
    return result.error is not None and result.error.kind == _DUPLICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of rows that went out: `batch` is None if it was never begun.

    With `again` what another batch has sent does not count. Rows are equal only within one
    account, which `scope` names: what a test gateway took was sent to nobody.
    """

    outbox: Outbox | None
    batch: StoredBatch | None
    again: bool
    scope: str


class Judge:
    """Judges the rows of one batch; all of them once for the plan, and once to be sent."""

    def __init__(
        self,
        maker: OrderMaker,
        turns: Turns,
        terms: Terms,
        past: Past,
        *,
        profile: str | None,
        allow_duplicates: bool,
    ) -> None:
        self._maker = maker
        self._turns = turns
        self._terms = terms
        self._past = past
        self._profile = profile
        self._allow_duplicates = allow_duplicates

    def candidates(self, records: Iterable[Record], seen: Seen) -> Iterator[Candidate | Away]:
        """Yield every row with its turn, or with its result if it has one already.

        While the store cannot be reached, that is yielded in a row's place, each time it is asked
        for. Raises StoreAwayError if that takes too long.
        """
        known = _Known(self._past)
        for record in records:
            made = self._maker.order(record)
            above = None
            if isinstance(made, RowOrder):
                above = seen.above(made.twin, record.number)
            away_since = None
            while True:
                try:
                    candidate = self._candidate(record, made, known.row(record.number), above)
                    break
                except StoreAwayError as failure:
                    now = time.monotonic()
                    away_since = away_since or now
                    if now > away_since + PATIENCE:
                        raise
                    yield Away(failure)
            yield candidate

    def _candidate(
        self,
        record: Record,
        made: RowOrder | RowRefusal,
        stored: StoredRow | None,
        above: int | None,
    ) -> Candidate:
        if isinstance(made, RowRefusal):
            return Candidate(record, None, self._unreadable(made, stored))
        batch = self._past.batch
        place = RowPlace(
            batch.number if batch else 0, record.number, (self._past.scope, *made.twin)
        )
        turn = Turn(order=made.order, recipient=made.recipient, place=place)
        result = self._result_without_turn(turn, stored, above)
        return Candidate(record, None, result) if result else Candidate(record, turn)

    def _result_without_turn(
        self, turn: Turn, stored: StoredRow | None, above: int | None
    ) -> Result | None:
        """Return the result that a row has already, None if it is to be sent.

        What is known of it comes before the guards: an option that was changed since then does not
        make a message that was accepted one that is refused.
        """
        sent = stored.submission if stored else None
        result_of, recipient = self._turns.result_of(turn), turn.recipient
        if sent and (known := self._of_stored(sent)):
            return result_of.as_row(recipient, known)
        if problem := next(refusals(turn.order), None):
            return result_of.refused(recipient, problem)
        if refusal := self._turns.refusal(turn):
            return refusal
        if sent and sent.outcome is Outcome.UNKNOWN:
            return None  # it is sent again, whatever else equals it
        if above is not None and not self._allow_duplicates:
            return _duplicate(result_of.planned(recipient), above)
        twin = self._twin(turn)
        before = self._before(twin, kind="twin", by="another batch") if twin else None
        return before and result_of.as_row(recipient, before)

    def _of_stored(self, sent: Submission) -> Result | None:
        """Return what a row came to in an earlier run, None if it is tried again."""
        if not is_settled(sent.outcome, sent.result_code, sent.problem_kind):
            return None
        if sent.outcome is Outcome.ACCEPTED and self._terms.wait is not None:
            return as_stored(sent)  # it joins the wait
        return self._before(sent, kind="batch", by="this batch")

    def _before(self, sent: Submission, *, kind: str, by: str) -> Result | None:
        if sent.outcome is Outcome.UNKNOWN and self._terms.resend_unknown:
            return None
        return sent_before(sent, kind=kind, by=by)

    def _twin(self, turn: Turn) -> Submission | None:
        outbox, place = self._past.outbox, turn.place
        if outbox is None or place is None or self._past.again:
            return None
        return outbox.twin(place.twin, besides=place.batch, for_ever=turn.order.key is not None)

    def _unreadable(self, refusal: RowRefusal, stored: StoredRow | None) -> Result:
        """Return the result of a row that no order can be made of.

        A version before this one may have read it, and sent it.
        """
        known = self._of_stored(stored.submission) if stored else None
        if known:
            return known._replace(to=refusal.to, source=refusal.source)
        return Result(
            to=refusal.to,
            source=refusal.source,
            outcome=Outcome.REFUSED,
            exit_code=ExitCode.REFUSED,
            final=True,
            delivered=Certainty.NO,
            billed=Certainty.NO,
            retry=Retry.POINTLESS,
            encoding=None,
            parts=None,
            profile=self._profile,
            error=refusal.problem,
        )


class _Known:
    """What the store knows of a batch's rows, read page by page as the file is."""

    def __init__(self, past: Past) -> None:
        self._outbox = past.outbox
        self._batch = past.batch
        self._page: list[StoredRow] = []
        self._next = 0
        self._read_to = 0
        self._exhausted = past.outbox is None or past.batch is None

    def row(self, number: int) -> StoredRow | None:
        """Return what is known of a row; numbers only grow from call to call."""
        while True:
            while self._next < len(self._page):
                stored = self._page[self._next]
                if stored.row >= number:
                    return stored if stored.row == number else None
                self._next += 1
            if self._exhausted or self._outbox is None or self._batch is None:
                return None
            # Rows that this run sends have numbers below: none of them is asked for again.
            after = max(self._read_to, number - 1)
            self._page = self._outbox.rows_after(self._batch.number, after, _PAGE)
            self._next = 0
            self._exhausted = len(self._page) < _PAGE
            self._read_to = self._page[-1].row if self._page else after


def _duplicate(planned: Result, above: int) -> Result:
    problem = Problem(
        kind=_DUPLICATE,
        message=f"the same message as row {above}, which is handled once",
        hint="To send one message for each row, add --allow-duplicates.",
    )
    return planned._replace(outcome=Outcome.SKIPPED, retry=Retry.POINTLESS, error=problem)
