"""Judge each row of a batch: it goes out, it is refused, or it went out before."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linksms_cli.actions.send.batch.events import Away, Candidate
from linksms_cli.actions.send.batch.making import TurnMaker
from linksms_cli.actions.send.batch.patience import PATIENCE
from linksms_cli.actions.send.terms import Terms
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.batch.seen import Seen
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import LinksmsError, StoreAwayError
from linksms_cli.sms.batch.orders import RowOrder, RowRefusal
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.codes import Retry
from linksms_cli.sms.mt.batch import StoredBatch, is_settled
from linksms_cli.sms.mt.result import Problem, Result
from linksms_cli.sms.mt.result_of import as_stored, sent_before
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.mt.twin import Bar
from linksms_cli.sms.outcome import Outcome

# The store is asked for so many rows at once, or for fewer if they hold so many characters.
_ROWS, _CHARACTERS = 500, 1_000_000
_DUPLICATE = "duplicate"


def is_duplicate(result: Result) -> bool:
    """Return whether this is the result of a row whose equal stands above it in the file."""
    return result.error is not None and result.error.kind == _DUPLICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of rows that went out: `batch` is None if it was never begun.

    `bar` says which equals in other batches keep a row from being sent.
    """

    outbox: Outbox | None
    batch: StoredBatch | None
    bar: Bar

    @property
    def number(self) -> int:
        """The store's number of the batch, 0 if it has none."""
        return self.batch.number if self.batch else 0

    def rows(self, first: int, count: int) -> dict[int, Submission]:
        """Return what the store knows of so many rows."""
        if self.outbox is None or self.batch is None:
            return {}
        found = self.outbox.rows_after(self.batch.number, first - 1, count)
        return {stored.row: stored.submission for stored in found}

    def twins(self, turns: Sequence[Turn]) -> dict[int, Submission]:
        """Return by the rows of turns what bars them in other batches."""
        places = [turn.place for turn in turns if turn.place]
        if self.outbox is None or not places or self.bar is Bar.NONE:
            return {}
        found = self.outbox.twins([place.twin for place in places], besides=self.number)
        return {place.row: twin for place, twin in zip(places, found, strict=True) if twin}


class _Row(NamedTuple):
    """A row that was read: its turn or why it has none, and which row above is its equal."""

    record: Record
    made: Turn | RowRefusal
    above: int | None


class _Known(NamedTuple):
    """What the store knows of some rows: what they came to, and what bars them elsewhere."""

    stored: dict[int, Submission]
    twins: dict[int, Submission]


