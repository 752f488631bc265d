"""Where a message stands, in the sentences that every command says it with.

`status ID`, `send --wait`, `listen` and `code -` differ in what they show around them: none has
words of its own for what is certain, what that means, what to do next and whether to send again.
"""

import re
import textwrap
from typing import Protocol

from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.code import is_conditional
from linksms_cli.views.layout import LABEL, labelled

_PLAIN = re.compile(r"[A-Za-z0-9+/=_.:-]+")


class Standing(Protocol):
    """What is known of a message: a story has it, a delivery, and a result."""

    @property
    def outcome(self) -> Outcome:
        """What became of it so far."""

    @property
    def result_code(self) -> int | None:
        """The code that decides the outcome; None if there is none."""

    @property
    def final(self) -> bool:
        """Whether nothing more is to come."""

    @property
    def delivered(self) -> Certainty:
        """Whether it was delivered, every part of it."""

    @property
    def billed(self) -> Certainty:
        """Whether any of it was billed."""

    @property
    def retry(self) -> Retry | None:
        """Whether to send it again."""

    @property
    def parts_expected(self) -> int | None:
        """How many parts there are; None if nobody knows."""

    @property
    def parts_reported(self) -> int:
        """How many parts have a report."""


def certainty(one: Standing) -> str:
    """Return what is certain: `not delivered, not billed, final, 1 of 1 parts reported`."""
    delivered = {
        Certainty.YES: "delivered",
        Certainty.NO: "not delivered yet" if _may_come(one) else "not delivered",
        Certainty.UNKNOWN: "delivery unknown",
    }[one.delivered]
    billed = {
        Certainty.YES: "billed" if _was_charged(one) else "billed if it has a charge",
        Certainty.NO: "not billed",
        Certainty.UNKNOWN: "billing unknown",
    }[one.billed]
    reported = f", {parts(one)} parts reported" if one.parts_reported else ""
    return f"{delivered}, {billed}, {'final' if one.final else 'not final'}{reported}"


def parts(one: Standing) -> str:
    """Return how many parts have a report: `1 of 2`."""
    return f"{one.parts_reported} of {one.parts_expected or '?'}"


def meaning(one: Standing) -> str | None:
    """Return what the code that decides means; None if nobody can say."""
    if one.result_code is None:
        return None
    if is_partly_final(one):  # of the message as a whole the code's meaning would be untrue
        expected = one.parts_expected or "an unknown number of"
        return f"Final so far: {one.parts_reported} of {expected} parts. The rest is to come."
    return explain(one.result_code).meaning


def next_step(one: Standing, handle: str | None) -> str | None:
    """Return what to do next, with a command for it in a line of its own.

    `handle` is what the store knows it by, None if it does not.
    """
    if one.outcome is Outcome.DELIVERED:
        return None
    if one.outcome is Outcome.UNKNOWN and handle:
        return f"linksms status {word(handle)} says what was seen, and what to do now."
    if one.result_code is None:
        return None
    if is_partly_final(one):
        waits = f":\nlinksms status {word(handle)} --wait 5m" if handle else "."
        return f"Wait for the other reports{waits}"
    return explain(one.result_code).action


def resend(one: Standing) -> str:
    """Return whether to send it again."""
    if one.retry is Retry.WAIT and one.outcome is Outcome.FAILED:
        return "Not yet: other parts of it are still on their way."
    if one.retry is Retry.NEVER and one.result_code is not None:
        if explain(one.result_code).billed is Certainty.YES:
            return "No: it was billed, and would be billed a second time."
        if one.outcome is Outcome.FAILED:
            return "Not blindly: other parts of it may have been delivered or billed already."
    return _RESEND[one.retry or Retry.NEVER]


NOT_BLINDLY = "Not blindly: it may have been delivered or billed already."
_RESEND = {
    Retry.WAIT: "Not yet: it is still on its way.",
    Retry.DONE: "No need: it was delivered.",
    Retry.SAFE: "You can: nothing was delivered or billed.",
    Retry.POINTLESS: "Pointless: nothing was delivered or billed, and it would fail again.",
    Retry.NEVER: NOT_BLINDLY,
}


def as_lines(one: Standing, handle: str | None, width: int) -> list[str]:
    """Return what it means, what to do next and whether to send again, each beside its name."""
    words, *commands = (next_step(one, handle) or "").split("\n")
    return [
        *named("Meaning", meaning(one), width),
        *named("Next", words, width),
        *(" " * LABEL + command for command in commands),  # in one piece, to be copied
        *named("Resend", resend(one), width),
    ]


def named(name: str, text: str | None, width: int) -> list[str]:
    """Return a paragraph if there is anything to say."""
    return paragraph(name, text, width) if text else []


def paragraph(name: str, text: str, width: int) -> list[str]:
    """Return a text beside its name, in lines of at most `width` columns as far as words allow."""
    room = width - LABEL
    lines = textwrap.wrap(visible(text), room, break_on_hyphens=False, break_long_words=False)
    return labelled(name, lines)


def word(text: str) -> str:
    """Return text as one word of a shell."""
    shown = visible(text)
    if _PLAIN.fullmatch(shown):
        return shown
    quoted = shown.replace("'", "'\\''")
    return f"'{quoted}'"


def _was_charged(one: Standing) -> bool:
    """Return whether the code that decides says that there was a charge."""
    code = None if one.result_code is None else explain(one.result_code)
    return code is not None and code.billed is Certainty.YES and not is_conditional(code)


def is_partly_final(one: Standing) -> bool:
    """Return whether the code is the last word on some parts only."""
    code = one.result_code
    return one.outcome is Outcome.PENDING and code is not None and explain(code).final


def _may_come(one: Standing) -> bool:
    """Return whether it may yet be delivered: not if one part of it finally was not."""
    return not one.final and one.outcome is not Outcome.FAILED
