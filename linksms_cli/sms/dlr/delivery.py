"""What delivery reports add up to: the state of a message, folded from the reports of its parts.

The state only moves forward, and does not depend on the order in which reports with distinct
timestamps arrive, nor on how often each arrives.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import inf

from linksms_cli.errors import ExitCode
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

    @property
    def exit_code(self) -> ExitCode:
        """What a command that waited for this message ends with."""
        return _EXIT_CODES[self.outcome]


# The best code of each part, None being all parts, from the worst standing to the best.
Codes = tuple[tuple[int | None, int], ...]


# Most messages have few parts and few codes.
@lru_cache(maxsize=4096)
def added_up(codes: Codes, segments: int | None, seen: int, own_parts: int | None) -> Delivery:
    """Return what the codes of the parts mean together.

    `segments` is what reports say the number of parts is, `seen` how many their own numbers prove,
    `own_parts` our own count.
    """
    needed = segments or own_parts or None
    expected = max(needed, seen) if needed else None
    ranks = {part: rank for rank, (part, _) in enumerate(codes)}
    whole = ranks.pop(None, None)
    standing = [rank if whole is None else max(rank, whole) for rank in ranks.values()]
    reported = len(standing)
    if whole is not None and (expected is None or reported < expected):
        standing.append(whole)  # for all the parts that have no report of their own
        reported = expected or max(reported, 1)
    best = [explain(codes[rank][1]) for rank in sorted(standing)]
    final = (whole is not None and explain(codes[whole][1]).final) or _is_final(
        codes, segments, own_parts
    )
    if final:
        best = [code for code in best if code.final]
    complete = final or whole is not None or reported >= (expected or inf)
    decisive = max(reversed(best), key=_weight, default=None)
    outcome = _outcome(decisive, final)
    billed = {code.billed for code in best}
    return Delivery(
        outcome=outcome,
        final=final,
        delivered=_delivered(best, outcome, complete),
        billed=next((said for said in (_YES, _UNKNOWN) if said in billed), _NO),
        retry=_retry({code.retry for code in best}, outcome, final),
        result_code=decisive.code if decisive else None,
        parts_expected=expected,
        parts_reported=reported,
    )


def _is_final(codes: Codes, segments: int | None, own_parts: int | None) -> bool:
    """Return whether as many parts are final as there are."""
    finals = [part for part, code in codes if part is not None and explain(code).final]
    if segments:
        return len(finals) >= segments
    if not own_parts:
        return False
    # A part beyond our own count shows that the count is wrong: it stands for none of those that
    # were counted, and takes back none.
    return sum(part < own_parts for part in finals) >= own_parts


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
