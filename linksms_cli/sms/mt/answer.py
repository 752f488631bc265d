"""The gateway's answer, `resultCode;resultDescription;messageId` (guide, "Returns")."""

import re
from dataclasses import dataclass

from linksms_cli.sms.text.decoding import visible

_ANSWER = re.compile(r"([0-9]{1,6})\s*;(.*)", re.DOTALL)
# As much of an answer as there may be before its first semicolon.
_BEGINNING = re.compile(r"[0-9]{0,6}|[0-9]{1,6}\s*(?:;.*)?", re.DOTALL)
_AROUND = "\ufeff \t\r\n"
_LONGEST_ID = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A well-formed answer. `description` is made safe to show; `message_id` is as it came.

    `doubtful_id` stands in its place if the answer's end is not proven: it may be half an id.
    """

    code: int
    description: str
    message_id: str | None
    doubtful_id: str | None = None


def parse(body: str, *, whole: bool = True) -> Answer | None:
    """Return the answer in a response's body, or None if there is none.

    `whole` says that the body's end is proven. If it is not, the answer's code still is, by the
    semicolon behind it; its id is not.

    The first field is the code and the last the id, so a `;` may stand in the description. White
    space around fields is no part of them. A last field that cannot be an id belongs to the
    description: a rejection has no id, and says why in words.
    """
    found = _ANSWER.fullmatch(body.strip(_AROUND))
    if not found:
        return None
    description, separator, last = found[2].rpartition(";")
    message_id = last.strip()
    if not separator or not _may_be_id(message_id):
        description, message_id = found[2], ""
    return Answer(
        code=int(found[1]),
        description=visible(description.strip()),
        message_id=(message_id or None) if whole else None,
        doubtful_id=None if whole else (message_id or None),
    )


def may_begin(octets: bytes) -> bool:
    """Return whether a body that begins with these octets may be that of an answer."""
    text = octets.decode("utf-8", "ignore").lstrip(_AROUND)
    return _BEGINNING.fullmatch(text) is not None


def _may_be_id(last: str) -> bool:
    """An id is opaque, but holds no space and nothing that a terminal obeys."""
    return len(last) <= _LONGEST_ID and last.isprintable() and " " not in last
