"""What delivery reports add up to: the state of a message, folded from the reports of its parts.

The state only moves forward, and does not depend on the order in which reports with distinct
timestamps arrive, nor on how often each arrives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms import timestamp
from linksms_cli.sms.codes import Certainty, ResultCode, Retry, explain
from linksms_cli.sms.result import Outcome

_YES, _NO, _UNKNOWN = Certainty.YES, Certainty.NO, Certainty.UNKNOWN
_EXIT_CODES = {
    Outcome.DELIVERED: ExitCode.DONE,
    Outcome.FAILED: ExitCode.REJECTED,
    Outcome.UNKNOWN: ExitCode.UNKNOWN,
    Outcome.PENDING: ExitCode.PENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What one report says of a message.

    `part` is None where it speaks for every part. `timestamp` is the operator's, `received_at`
    our own clock's.
    """

    part: int | None
    result_code: int
    timestamp: str | None
    segments: int | None
    received_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The state of a message.

    `outcome` is pending, delivered, failed or unknown; `failed` may come before the last part is
    `final`. `result_code` is that of the report which decides the outcome, None before the first
    report. `parts_expected` is None where nobody said how many there are.
    """

    outcome: Outcome
    final: bool
    delivered: Certainty
    billed: Certainty
    retry: Retry
    result_code: int | None
    parts_expected: int | None
    parts_reported: int
    updated_at: str | None

    @property
    def exit_code(self) -> ExitCode:
        """What a command that waited for this message ends with."""
        return _EXIT_CODES[self.outcome]


class _Standing(NamedTuple):
    """Where a part stands: its best report so far, by what makes one report better than another.

    Final over temporary, then yes or no over unknown, then the later time, then the later arrival.
    """

    final: bool
    certain: bool
    moment: str
    arrival: int
    code: int


def fold(reports: Iterable[Reported], own_parts: int | None) -> Delivery:
    """Add up the reports of one message, given in the order of their arrival.

    `own_parts` is our own count of its parts, where it is known; a report's `segments` decides
    against it. Where reports disagree on `segments` the least counts, so that no later report
    takes back that a message is final.
    """
    best: dict[int | None, _Standing] = {}
    expected: int | None = None
    updated_at = ""
    for arrival, report in enumerate(reports):
        standing = _standing(report, arrival)
        best[report.part] = max(best.get(report.part, standing), standing)
        if report.segments and report.segments > 0:
            expected = min(expected or report.segments, report.segments)
        updated_at = max(updated_at, report.received_at)
    expected = expected or own_parts or None
    whole = best.pop(None, None)
    parts = [max(part, whole or part) for part in best.values()]
    reported = len(parts)
    if whole and (expected is None or reported < expected):
        parts.append(whole)  # for all the parts that have no report of their own
        reported = expected or max(reported, 1)
    finals = [part for part in parts if part.final]
    final = (whole is not None and whole.final) or len(finals) >= (expected or inf)
    state = _State([explain(part.code) for part in sorted(finals if final else parts)], final)
    return Delivery(
        outcome=state.outcome,
        final=final,
        delivered=state.delivered(complete=whole is not None or reported >= (expected or inf)),
        billed=state.billed,
        retry=state.retry,
        result_code=state.decisive.code if state.decisive else None,
        parts_expected=expected,
        parts_reported=reported,
        updated_at=updated_at or None,
    )


def _standing(report: Reported, arrival: int) -> _Standing:
    code = explain(report.result_code)
    # A report that says no time of its own is as late as its arrival.
    moment = timestamp.in_utc(report.timestamp or "") or report.received_at
    return _Standing(
        final=code.final,
        certain=code.final and code.delivered is not _UNKNOWN,
        moment=timestamp.order(moment),
        arrival=arrival,
        code=report.result_code,
    )


class _State:
    """What the codes of all parts say together, given from the earliest to the latest."""

    def __init__(self, codes: list[ResultCode], final: bool) -> None:
        self._codes = codes
        self._final = final
        self.decisive = max(reversed(codes), key=_weight, default=None)
        self.outcome = _outcome(self.decisive, final)

    def delivered(self, *, complete: bool) -> Certainty:
        """Say whether the whole message was delivered; `complete` where each part has a report."""
        said = {code.delivered for code in self._codes}
        if self.outcome is Outcome.FAILED:
            return _NO
        if _UNKNOWN in said:
            return _UNKNOWN
        return _YES if complete and said == {_YES} else _NO

    @property
    def billed(self) -> Certainty:
        """Say whether anything of the message was billed."""
        said = {code.billed for code in self._codes}
        return next((answer for answer in (_YES, _UNKNOWN) if answer in said), _NO)

    @property
    def retry(self) -> Retry:
        """Say whether to send the message again: never where a part may have had its effect."""
        if self.outcome is Outcome.DELIVERED:
            return Retry.DONE
        advice = {code.retry for code in self._codes}
        if advice & {Retry.DONE, Retry.NEVER} and (self._final or Retry.NEVER in advice):
            return Retry.NEVER
        if not self._final:
            return Retry.WAIT
        return Retry.SAFE if advice == {Retry.SAFE} else Retry.POINTLESS


def _outcome(decisive: ResultCode | None, final: bool) -> Outcome:
    if decisive is None:
        return Outcome.PENDING
    if decisive.final and decisive.delivered is _NO:
        return Outcome.FAILED
    if not final:
        return Outcome.PENDING
    return Outcome.UNKNOWN if decisive.delivered is _UNKNOWN else Outcome.DELIVERED


def _weight(code: ResultCode) -> int:
    """Say how much a part's code decides: a failure most, a delivery least."""
    if code.final and code.delivered is _NO:
        return 3
    if not code.final:
        return 2
    return 1 if code.delivered is _UNKNOWN else 0
