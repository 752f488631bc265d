"""What a test number does: a pure table from a destination to a plan.

Country code 999 is unassigned, so none of these can reach anybody. `+9995…` are plain; magic
ones have 11 digits, and what a wrong one would have meant is not guessed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.sms import codes

ACCEPTED = 1005


class Trick(StrEnum):
    """An answer that is broken or odd, in the order of its numbers from +99920000001."""

    SILENT = "never answered"
    RESET = "connection reset after the request"
    UNREADABLE = "an answer that cannot be read"
    SERVER_ERROR = "HTTP 500"
    REDIRECT = "a redirect"
    CUT = "taken, but the answer is cut off"
    HTML = "HTML for an answer"
    EMPTY = "an empty answer"
    WITHOUT_ID = "accepted without an id"
    TRICKLED = "the answer trickles"
    HUGE = "an answer of 10 MB"
    GZIP = "the answer is compressed"
    SEMICOLON = "a ';' in the description"


# After these the message is on its way, whatever the sender made of the answer.
_TAKEN = frozenset(
    {Trick.CUT, Trick.WITHOUT_ID, Trick.TRICKLED, Trick.HUGE, Trick.GZIP, Trick.SEMICOLON}
)
_CODED = _TAKEN - {Trick.CUT, Trick.HUGE}
_TRICKS = dict(enumerate(Trick, start=1))


class Tale(StrEnum):
    """What the reports of a message tell, in the order of their numbers from +99930000001."""

    DUPLICATED = "the report comes twice"
    OUT_OF_ORDER = "the parts' reports come out of order"
    LATE = "a temporary state comes after the final one"
    INVALID_JSON = "the report is the guide's invalid JSON"
    UNKNOWN_CODE = "the report has a code that nobody knows"
    LAST_FAILS = "the last part is not delivered"
    BEFORE_ANSWER = "the report comes before the answer"
    NO_REPORT = "no report comes"
    PLAIN = "one report for each part"


_TALES = dict(enumerate([tale for tale in Tale if tale is not Tale.PLAIN], start=1))
# What a fault can be told to do, by its name.
BEHAVIOURS: dict[str, Trick | Tale] = {
    each.name.lower(): each for each in (*Trick, *_TALES.values())
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of one message.

    `code` is the result code answered, None if the answer holds none; then `trick` or an HTTP
    `status` says what comes instead. `description` stands in place of the code's own. If the
    message is `taken`, it has an id, and reports follow: `tale` with `report_code`. `reason` is
    why it is refused, `effect` what a person should know about it.
    """

    code: int | None = ACCEPTED
    description: str | None = None
    trick: Trick | None = None
    status: int | None = None
    taken: bool = True
    tale: Tale = Tale.PLAIN
    report_code: int = 1001
    reason: str | None = None
    effect: str | None = None


def plan_for(destination: str) -> Plan:
    """Return what happens to a message to `destination`, a well-formed number."""
    if not destination.startswith("+999") or destination.startswith("+9995"):
        return Plan()
    magic = re.fullmatch(r"\+999([0-3])000([0-9]{4})", destination)
    if not magic:
        return _nothing(
            f"{destination} names nothing: test numbers are +9995 and more, or have 11 digits and "
            "begin with +9990000, +9991000, +9992000 or +9993000"
        )
    kind, figures = magic[1], int(magic[2])
    if kind == "0":
        return reporting(figures)
    if kind == "1":
        return answering(figures)
    if kind == "2":
        return _broken(destination, figures)
    tale = _TALES.get(figures)
    return behaving(tale) if tale else _nothing(f"{destination} names no odd report (1 to 8)")


def answering(code: int, description: str | None = None) -> Plan:
    """Return the plan of a message that is answered with that result code at once."""
    return Plan(code=code, description=description, taken=_is_acceptance(code))


def reporting(code: int) -> Plan:
    """Return the plan of a message that is accepted, then reported with that result code."""
    return Plan(report_code=code, effect=f"report {code}")


def failing(status: int) -> Plan:
    """Return the plan of a message that is answered with an HTTP status and nothing else."""
    return Plan(code=None, status=status, taken=False, effect=f"HTTP {status}")


def behaving(behaviour: Trick | Tale) -> Plan:
    """Return the plan of a message whose answer is broken, or whose reports are odd."""
    if isinstance(behaviour, Tale):
        return Plan(tale=behaviour, effect=behaviour)
    code = ACCEPTED if behaviour in _CODED else None
    return Plan(code=code, trick=behaviour, taken=behaviour in _TAKEN, effect=behaviour)


def _broken(destination: str, figures: int) -> Plan:
    if 100 <= figures <= 999:
        return failing(figures)
    trick = _TRICKS.get(figures)
    if trick is None:
        return _nothing(f"{destination} names no broken answer (001 to 013, 100 to 999)")
    return behaving(trick)


def _nothing(reason: str) -> Plan:
    return Plan(code=2108, taken=False, reason=reason)


def _is_acceptance(code: int) -> bool:
    meaning = codes.explain(code)
    return meaning.known and (code == 1001 or not meaning.final)
