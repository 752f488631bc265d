"""What to look for among messages: filters that must all hold."""

import re
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.errors import UsageError
from linksms_cli.sms import msisdn
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.decoding import visible

# As few digits at the end of a number find it among ten million.
FEWEST_DIGITS = 4
# How far the matches of a search are counted.
MOST_COUNTED = 10_000
# Hours and days everywhere on earth begin at a quarter of an hour of UTC; in milliseconds.
QUARTER = 900_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPattern:
    """A number or its beginning, or with `is_ending` its last digits."""

    digits: str
    is_ending: bool = False


def number_pattern(typed: str, what: str) -> NumberPattern:
    """Return what `+4670…` or `*1234` matches; `what` names it in an error.

    Raises UsageError if it is neither.
    """
    if typed.strip().startswith("*"):
        digits = msisdn.cleaned(typed).removeprefix("*")
        if not re.fullmatch(f"[0-9]{{{FEWEST_DIGITS},15}}", digits):
            message = f"{what} '{visible(typed)}' is not the end of a number"
            hint = f"Write * and its last {FEWEST_DIGITS} digits or more, like *01234."
            raise UsageError(message, hint)
        return NumberPattern(digits=digits, is_ending=True)
    return NumberPattern(digits=msisdn.read_beginning(typed, what))


class OutcomeFilter(StrEnum):
    """What messages of the store may have come to; a send's other outcomes leave nothing there."""

    DELIVERED = Outcome.DELIVERED
    FAILED = Outcome.FAILED
    PENDING = Outcome.PENDING
    OVERDUE = "overdue"  # pending for too long
    REJECTED = Outcome.REJECTED
    NOT_SENT = Outcome.NOT_SENT
    UNKNOWN = Outcome.UNKNOWN

    @property
    def outcome(self) -> Outcome:
        """The outcome that such messages have."""
        return Outcome.PENDING if self is OutcomeFilter.OVERDUE else Outcome(self)


class CountField(StrEnum):
    """What messages are counted by."""

    OUTCOME = "outcome"
    CODE = "code"
    OPERATOR = "operator"
    HOUR = "hour"
    DAY = "day"
    PROFILE = "profile"
    BATCH = "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Filters; None holds for every message.

    Times are in milliseconds since 1970, `until` not included: of the intent of a message that this
    store has sent, else of the first report that came of it.
    """

    to: NumberPattern | None = None
    source: str | None = None
    since: int | None = None
    until: int | None = None
    outcome: Outcome | None = None
    code: int | None = None
    operator: str | None = None
    profile: str | None = None
    batch: int | None = None
    key: str | None = None
    reference: str | None = None
