"""Colours that mean something: good, bad, unsure, and how loud a word is."""

from enum import StrEnum


class Tone(StrEnum):
    """What a colour says; the value is its ANSI SGR code."""

    GOOD = "32"
    BAD = "31"
    UNSURE = "33"
    PENDING = "36"
    STRONG = "1"
    QUIET = "2"


def paint(text: str, tone: Tone) -> str:
    """Return `text` in that tone; the output takes colours away where none are wanted."""
    return f"\x1b[{tone}m{text}\x1b[0m"
