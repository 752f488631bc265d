"""What delivery reports add up to: the state of a message, folded from the reports of its parts.

The state only moves forward, and does not depend on the order in which reports with distinct
timestamps arrive, nor on how often each arrives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms import timestamp
from linksms_cli.sms.codes import Certainty, ResultCode, Retry, explain
from linksms_cli.sms.outcome import Outcome

# The header that joins parts counts them in one octet (3GPP TS 23.040, 9.2.3.24.1).
MOST_PARTS = 255
_YES, _NO, _UNKNOWN = Certainty.YES, Certainty.NO, Certainty.UNKNOWN
_EXIT_CODES = {
    Outcome.DELIVERED: ExitCode.DONE,
    Outcome.FAILED: ExitCode.REJECTED,
    Outcome.UNKNOWN: ExitCode.UNKNOWN,
    Outcome.PENDING: ExitCode.PENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStatus:
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


class Tally:
    """The reports of one message as they add up, however many there are."""

    def __init__(self) -> None:
        self._best: dict[int | None, _Standing] = {}
        self._segments: int | None = None
        self._seen = 0
        self._arrivals = 0
        self._updated_at = ""

    def add(self, report: PartStatus) -> None:
        """Count a report in. Reports are added in the order of their arrival."""
        standing = _standing(report, self._arrivals)
        best = self._best.get(report.part, standing)
        self._best[report.part] = max(best, standing)
        # Fewer than the part's own place allows counts nothing: part 2 is not one of one. Neither
        # does a number that no message can have.
        if report.segments and (report.part or 0) < report.segments <= MOST_PARTS:
            self._segments = min(self._segments or report.segments, report.segments)
        if report.part is not None:
            self._seen = max(self._seen, report.part + 1)
        self._arrivals += 1
        self._updated_at = max(self._updated_at, report.received_at)

    def delivery(self, own_parts: int | None) -> Delivery:
        """Return the state of the message.

        `own_parts` is our own count of its parts, where it is known; a report's `segments` decides
        against it. Where reports disagree on `segments` the least counts, so that no later report
        takes back that a message is final. No fewer parts are expected than the last one seen says.
        """
        needed = self._segments or own_parts or None
        expected = max(needed, self._seen) if needed else None
        parts = [standing for part, standing in self._best.items() if part is not None]
        whole = self._best.get(None)
        if whole:
            parts = [max(part, whole) for part in parts]
        reported = len(parts)
        if whole and (expected is None or reported < expected):
            parts.append(whole)  # for all the parts that have no report of their own
            reported = expected or max(reported, 1)
        finals = [part for part in parts if part.final]
        final = (whole is not None and whole.final) or self._is_final(own_parts)
        state = _state(
            tuple(part.code for part in sorted(finals if final else parts)),
            final,
            final or whole is not None or reported >= (expected or inf),
        )
        return Delivery(
            outcome=state.outcome,
            final=final,
            delivered=state.delivered,
            billed=state.billed,
            retry=state.retry,
            result_code=state.result_code,
            parts_expected=expected,
            parts_reported=reported,
            updated_at=self._updated_at or None,
        )

    def _is_final(self, own_parts: int | None) -> bool:
        """Return whether as many parts are final as there are."""
        finals = [part for part, best in self._best.items() if part is not None and best.final]
        if self._segments:
            return len(finals) >= self._segments
        # A part beyond our own count shows that the count is wrong: it stands for none of those
        # that were counted, and takes back none.
        counted = [part for part in finals if part < (own_parts or 0)]
        return bool(own_parts) and len(counted) >= (own_parts or inf)


def fold(reports: Iterable[PartStatus], own_parts: int | None) -> Delivery:
    """Add up the reports of one message, as `Tally` does, given in the order of their arrival."""
    tally = Tally()
    for report in reports:
        tally.add(report)
    return tally.delivery(own_parts)


def _standing(report: PartStatus, arrival: int) -> _Standing:
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


class _State(NamedTuple):
    outcome: Outcome
    delivered: Certainty
    billed: Certainty
    retry: Retry
    result_code: int | None


# Most messages have few parts and few codes; parts are at most 255 of a table of 60 codes.
@lru_cache(maxsize=4096)
def _state(numbers: tuple[int, ...], final: bool, complete: bool) -> _State:
    """Return what the codes of the parts mean together, given from the earliest to the latest.

    `final` means that only final codes are among them, and that each part has one; `complete` that
    each part has a report.
    """
    codes = [explain(number) for number in numbers]
    decisive = max(reversed(codes), key=_weight, default=None)
    outcome = _outcome(decisive, final)
    return _State(
        outcome=outcome,
        delivered=_delivered(codes, outcome, complete),
        billed=next(
            (said for said in (_YES, _UNKNOWN) if said in {code.billed for code in codes}), _NO
        ),
        retry=_retry({code.retry for code in codes}, outcome, final),
        result_code=decisive.code if decisive else None,
    )


def _weight(code: ResultCode) -> int:
    """Return how much a part's code decides: a failure most, a delivery least."""
    if code.final and code.delivered is _NO:
        return 3
    if not code.final:
        return 2
    return 1 if code.delivered is _UNKNOWN else 0


def _outcome(decisive: ResultCode | None, final: bool) -> Outcome:
    if decisive is None:
        return Outcome.PENDING
    if decisive.final and decisive.delivered is _NO:
        return Outcome.FAILED
    if not final:
        return Outcome.PENDING
    return Outcome.UNKNOWN if decisive.delivered is _UNKNOWN else Outcome.DELIVERED


def _delivered(codes: list[ResultCode], outcome: Outcome, complete: bool) -> Certainty:
    said = {code.delivered for code in codes}
    if outcome is Outcome.FAILED:
        return _NO
    if _UNKNOWN in said:
        return _UNKNOWN
    return _YES if complete and said == {_YES} else _NO


def _retry(advice: set[Retry], outcome: Outcome, final: bool) -> Retry:
    """Return whether to send the message again: never where a part may have had its effect."""
    if outcome is Outcome.DELIVERED:
        return Retry.DONE
    if Retry.NEVER in advice or (final and Retry.DONE in advice):
        return Retry.NEVER
    if not final:
        return Retry.WAIT
    return Retry.SAFE if advice == {Retry.SAFE} else Retry.POINTLESS