class Judge:
    """Judges the rows of one batch before the first of them is sent."""

    def __init__(
        self,
        maker: TurnMaker,
        turns: Turns,
        terms: Terms,
        past: Past,
        *,
        allow_duplicates: bool,
    ) -> None:
        self._maker = maker
        self._turns = turns
        self._terms = terms
        self._past = past
        self._allow_duplicates = allow_duplicates

    def candidates(self, records: Iterable[Record], seen: Seen) -> Iterator[Candidate | Away]:
        """Yield every row with its turn, or with its result if it has one already.

        While the store cannot be reached, that is yielded in a row's place, each time it is asked
        for. Raises StoreAwayError if that takes too long.
        """
        for group in _groups(records):
            rows = [self._read(record, seen) for record in group]
            away_since = None
            while True:
                try:
                    known = self._known(rows)
                    break
                except StoreAwayError as failure:
                    now = time.monotonic()
                    away_since = away_since or now
                    if now > away_since + PATIENCE:
                        raise
                    yield Away(failure)
            for row in rows:
                yield self._candidate(row, known)

    def _read(self, record: Record, seen: Seen) -> _Row:
        made = self._maker.order(record)
        if not isinstance(made, RowOrder):
            return _Row(record, made, None)
        above = seen.above(made.twin, record.number)
        past = self._past
        turn = self._maker.turn(made, record.number, batch=past.number, bar=past.bar)
        return _Row(record, turn, above)

    def _known(self, rows: Sequence[_Row]) -> _Known:
        """Ask the store for all that it knows of some rows."""
        stored = self._past.rows(rows[0].record.number, len(rows))
        new = [
            row.made
            for row in rows
            if isinstance(row.made, Turn) and not self._has_result(stored.get(row.record.number))
        ]
        return _Known(stored, self._past.twins(new))

    def _candidate(self, row: _Row, known: _Known) -> Candidate:
        sent = known.stored.get(row.record.number)
        turn = row.made
        if isinstance(turn, RowRefusal):
            return Candidate(row.record, None, self._unreadable(turn, sent))
        # What is known of it comes before the guards: an option that was changed since then does
        # not make a message that was accepted one that is refused.
        if sent and (before := self._of_stored(sent)):
            before = self._turns.result_of(turn).as_row(turn.recipient, before)
            return Candidate(row.record, None, before)
        if refusal := self._maker.refusal(turn):
            return Candidate(row.record, None, refusal)
        if sent and sent.outcome is Outcome.UNKNOWN:
            return Candidate(row.record, _unbarred(turn))
        if barred := self._barred(turn, row.above, known.twins.get(row.record.number)):
            return Candidate(row.record, None, barred)
        return Candidate(row.record, turn)

    def _barred(self, turn: Turn, above: int | None, twin: Submission | None) -> Result | None:
        """Return the result of a row that has an equal, in this file or elsewhere."""
        if above is not None and (turn.order.key or not self._allow_duplicates):
            return _duplicate(self._turns.result_of(turn).planned(turn.recipient), above)
        return self._turns.sent_elsewhere(turn, twin) if twin else None

    def _has_result(self, sent: Submission | None) -> bool:
        """Return whether a row needs no further try."""
        if sent is None or not is_settled(sent.outcome, sent.result_code, sent.problem_kind):
            return False
        return not (sent.outcome is Outcome.UNKNOWN and self._terms.resend_unknown)

    def _of_stored(self, sent: Submission) -> Result | None:
        """Return what a row came to in an earlier run, None if it is tried again."""
        if not self._has_result(sent):
            return None
        if sent.outcome is Outcome.ACCEPTED and self._terms.wait is not None:
            return as_stored(sent)  # it joins the wait
        return sent_before(sent, kind="batch", by="this batch")

    def _unreadable(self, refusal: RowRefusal, sent: Submission | None) -> Result:
        """Return the result of a row that no order can be made of.

        A version before this one may have read it, and sent it.
        """
        if sent and (before := self._of_stored(sent)):
            return before._replace(to=refusal.to, source=refusal.source)
        return self._maker.unreadable(refusal)


def _groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield the rows in groups that take little memory; those above a failure come before it."""
    group: list[Record] = []
    characters = 0
    try:
        for record in records:
            group.append(record)
            written = record.written
            characters += len(written) if isinstance(written, str) else sum(map(len, written))
            if len(group) >= _ROWS or characters >= _CHARACTERS:
                yield group
                group, characters = [], 0
    except LinksmsError:
        if group:
            yield group
        raise
    if group:
        yield group


def _unbarred(turn: Turn) -> Turn:
    """Return the turn of a row that is sent again, whatever else equals it."""
    if turn.place is None:
        return turn
    twin = turn.place.twin._replace(bar=Bar.NONE)
    return turn._replace(place=turn.place._replace(twin=twin))


def _duplicate(planned: Result, above: int) -> Result:
    if planned.key:
        message = f"row {above} has the same key, which sends once"
        hint = "If this is another message, give it a key of its own."
    else:
        message = f"the same message as row {above}, which is handled once"
        hint = "To send one message for each row, add --allow-duplicates."
    problem = Problem(kind=_DUPLICATE, message=message, hint=hint)
    return planned._replace(outcome=Outcome.SKIPPED, retry=Retry.POINTLESS, error=problem)
