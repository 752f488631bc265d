"""How a text goes on air: its encoding, its units, and the parts it is cut into.

Limits are the guide's ("Query parameters", Userdata): 160 septets or 70 UTF-16 units in one
part, 153 or 63 in each of several, 1377 or 567 in all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.sms import alphabet

MOST_PARTS = 9


class Encoding(StrEnum):
    """How the characters of a message are coded."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """What a text takes.

    `units` are septets in GSM-7, where ten characters take two, and UTF-16 code units in UCS-2,
    where an emoji takes two or more. `left_in_last_part` is in the same units. `parts_if_67` is
    how many parts there would be if each of several held 67 UCS-2 characters, as the header of
    3GPP leaves room for, and not the guide's 63; None where that makes no difference.
    """

    encoding: Encoding
    units: int
    parts: int
    left_in_last_part: int
    parts_if_67: int | None

    @property
    def limit(self) -> int:
        """The most units that the gateway takes in this encoding."""
        return _FORMS[self.encoding].each * MOST_PARTS

    @property
    def over_limit(self) -> bool:
        """Whether there are more units than the guide allows."""
        return self.units > self.limit

    @property
    def over_reasons(self) -> tuple[str, ...]:
        """What is too much: "units", "parts", or both.

        Parts alone can be too many where characters of two units leave some of them not full.
        """
        over = {"units": self.over_limit, "parts": self.parts > MOST_PARTS}
        return tuple(reason for reason, holds in over.items() if holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How many units a part holds, alone or as one of several, and which units open a pair."""

    alone: int
    each: int
    openers: frozenset[str | int]


_FORMS = {
    Encoding.GSM7: _Form(alone=160, each=153, openers=frozenset(alphabet.ESCAPE)),
    # The upper octets of UTF-16's first surrogates.
    Encoding.UCS2: _Form(alone=70, each=63, openers=frozenset(range(0xD8, 0xDC))),
}
# What the six octets of 3GPP's concatenation header leave of 140, in UCS-2 characters.
_EACH_BY_3GPP = 67


def measure(text: str) -> Segmentation:
    """Count what `text` takes; an empty text is one part of no units."""
    encoding, units = _units(text)
    form = _FORMS[encoding]
    if len(units) <= form.alone:
        parts, left, parts_if_67 = 1, form.alone - len(units), None
    else:
        ends = _ends(units, form.each, form.openers)
        parts, left, parts_if_67 = len(ends), form.each - (len(units) - ends[-2]), None
        if encoding is Encoding.UCS2:
            by_3gpp = len(_ends(units, _EACH_BY_3GPP, form.openers))
            parts_if_67 = by_3gpp if by_3gpp != parts else None
    return Segmentation(
        encoding=encoding,
        units=len(units),
        parts=parts,
        left_in_last_part=left,
        parts_if_67=parts_if_67,
    )


def cut(text: str) -> tuple[str, ...]:
    """Return the text of each part; joined they are `text`."""
    encoding, units = _units(text)
    form = _FORMS[encoding]
    if len(units) <= form.alone:
        return (text,)
    ends = _ends(units, form.each, form.openers)
    spans = zip([0, *ends], ends, strict=False)
    if encoding is Encoding.GSM7:
        septets = alphabet.spell(text)
        return tuple(alphabet.unspell(septets[start:end]) for start, end in spans)
    utf16 = text.encode("utf-16-be", "surrogatepass")
    return tuple(
        utf16[2 * start : 2 * end].decode("utf-16-be", "surrogatepass") for start, end in spans
    )


def _units(text: str) -> tuple[Encoding, Sequence[str | int]]:
    """Spell a text in the units that are counted, one element each.

    Septets are characters; of a UTF-16 unit the upper octet is enough to tell what it opens.
    """
    if alphabet.is_basic(text):
        return Encoding.GSM7, text
    if alphabet.is_gsm(text):
        return Encoding.GSM7, alphabet.spell(text)
    return Encoding.UCS2, text.encode("utf-16-be", "surrogatepass")[::2]


def _ends(units: Sequence[str | int], size: int, openers: frozenset[str | int]) -> list[int]:
    """Say where each part ends: `size` units on, or one less where that would cut a pair."""
    ends: list[int] = []
    end = 0
    while len(units) - end > size:
        end += size
        if units[end - 1] in openers:
            end -= 1
        ends.append(end)
    ends.append(len(units))
    return ends
