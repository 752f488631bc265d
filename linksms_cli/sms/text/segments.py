"""How a text goes on air: its encoding, its units, and the parts it is cut into.

Limits are the guide's ("Query parameters", Userdata): 160 septets or 70 UTF-16 units in one
part, 153 or 63 in each of several, 1377 or 567 in all.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from linksms_cli.sms.text import alphabet

MOST_PARTS = 9


class Encoding(StrEnum):
    """How the characters of a message are coded."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


class Segmentation(NamedTuple):
    """What a text takes.

    `units` are septets in GSM-7, where ten characters take two, and UTF-16 code units in UCS-2,
    where an emoji takes two or more; `limit` is the most of them that the gateway takes, and
    `left_in_last_part` is in them too. `parts_if_67` is how many parts there would be if each of
    several held 67 UCS-2 characters, as the header of 3GPP leaves room for, and not the guide's
    63; None where that makes no difference.
    """

    encoding: Encoding
    units: int
    limit: int
    parts: int
    left_in_last_part: int
    parts_if_67: int | None

    @property
    def over_limit(self) -> bool:
        """Whether there are more units than the guide allows."""
        return self.units > self.limit

    @property
    def over_reasons(self) -> tuple[str, ...]:
        """What is too much: "units", "parts", or both.

        Parts alone can be too many where characters of two units leave some of them not full.
        """
        if self.parts <= MOST_PARTS:
            return ()
        return ("units", "parts") if self.over_limit else ("parts",)

    def fits(self, most_parts: int | None = None) -> bool:
        """Return whether it keeps within the gateway's limit, and within so many parts."""
        return self.units <= self.limit and (most_parts is None or self.parts <= most_parts)


class Part(NamedTuple):
    """One part of a text: how many units it takes, of how many that it could."""

    text: str
    units: int
    size: int


class _Form(NamedTuple):
    """How many units a part holds, alone or as one of several, and which units open a pair.

    A unit is so many elements of the spelt text wide.
    """

    encoding: Encoding
    alone: int
    each: int
    width: int
    openers: frozenset[str | int]


_GSM7 = _Form(
    encoding=Encoding.GSM7, alone=160, each=153, width=1, openers=frozenset(alphabet.ESCAPE)
)
_UCS2 = _Form(
    encoding=Encoding.UCS2,
    alone=70,
    each=63,
    width=2,
    # The upper octets of UTF-16's first surrogates.
    openers=frozenset(range(0xD8, 0xDC)),
)
# What the six octets of 3GPP's concatenation header leave of 140, in UCS-2 characters.
_EACH_BY_3GPP = 67
_UTF16 = ("utf-16-be", "surrogatepass")


def measure(text: str) -> Segmentation:
    """Count what `text` takes; an empty text is one part of no units."""
    spelt: str | bytes
    if alphabet.is_basic(text):  # most are, and a call would take them a tenth longer
        total, form, spelt = len(text), _GSM7, text
    else:
        form, spelt = _spelt_beyond_basic(text)
        total = len(spelt) // form.width
    if total <= form.alone:
        return _alone(form.alone)[total]
    each = form.each
    if total == len(text):  # no pair that could be cut: every part but the last is full
        parts = (total - 1) // each + 1
        last = (parts - 1) * each
        by_3gpp = (total - 1) // _EACH_BY_3GPP + 1
    else:
        units = spelt[:: form.width]
        ends = _ends(units, each, form.openers)
        parts, last = len(ends), ends[-2]
        by_3gpp = len(_ends(units, _EACH_BY_3GPP, form.openers)) if form is _UCS2 else parts
    parts_if_67 = by_3gpp if form is _UCS2 and by_3gpp != parts else None
    left = each - (total - last)
    return Segmentation(form.encoding, total, each * MOST_PARTS, parts, left, parts_if_67)


@cache
def _alone(size: int) -> list[Segmentation]:
    """Return what every text of one part takes, by its units: most texts are one of these few."""
    form = _GSM7 if size == _GSM7.alone else _UCS2
    limit = form.each * MOST_PARTS
    return [
        Segmentation(form.encoding, units, limit, 1, size - units, None)
        for units in range(size + 1)
    ]


def cut(text: str) -> tuple[Part, ...]:
    """Return the parts of `text`; their texts joined are `text`."""
    form, spelt = _spelt(text)
    units = spelt[:: form.width]
    if len(units) <= form.alone:
        return (Part(text=text, units=len(units), size=form.alone),)
    ends = _ends(units, form.each, form.openers)
    spans = list(pairwise([0, *ends]))
    pieces = [spelt[form.width * start : form.width * end] for start, end in spans]
    texts = [
        alphabet.unspell(piece) if isinstance(piece, str) else piece.decode(*_UTF16)
        for piece in pieces
    ]
    return tuple(
        Part(text=text, units=end - start, size=form.each)
        for text, (start, end) in zip(texts, spans, strict=True)
    )


def _spelt(text: str) -> tuple[_Form, str | bytes]:
    """Spell a text as it goes on air: a character for each septet, or UTF-16."""
    if alphabet.is_basic(text):
        return _GSM7, text
    return _spelt_beyond_basic(text)


def _spelt_beyond_basic(text: str) -> tuple[_Form, str | bytes]:
    if alphabet.is_gsm(text):
        return _GSM7, alphabet.spell(text)
    return _UCS2, text.encode(*_UTF16)


def _ends(units: Sequence[str | int], size: int, openers: frozenset[str | int]) -> list[int]:
    """Return where each part ends: `size` units on, or one less where that would cut a pair.

    Units are septets, as characters, or the upper octets of UTF-16, which tell what they open.
    """
    ends: list[int] = []
    end = 0
    total = len(units)
    while total - end > size:
        end += size
        if units[end - 1] in openers:
            end -= 1
        ends.append(end)
    ends.append(total)
    return ends
