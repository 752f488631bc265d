"""The look of all that is shown: colours, columns, times and counts."""

import re
import textwrap
from enum import StrEnum
from typing import TYPE_CHECKING

from linksms_cli.sms.text.decoding import visible

if TYPE_CHECKING:
    from datetime import datetime

# What stands before a text that has a name: two blanks, and the name in nine columns.
LABEL = 11
_TIME = len("2026-07-01 09:37:36+01:00")
# A time of our own in a sentence, as `rfc3339` writes it.
_OWN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_UNITS = ("KB", "MB", "GB")


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


def labelled(name: str, lines: list[str]) -> list[str]:
    """Return lines of at most `width - LABEL` columns beside their name."""
    first, *more = lines or [""]
    return [f"  {paint(f'{name:9}', Tone.QUIET)}{first}", *(" " * LABEL + line for line in more)]


def indented(text: str, margin: int, tone: Tone | None, width: int) -> list[str]:
    """Return a text from outside in lines behind a margin of so many columns."""
    lines = textwrap.wrap(visible(text), width - margin)
    return [" " * margin + (paint(line, tone) if tone else line) for line in lines]


def shortened(text: str, room: int) -> str:
    """Return text from outside as a person may see it, cut if it is longer than the room."""
    # No text needs more of itself to be cut than the room and one character to see that it is.
    seen = visible(text[: room + 1])
    return seen if len(seen) <= room else seen[: room - 1] + "…"


def date_and_time(written: str) -> str:
    """Return an RFC 3339 time to the second, here and with its offset; as it is if it is none."""
    moment = local(written)
    return moment.isoformat(" ")[:19] + offset(moment) if moment else shortened(written, _TIME)


def utc_time(written: str) -> str:
    """Return an RFC 3339 time to the second in UTC, for LINK Support; as it is if it is none."""
    from linksms_cli.sms.timestamp import in_utc

    utc = in_utc(written)
    return f"{utc[:10]} {utc[11:19]}Z" if utc else written[:40]


def with_local_times(sentence: str) -> str:
    """Return a sentence that holds times of our own, for a person: each here and with its offset.

    What a program reads has the same sentence in UTC.
    """
    return _OWN_TIME.sub(lambda found: date_and_time(found[0]), sentence)


def time_of_day(utc: str) -> str:
    """Return the time of day of an RFC 3339 time, to the second, here and with its offset."""
    moment = local(utc)
    return f"{moment:%H:%M:%S}{offset(moment)}" if moment else shortened(utc, len("09:37:36Z"))


def local(written: str) -> "datetime | None":
    """Return an RFC 3339 time as the clock on the wall shows it here (TZ); None if it is none."""
    from datetime import datetime

    from linksms_cli.sms.timestamp import in_utc

    utc = in_utc(written)
    if utc is None:
        return None
    try:
        return datetime.fromisoformat(f"{utc[:19]}+00:00").astimezone()
    except (ValueError, OverflowError):  # the edges of the calendar
        return None


def offset(moment: "datetime") -> str:
    """Return the offset of a time that knows it: `+01:00`, or `Z`."""
    written = moment.isoformat()[19:]
    return "Z" if written == "+00:00" else written


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Return a number of things in words: `1 message`, `2 messages`, `1,000 messages`.

    `nouns` is the plural, if it is not the noun and an s.
    """
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def lasting(seconds: float) -> str:
    """Return a duration as people set one: `48 h`, `90 min`, `2.5 s`."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:.10g} s"


def sized(size: int) -> str:
    """Return a number of bytes in words: `512 bytes`, `1.5 MB`, `12 GB`."""
    thousands = min((len(str(size)) - 1) // 3, len(_UNITS))
    if not thousands:
        return counted(size, "byte")
    figure = size / 1000**thousands
    return f"{figure:,.{1 if figure < 10 else 0}f} {_UNITS[thousands - 1]}"
