"""What a result code means: the guide's table, and the rules that read it.

The table's words are data (`result_codes.json`), each description and state exactly as the guide
has it. What follows from them is decided here: whether a code is final, what it says of delivery
and billing, and whether sending again makes sense.

The table is read when this module is imported: a send has it before its request leaves, and its
result needs no file any more.
"""

import json
import re
from collections.abc import Iterable
from enum import StrEnum
from pkgutil import get_data
from typing import Any, NamedTuple

from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms.outcome import Outcome


class Certainty(StrEnum):
    """What is known of a delivery or a billing; never a boolean, since silence is not a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Retry(StrEnum):
    """Whether to send again."""

    WAIT = "wait"
    """Temporary: it will change by itself."""
    DONE = "done"
    """Delivered."""
    SAFE = "safe"
    """Nothing delivered or billed, and worth trying again."""
    POINTLESS = "pointless"
    """Nothing delivered or billed, but the same request fails again."""
    NEVER = "never"
    """It was delivered or billed, or may have been."""


class ResultCode(NamedTuple):
    """One result code and what follows from it.

    `known` is False for a code that the table does not have: that is neither a success nor a
    failure, so it is not final, and `neighbours` names the nearest codes that are known.
    `description` and `state` are the table's own words; `origin` is where they come from.
    `notes` are of this code; `footnote` is of its state, and the same for every code that has one.
    """

    code: int
    known: bool
    description: str | None
    state: str | None
    final: bool
    delivered: Certainty
    billed: Certainty
    retry: Retry
    meaning: str
    action: str
    notes: tuple[str, ...]
    footnote: str | None
    neighbours: tuple[int, ...]
    origin: str | None

    @property
    def outcome(self) -> Outcome:
        """What a message of one part has come to with it."""
        if not self.final:
            return Outcome.PENDING
        return _OUTCOMES[self.delivered]


_OUTCOMES = {
    Certainty.YES: Outcome.DELIVERED,
    Certainty.NO: Outcome.FAILED,
    Certainty.UNKNOWN: Outcome.UNKNOWN,
}

# Codes of passing troubles: nothing was delivered or billed, and a later try may go through.
_PASSING = frozenset({0, 1, 3, 6, 105, 1002, 1003, 1004, 1006, 2107})

# What the guide writes in its states, with its own spelling of "unknown" in 1010.
_DELIVERED = {
    "DELIVERED": Certainty.YES,
    "NOT DELIVERED": Certainty.NO,
    "UNKNOWN DELIVERY": Certainty.UNKNOWN,
    "UNKOWN DELIVERY": Certainty.UNKNOWN,
}
_BILLED = {
    "BILLED": Certainty.YES,
    "NOT BILLED": Certainty.NO,
    "UNKNOWN BILLING": Certainty.UNKNOWN,
}


HINT = (
    "Give a whole number of at most nine digits, like 1001, or a delivery report, an answer, "
    "or a log line that holds one."
)


def read_number(typed: str) -> int:
    """Return the code that was typed: one to nine ASCII digits, as many as a report's may have.

    Leading zeros count for nothing, as in an answer. Raises UsageError.
    """
    if is_number(typed):
        return int(typed)
    shown = typed if len(typed) <= 20 else f"{typed[:20]}…"
    message = f"{shown!r} is not a result code"
    raise UsageError(message, HINT)


def is_number(typed: str) -> bool:
    """Return whether what was typed may be a code: one to nine ASCII digits."""
    return re.fullmatch("[0-9]{1,9}", typed) is not None


def explain(code: int) -> ResultCode:
    """Return what `code` means, also for a code that nobody knows."""
    return _TABLE.get(code) or _unknown(code)


def table() -> tuple[ResultCode, ...]:
    """Return every known code, in the order of their numbers."""
    return tuple(_TABLE.values())


def find(
    numbers: Iterable[int] = (),
    *,
    words: str = "",
    final: bool | None = None,
    delivered: Certainty | None = None,
    billed: Certainty | None = None,
    retry: Retry | None = None,
) -> list[ResultCode]:
    """Return the codes of these numbers, or of the table, that are as asked.

    All of `words` must match, in any order and in capitals or not: a number the beginning of a
    code, any other word its description, meaning, action, notes or state.
    """
    searched = words.casefold().split()
    return [
        code
        for code in ([explain(number) for number in numbers] or table())
        if final in {None, code.final}
        and delivered in {None, code.delivered}
        and billed in {None, code.billed}
        and retry in {None, code.retry}
        and all(_matches(code, word) for word in searched)
    ]


def _matches(code: ResultCode, word: str) -> bool:
    if word.isdecimal():  # elsewhere it would find the amounts and lengths that texts speak of
        return str(code.code).startswith(word)
    texts = (code.description, code.meaning, code.action, *code.notes, code.state)
    return any(word in text.casefold() for text in texts if text)


def _load() -> dict[str, Any]:
    """Return what `result_codes.json` holds, which may lie in a zipped package."""
    try:
        data: dict[str, Any] = json.loads(get_data("linksms_cli.sms", "result_codes.json") or b"")
    except (OSError, ValueError) as failure:
        message = f"the table of result codes cannot be read ({type(failure).__name__})"
        raise ConfigurationError(message, "Install linksms-cli again.") from None
    return data


def _read(row: dict[str, Any]) -> ResultCode:
    final, delivered, billed = _read_state(row["state"])
    return ResultCode(
        code=row["code"],
        known=True,
        description=row["description"],
        state=row["state"],
        final=final,
        delivered=delivered,
        billed=billed,
        retry=_retry(row["code"], final=final, delivered=delivered, billed=billed),
        meaning=row["meaning"],
        action=row["action"],
        notes=tuple(row["notes"]),
        footnote=_DATA["asterisk"] if "*" in (row["state"] or "") else None,
        neighbours=(),
        origin=row["origin"],
    )


def _read_state(state: str | None) -> tuple[bool, Certainty, Certainty]:
    """Return whether a state is final, whether it was delivered and whether it was billed."""
    if state is None:
        # The codes that guide 5.1 lacks, 100 to 103, refuse the credentials: nothing was taken.
        return True, Certainty.NO, Certainty.NO
    # "TEMP : NOT DELIVERED, BILLED* (resending)"; 2103 alone has no first word.
    stage, _, values = state.partition("*")[0].rpartition(": ")
    delivered, billed = values.split(", ")
    return stage.strip() != "TEMP", _DELIVERED[delivered], _BILLED[billed]


def _retry(code: int, *, final: bool, delivered: Certainty, billed: Certainty) -> Retry:
    if not final:
        return Retry.WAIT
    if code == 1001:
        return Retry.DONE
    if delivered is not Certainty.NO or billed is not Certainty.NO:
        return Retry.NEVER
    return Retry.SAFE if code in _PASSING else Retry.POINTLESS


def _unknown(code: int) -> ResultCode:
    words = _DATA["unknown"]
    known = list(_TABLE)
    place = sum(one < code for one in known)
    return ResultCode(
        code=code,
        known=False,
        description=None,
        state=None,
        final=False,
        delivered=Certainty.UNKNOWN,
        billed=Certainty.UNKNOWN,
        retry=Retry.NEVER,
        meaning=words["meaning"],
        action=words["action"],
        notes=tuple(words["notes"]),
        footnote=None,
        neighbours=tuple(known[max(place - 1, 0) : place + 1]),
        origin=None,
    )


_DATA = _load()
_TABLE = {row["code"]: _read(row) for row in _DATA["codes"]}
