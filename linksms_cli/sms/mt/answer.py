"""The gateway's answer, `resultCode;resultDescription;messageId` (guide, "Returns")."""

import re
from dataclasses import dataclass

from linksms_cli.sms.text.decoding import visible

_ANSWER = re.compile(r"([0-9]{1,6})\s*;(.*)", re.DOTALL)
_LONGEST_ID = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A well-formed answer. `description` is made safe to show; `message_id` is as it came."""

    code: int
    description: str
    message_id: str | None


def parse(body: str) -> Answer | None:
    """Return the answer in a response's body, or None where there is none.

    The first field is the code and the last the id, so a `;` may stand in the description. White
    space around fields is no part of them. A last field that cannot be an id belongs to the
    description: a rejection has no id, and says why in words.
    """
    found = _ANSWER.fullmatch(body.strip("\ufeff \t\r\n"))
    if not found:
        return None
    description, separator, last = found[2].rpartition(";")
    message_id = last.strip()
    if not separator or not _may_be_id(message_id):
        description, message_id = found[2], ""
    return Answer(
        code=int(found[1]),
        description=visible(description.strip()),
        message_id=message_id or None,
    )


def _may_be_id(last: str) -> bool:
    """An id is opaque, but holds no space and nothing that a terminal obeys."""
    return len(last) <= _LONGEST_ID and last.isprintable() and " " not in last
