"""A text that is too long, cut to what the limits allow, with a note of how much is missing."""

from bisect import bisect_left
from enum import StrEnum
from typing import NamedTuple

from linksms_cli.sms.text.segments import MOST_PARTS, measure
from linksms_cli.sms.text.unseen import SHAPING

# No text of more characters is within the limits: each takes a unit, and GSM-7 has room for these.
_MOST = 1377
# They change the skin of the emoji before them.
_SKINS = range(0x1F3FB, 0x1F400)


class Kept(StrEnum):
    """Which end of a text is kept."""

    HEAD = "head"
    TAIL = "tail"


class Truncated(NamedTuple):
    """A text that was cut; `missing` counts the characters (code points) that were left out."""

    text: str
    missing: int


def truncate(text: str, kept: Kept, most_parts: int | None = None) -> Truncated | None:
    """Cut a text to at most so many parts, and never more than the gateway takes.

    Returns None if it fits as it is. No letter is parted from its accents, and no emoji cut up,
    as far as single characters tell.
    """
    most = min(most_parts or MOST_PARTS, MOST_PARTS)
    if measure(text).fits(most):
        return None
    cut = _head if kept is Kept.HEAD else _tail
    sizes = range(min(len(text), _MOST) + 1)
    # The shorter, the fewer parts: the first size that does not fit is found by halving.
    too_many = bisect_left(
        sizes, True, key=lambda size: not measure(cut(text, size).text).fits(most)
    )
    return cut(text, too_many - 1)


def _head(text: str, size: int) -> Truncated:
    while size and _belongs_together(text, size):
        size -= 1
    kept = text[:size].rstrip()
    missing = len(text) - len(kept)
    note = f"({missing} more characters)"
    return Truncated(f"{kept} {note}" if kept else note, missing)


def _tail(text: str, size: int) -> Truncated:
    start = len(text) - size
    while start < len(text) and _belongs_together(text, start):
        start += 1
    kept = text[start:].lstrip()
    missing = len(text) - len(kept)
    note = f"({missing} earlier characters)"
    return Truncated(f"{note} {kept}" if kept else note, missing)


def _belongs_together(text: str, place: int) -> bool:
    """Return whether the characters on both sides of a place make one sign."""
    if not 0 < place < len(text):
        return False
    import unicodedata

    before, behind = text[place - 1], text[place]
    return (
        bool(unicodedata.combining(behind))
        or behind in SHAPING
        or before == "\u200d"
        or ord(behind) in _SKINS
    )
