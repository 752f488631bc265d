"""Counts the rows of a batch on both sides, read and told, so that none is lost in between."""

from collections import Counter
from collections.abc import Mapping

from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.batch import is_settled
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome


class Ledger:
    """The count of one run; `plan` says what is read."""

    def __init__(self, plan: BatchPlan) -> None:
        self._plan = plan
        self._told: Counter[Outcome] = Counter()
        self._settled = 0
        # Rows that are accepted, and told once the wait is over.
        self.awaited = 0

    def tell(self, result: Result) -> None:
        """Note that a row's result is told."""
        self._told[result.outcome] += 1

    def settle(self, result: Result) -> None:
        """Note what a row has come to for now, told or not."""
        problem = result.error
        self._settled += is_settled(result.outcome, result.result_code, problem and problem.kind)

    def hold_back(self) -> None:
        """Note that an accepted row is told once the wait is over."""
        self.awaited += 1

    def tell_awaited(self, result: Result) -> None:
        """Note that a row that was held back is told."""
        self.awaited -= 1
        self.tell(result)

    @property
    def is_settled(self) -> bool:
        """Whether every row that was read needs no further try."""
        return self._settled == self._plan.rows

    def untold(self) -> Mapping[Outcome, int]:
        """Return what the rows are that have no result of their own, because the run was cut short.

        What is waited for is pending. Of those that were not reached, as many as the plan says were
        sent before, and the others are not sent.
        """
        pending = max(self.awaited, 0)
        left = self._plan.rows - self._told.total() - pending
        before = self._plan.already_sent + self._plan.duplicates - self._told[Outcome.SKIPPED]
        skipped = min(max(before, 0), left)
        found = {
            Outcome.PENDING: pending,
            Outcome.SKIPPED: skipped,
            Outcome.NOT_SENT: left - skipped,
        }
        return {outcome: count for outcome, count in found.items() if count}
