"""A row of a batch becomes a turn, or is refused by the rules that every send goes by."""

from linksms_cli.actions.send.turns import RowPlace, Turn, Turns
from linksms_cli.errors import ExitCode
from linksms_cli.sms.batch.orders import OrderMaker, RowDefaults, RowOrder, RowRefusal
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.order import refusals
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.twin import Bar, Twin
from linksms_cli.sms.outcome import Outcome


class TurnMaker:
    """Makes the turns of one batch.

    Rows are equal only within one account, which `scope` names: what a test gateway took was sent
    to nobody.
    """

    def __init__(
        self, defaults: RowDefaults, turns: Turns, *, scope: str, profile: str | None
    ) -> None:
        self._orders = OrderMaker(defaults)
        self._turns = turns
        self._scope = scope
        self._profile = profile

    def order(self, record: Record) -> RowOrder | RowRefusal:
        """Return the order of a row, or why there is none."""
        return self._orders.order(record)

    def turn(self, made: RowOrder, row: int, *, batch: int, bar: Bar) -> Turn:
        """Return the turn of a row; its equals of the kind `bar` keep it from being sent."""
        order = made.order
        twin = Twin((self._scope, *made.twin), order.key is not None, bar)
        return Turn(order=order, recipient=made.recipient, place=RowPlace(batch, row, twin))

    def refusal(self, turn: Turn) -> Result | None:
        """Return the result of a turn that a guard refuses, None if all allow it."""
        if problem := next(refusals(turn.order, can_truncate=False), None):
            return self._turns.result_of(turn).refused(turn.recipient, problem)
        return self._turns.refusal(turn)

    def unreadable(self, refusal: RowRefusal) -> Result:
        """Return the result of a row that no order can be made of."""
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
