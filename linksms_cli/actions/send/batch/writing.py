"""What a batch has to write: the intents of turns that begin, and the outcomes of those that ended.

Both are written in groups: while one is on its way to the disk, the next one gathers.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.actions.send.batch.events import Candidate, RowResult
from linksms_cli.actions.send.batch.flights import Ended
from linksms_cli.actions.send.batch.scribe import Committed, Scribe
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import StoreAwayError, StoreError
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.mt.submission import Submission

if TYPE_CHECKING:
    from linksms_cli.sms.mt.result import Result


class Begun(NamedTuple):
    """A turn whose intent is stored, under `number`: its request may leave."""

    record: Record
    turn: Turn
    number: int


class GroupDone(NamedTuple):
    """What came of a group: the results of rows that need no more, and the turns that begin."""

    told: list[RowResult]
    begun: list[Begun]


class Writing:
    """Gathers what is to be written, and writes it; `written` is called from another thread."""

    def __init__(self, turns: Turns, outbox: Outbox, written: Callable[[Committed], None]) -> None:
        self._turns = turns
        self._outbox = outbox
        self._scribe = Scribe(outbox, written)
        # Turns whose intents are to be written, and those whose intents are being written.
        self._next: list[Candidate] = []
        self._beginning: list[Candidate] = []
        # Turns that have ended, whose outcomes are to be written, and are being written.
        self._ended: list[Ended] = []
        self._ending: list[Ended] = []
        self._is_busy = False
        # Outcomes that the store had no room for; each commit takes them along.
        self._unstored: list[tuple[int, Result]] = []

    def __len__(self) -> int:
        """Return how many turns have been taken whose requests have not left."""
        return len(self._next) + len(self._beginning)

    @property
    def is_done(self) -> bool:
        """Whether nothing is being written or waits for that."""
        return not (self._next or self._ended or self._is_busy)

    @property
    def has_stored_all(self) -> bool:
        """Whether every outcome that was told is in the store."""
        return not self._unstored

    @property
    def away(self) -> StoreAwayError | None:
        """Why the store cannot be reached, None while it can."""
        return self._scribe.away

    def begin(self, candidate: Candidate) -> None:
        """Have the intent of a turn written."""
        self._next.append(candidate)

    def end(self, *ended: Ended) -> None:
        """Have the outcomes of turns written."""
        self._ended += ended

    def advance(self) -> None:
        """Begin to write what has gathered, if nothing is being written."""
        if self._is_busy or not (self._ended or self._next):
            return
        self._beginning, self._next = self._next, []
        self._ending, self._ended = self._ended, []
        outcomes = [(ended.number, ended.result) for ended in self._ending]
        intents = [self._turns.intent(one.turn) for one in self._beginning if one.turn]
        self._is_busy = True
        self._scribe.write([*self._unstored, *outcomes], intents)

    def settle(self, committed: Committed) -> GroupDone:
        """Return what came of the group that was written, or not: then no turn of it begins."""
        self._is_busy = False
        ending, self._ending = self._ending, []
        beginning, self._beginning = self._beginning, []
        done = GroupDone([RowResult(ended.record, ended.result) for ended in ending], [])
        if committed.failure:
            self._unstored += ((ended.number, ended.result) for ended in ending)
            done.told.extend(self._not_stored(beginning, committed.failure))
            return done
        self._unstored.clear()
        for (record, turn, _), number in zip(beginning, committed.begun, strict=True):
            if turn is None:
                continue
            if isinstance(number, Submission):
                done.told.append(RowResult(record, self._turns.sent_elsewhere(turn, number)))
            else:
                done.begun.append(Begun(record, turn, number))
        return done

    def _not_stored(self, beginning: list[Candidate], failure: StoreError) -> Iterator[RowResult]:
        """Yield the results of turns whose intents could not be stored: none of them is sent."""
        for record, turn, _ in beginning:
            if turn:
                yield RowResult(record, self._turns.not_stored(turn, failure))

    def hurry(self) -> None:
        """Make only short pauses for a store that is away, from now on."""
        self._scribe.hurry()

    def close(self, patience: float) -> bool:
        """End writing; return whether what is being written took no more than so many seconds."""
        return self._scribe.close(patience)

    def left(self) -> Iterator[RowResult]:
        """Yield the results of the turns that were not written, after the end."""
        for ended in (*self._ending, *self._ended):
            self._unstored.append((ended.number, ended.result))
            yield RowResult(ended.record, ended.result)
        for record, turn, _ in (*self._beginning, *self._next):
            if turn:
                interrupted = self._turns.result_of(turn).interrupted(turn.recipient)
                yield RowResult(record, interrupted)

    def store_rest(self) -> None:
        """Try once more to store what could not be stored. Raises StoreError."""
        if self._unstored:
            self._outbox.finish(self._unstored)
            self._unstored.clear()

    @property
    def unstored(self) -> int:
        """How many outcomes that were told are not in the store."""
        return len(self._unstored)
