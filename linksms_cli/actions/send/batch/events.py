"""What a batch yields while it runs, and what goes into its engine."""

from collections.abc import Mapping
from typing import NamedTuple

from linksms_cli.actions.send.turns import Turn
from linksms_cli.errors import StoreAwayError
from linksms_cli.sms.batch.beat import Beat
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome


class Candidate(NamedTuple):
    """A row of a batch: its turn, or the result that it has without one."""

    record: Record
    turn: Turn | None
    result: Result | None = None


class RowResult(NamedTuple):
    """What one row came to."""

    record: Record
    result: Result


class Away(NamedTuple):
    """In place of a row: the store cannot be reached to ask what is known of it."""

    failure: StoreAwayError


class Planned(NamedTuple):
    """The plan is made: the rows that are refused have been yielded before it."""

    plan: BatchPlan


class BatchEnded(NamedTuple):
    """The batch is over, for now or for good: `batch` is the store's number of it.

    It is `finished` if every row has its outcome. `untold` counts the rows that were read and have
    no result of their own, because the run was cut short.
    """

    batch: int | None
    finished: bool
    untold: Mapping[Outcome, int]


BatchEvent = RowResult | Beat | Planned | BatchEnded
