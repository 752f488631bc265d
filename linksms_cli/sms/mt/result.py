"""What became of one recipient of a send: exactly one result each, whatever happened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery


class Problem(NamedTuple):
    """Why a result is not simply good: a word for programs, and what happened and what to do."""

    kind: str
    message: str
    hint: str | None = None


class Result(NamedTuple):
    """One recipient's result. `sent_at` is RFC 3339 in UTC, `elapsed_ms` covers all attempts.

    `retry` is None where there is nothing to try again: a plan. `number` is the store's own of the
    message, `delivery` what its reports add up to after a wait.
    """

    to: str
    source: str
    outcome: Outcome
    exit_code: ExitCode
    final: bool
    delivered: Certainty
    billed: Certainty
    retry: Retry | None
    encoding: Encoding | None
    parts: int | None
    profile: str | None
    result_code: int | None = None
    description: str | None = None
    message_id: str | None = None
    key: str | None = None
    sent_at: str | None = None
    elapsed_ms: int | None = None
    error: Problem | None = None
    number: int | None = None
    delivery: "Delivery | None" = None

    @property
    def parts_expected(self) -> int | None:
        """How many parts there are, by the reports or by our own count."""
        return self.delivery.parts_expected if self.delivery else self.parts

    @property
    def parts_reported(self) -> int:
        """How many parts have a report."""
        return self.delivery.parts_reported if self.delivery else 0


def combined(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code of several results.

    0 if all are 0; the shared code if all agree; else 7 if any is unknown; else 9 if any failed;
    else 8.
    """
    distinct = set(codes)
    if len(distinct) <= 1:
        return distinct.pop() if distinct else ExitCode.DONE
    if ExitCode.UNKNOWN in distinct:
        return ExitCode.UNKNOWN
    if distinct <= {ExitCode.DONE, ExitCode.PENDING}:
        return ExitCode.PENDING
    return ExitCode.MIXED
