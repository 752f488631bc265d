"""Characters that GSM-7 lacks: which a text has, where, and what could stand for them."""

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from linksms_cli.sms.text import alphabet, replacements, unseen

# Unicode itself gives control characters no name.
_CONTROLS = {
    "\x00": "NULL",
    "\x07": "BELL",
    "\x08": "BACKSPACE",
    "\t": "CHARACTER TABULATION",
    "\x0b": "LINE TABULATION",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
# Where more characters than these are lacking, one slow count of all takes less time than a fast
# one of each.
_MANY = 150
# As much of a text as is looked through, character by character, for what GSM-7 lacks; of a
# longer one the rest is skimmed, at a tenth of the time.
_STRETCH = 1 << 16
_NAMELESS = {"Cc": "control", "Co": "private-use", "Cs": "surrogate"}


class Trait(StrEnum):
    """What is worth a warning about a character, because the eye misses it."""

    UNSEEN = "a space, or nothing, to the eye"
    CONTROL = "an order to a machine, not a sign"
    TURNING = "turns around what stands behind it"
    LOST = "stands for what could not be decoded"
    UNDRAWN = "has no shape that everybody knows"
    MARK = "belongs to the letter before it"
    ASTRAL = "above U+FFFF"


_TRAITS = {
    **dict.fromkeys("\u202d\u202e", Trait.TURNING),
    "\ufffc": Trait.UNDRAWN,
    "\ufffd": Trait.LOST,
}
_BY_CATEGORY = {"Cc": Trait.CONTROL, "Co": Trait.UNDRAWN, "Cn": Trait.UNDRAWN}


class Character(NamedTuple):
    """A character that GSM-7 lacks, with what holds of it wherever it stands.

    `replacement` is what could stand for it, None where nothing could; `lossy` tells that this
    would change what is written. `trait` is what the eye misses.
    """

    char: str
    code_point: str
    name: str
    replacement: str | None
    lossy: bool
    trait: Trait | None


class NonGsm(NamedTuple):
    """A character that GSM-7 lacks, in a text; `first_index` counts code points, from 0.

    A tuple, since a file of templates makes a million of them.
    """

    character: Character
    times: int
    first_index: int


def find(text: str) -> tuple[NonGsm, ...]:
    """Return the characters of `text` that GSM-7 lacks, in order of appearance."""
    lacking = _lacking(text)
    times = text.count if len(lacking) < _MANY else Counter(text).__getitem__
    index = -1
    found = [
        # As NonGsm(...) does, in two thirds of the time.
        tuple.__new__(NonGsm, (_describe(char), times(char), index := text.index(char, index + 1)))
        for char in lacking
    ]
    shaping = not unseen.SHAPING.isdisjoint(lacking)
    if shaping and alphabet.is_gsm(replacements.plain(text, lacking)):
        # Nothing is left that they could shape.
        found = list(map(_dropped, found))
    return tuple(found)


def _lacking(text: str) -> dict[str, None]:
    """Return each character of `text` that GSM-7 lacks once, in order of appearance."""
    found = _of_stretch(text, 0, _STRETCH)
    # Each stretch is twice as long as the one before, so that few patterns are made.
    end = size = _STRETCH
    while end < len(text):
        known = re.compile(f"[{re.escape(alphabet.BASIC + alphabet.EXTENSION + ''.join(found))}]*")
        # It always matches, if only nothing.
        news = known.match(text, end).end()  # type: ignore[union-attr]
        size *= 2
        end = news + size
        found.update(_of_stretch(text, news, end))
    return found


def _of_stretch(text: str, start: int, end: int) -> dict[str, None]:
    return dict.fromkeys("".join(re.findall(alphabet.NOT_GSM, text[start:end])))


def _dropped(item: NonGsm) -> NonGsm:
    if item.character.char not in unseen.SHAPING:
        return item
    return item._replace(character=item.character._replace(replacement=""))


@lru_cache(maxsize=4096)
def _describe(char: str) -> Character:
    name = unicodedata.name(char, "") or _CONTROLS.get(char)
    if name is None:
        kind = _NAMELESS.get(unicodedata.category(char), "unassigned")
        name = f"<{kind}-{ord(char):04X}>"
    plain = replacements.typographic(char)
    nearest = replacements.lossy(char) if plain is None else None
    return Character(
        char=char,
        code_point=f"U+{ord(char):04X}",
        name=name,
        replacement=nearest if plain is None else plain,
        lossy=nearest is not None,
        trait=_trait(char),
    )


def _trait(char: str) -> Trait | None:
    if char in _TRAITS:
        return _TRAITS[char]
    if char in unseen.UNSEEN:
        return Trait.UNSEEN
    if unicodedata.combining(char):
        return Trait.MARK
    category = unicodedata.category(char)
    # What is unassigned up there is an emoji that this Python does not know yet.
    if char > "\uffff" and category != "Co":
        return Trait.ASTRAL
    return _BY_CATEGORY.get(category)
