"""The rows that are left to send once all have been judged."""

from collections.abc import Iterable, Iterator

from linksms_cli.actions.send.batch.events import Candidate
from linksms_cli.actions.send.batch.making import TurnMaker
from linksms_cli.actions.send.turns import Turn
from linksms_cli.sms.batch.orders import RowRefusal
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.batch.row_set import RowSet
from linksms_cli.sms.mt.twin import Bar


class Left:
    """Rows that have a turn. They are read again when they are sent: two bits are kept of each."""

    def __init__(self) -> None:
        self._rows = RowSet()
        self._unbarred = RowSet()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def note(self, turn: Turn) -> None:
        """Note that a row has a turn."""
        if turn.place:
            self._rows.add(turn.place.row)
            if turn.place.twin.bar is Bar.NONE:
                self._unbarred.add(turn.place.row)

    def candidates(
        self, records: Iterable[Record], maker: TurnMaker, *, batch: int, bar: Bar
    ) -> Iterator[Candidate]:
        """Yield their turns, read from the same records again.

        The guards look at each once more: should somebody have written to the file meanwhile,
        nothing leaves that they do not allow.
        """
        left = len(self)
        for record in records:
            if not left:
                return
            if record.number not in self._rows:
                continue
            left -= 1
            made = maker.order(record)
            if isinstance(made, RowRefusal):
                yield Candidate(record, None, maker.unreadable(made))
                continue
            found = Bar.NONE if record.number in self._unbarred else bar
            turn = maker.turn(made, record.number, batch=batch, bar=found)
            refusal = maker.refusal(turn)
            yield Candidate(record, None, refusal) if refusal else Candidate(record, turn)
