"""What can stand for a character that GSM-7 lacks.

Two classes. A typographic replacement is the same sign in its plain form, and nobody misses
anything. A lossy one changes what is written (á becomes a), and is only ever shown. What GSM-7
has is never touched: å, ö and § stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from linksms_cli.sms.text import alphabet, unseen

_TYPOGRAPHIC = {
    **dict.fromkeys(unseen.SPACES, " "),
    **dict.fromkeys(unseen.NOTHING, ""),
    **dict.fromkeys(unseen.NEWLINES, "\n"),
    **dict.fromkeys("‘’‚‛‹›′ʻʼ", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
# What does not come apart into a letter and its marks: each character and what stands for it.
_LOSSY = {
    **dict.fromkeys("`´ˈ", "'"),
    **dict.fromkeys("•‣∙", "*"),
    **dict.fromkeys("÷⁄∕", "/"),
    **dict(zip("·×µıłŁđĐðÐħĦŧŦŋŊ", ".xuilLdDdDhHtTnN", strict=True)),
    "±": "+/-",
    "©": "(c)",
    "®": "(R)",
    "þ": "th",
    "Þ": "TH",
    "œ": "oe",
    "Œ": "OE",
    "ẞ": "SS",
    # Greek capitals that look Latin, and small letters by their capitals, but for the one that is
    # a unit: 5 μg must not become 5 Mg.
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "ABΓΔEZHΘIKΛuNΞOΠPΣΣTYΦXΨΩ", strict=True)),
}
# The stroke that turns = into ≠: without it the sign says the opposite.
_NEGATION = "\u0338"
_LETTER_WITH_MARKS = re.compile("(.)([\u0300-\u036f]*)", re.DOTALL)


def plain(text: str, characters: Iterable[str]) -> str:
    """Put plain signs for those of `characters` that have one, if that brings `text` into GSM-7.

    If it does not, only what cannot be seen is dropped, and letters are joined with their marks:
    the text becomes shorter, and what can be seen of it stays as it was typed.
    """
    shorter = replaced = unicodedata.normalize("NFC", text)
    for character in characters:
        stand_in = "" if character in unseen.SHAPING else typographic(character)
        if stand_in is not None:
            # Some, like U+2000, become another character by NFC.
            replaced = replaced.replace(unicodedata.normalize("NFC", character), stand_in)
        if character in unseen.NOTHING:
            shorter = shorter.replace(character, "")
    # What went may have stood between a letter and its mark.
    replaced, shorter = (unicodedata.normalize("NFC", each) for each in (replaced, shorter))
    return replaced if alphabet.is_gsm(replaced) else shorter


def rewritten(text: str) -> str:
    """Put what can stand for every character that GSM-7 lacks, lossy replacements included."""
    composed = unicodedata.normalize("NFC", text)
    return re.sub(alphabet.NOT_GSM, lambda found: "".join(map(_stand_in, found[0])), composed)


def _stand_in(character: str) -> str:
    if character in unseen.SHAPING:
        return ""
    for stand_in in (typographic(character), lossy(character)):
        if stand_in is not None:
            return stand_in
    return character


@lru_cache(maxsize=4096)
def typographic(character: str) -> str | None:
    """Return the plain form of a sign, or None where it has none.

    Look-alikes that Unicode itself holds to be the same (Å U+212B, Ω U+2126) have one.
    """
    composed = unicodedata.normalize("NFC", character)
    return composed if alphabet.is_gsm(composed) else _TYPOGRAPHIC.get(character)


@lru_cache(maxsize=4096)
def lossy(character: str) -> str | None:
    """Return the nearest that GSM-7 has, or None where nothing is near.

    As many marks are kept as GSM-7 knows with the letter: ǻ becomes å, but á becomes a. Nothing
    stands for a fraction or a raised digit, which would run into the number beside it (1½, 10²).
    """
    if character in _LOSSY:
        return _LOSSY[character]
    decomposed = unicodedata.normalize("NFKD", character)
    if (
        decomposed == character
        or _NEGATION in decomposed
        or unicodedata.category(character) == "No"
    ):
        return None
    letters = [_nearest(*found) for found in _LETTER_WITH_MARKS.findall(decomposed)]
    # What leaves nothing to be seen is no replacement: ¨ would become a space.
    return "".join(letters) if all(letter.strip() for letter in letters) else None


def _nearest(letter: str, marks: str) -> str:
    for kept in range(len(marks), -1, -1):
        composed = unicodedata.normalize("NFC", letter + marks[:kept])
        if alphabet.is_gsm(composed):
            return composed
    return _LOSSY.get(letter) or _TYPOGRAPHIC.get(letter, "")
