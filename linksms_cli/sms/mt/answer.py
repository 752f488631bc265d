"""The gateway's answer, `resultCode;resultDescription;messageId` (guide, "Returns")."""

import re
from typing import NamedTuple

from linksms_cli.sms.codes import Certainty, explain
from linksms_cli.sms.text.decoding import visible

# No other white space: what Python takes for it, 0x1C for one, may be a digit that was spoilt.
_SPACE = r"[ \t\r\n]*"
_ANSWER = re.compile(rf"([0-9]{{1,6}}){_SPACE};(.*)", re.DOTALL)
# The start of an answer, cut off anywhere: a pattern, compiled at its first use, since few are.
_BEGINNING = rf"(?s:[0-9]{{0,6}}|[0-9]{{1,6}}{_SPACE}(?:;.*)?)"
_AROUND = "\ufeff \t\r\n"
_LONGEST_ID = 256
# Stands for octets that are not UTF-8.
_UNDECODED = "\ufffd"
# What programs write if there is no id.
_NO_ID = frozenset({"", "null", "(null)", "none", "nil", "undefined"})


class Answer(NamedTuple):
    """A well-formed answer. `description` is made safe to show; `message_id` is as it came.

    If the answer is not proven to be complete, or the id in it is not valid UTF-8, the id is in
    `doubtful_id` instead.
    """

    code: int
    description: str
    message_id: str | None
    doubtful_id: str | None = None


def parse(body: str, *, whole: bool = True) -> Answer | None:
    """Return the answer in a response's body, or None if there is none.

    `whole` says that the body is proven to be complete. If it is not, the code is certain all the
    same, because a semicolon follows it; the id is not.

    The first field is the code and the last the id, so a `;` may stand in the description. White
    space around fields is no part of them. A last field that cannot be an id belongs to the
    description: a rejection has no id, and says why in words.
    """
    found = _ANSWER.fullmatch(body.strip(_AROUND))
    if not found:
        return None
    code = int(found[1])
    description, message_id = _fields(found[2], accepted=_is_accepted(code))
    certain = whole and _UNDECODED not in (message_id or "")
    return Answer(
        code=code,
        description=visible(description),
        message_id=message_id if certain else None,
        doubtful_id=None if certain else message_id,
    )


def may_begin(octets: bytes) -> bool:
    """Return whether a body that begins with these octets may be that of an answer."""
    text = octets.decode("utf-8", "ignore").lstrip(_AROUND)
    return re.fullmatch(_BEGINNING, text) is not None


def _fields(rest: str, *, accepted: bool) -> tuple[str, str | None]:
    """Return the description and the id, None if there is none.

    The id of an accepted message may be followed by one more `;`.
    """
    before, separator, last = (part.strip() for part in rest.rpartition(";"))
    if accepted and not last and ";" in before:
        before, _, last = (part.strip() for part in before.rpartition(";"))
    if not separator or not _may_be_id(last):
        return rest.strip(), None
    return before, None if last.lower() in _NO_ID else last


def _may_be_id(last: str) -> bool:
    """An id is opaque, but holds no space and nothing that a terminal obeys."""
    return len(last) <= _LONGEST_ID and last.isprintable() and " " not in last


def _is_accepted(code: int) -> bool:
    """Return whether a message answered with this code has an id (guide, "Returns")."""
    known = explain(code)
    return known.known and (not known.final or known.delivered is Certainty.YES)
