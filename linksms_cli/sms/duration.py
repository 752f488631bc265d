"""Durations as people type them: `90s`, `5m`, `1h`; a bare number is seconds."""

import re

from linksms_cli.errors import UsageError

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)?")
_SECONDS = {None: 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

# The longest that one answer is waited for, since sockets count milliseconds in 32 bits, and the
# longest that anything lasts, since calendars begin with the year 1.
LONGEST_ANSWER = 86400.0
_LONGEST = 36500 * 86400.0


def age(typed: str, option: str) -> float:
    """Return a duration that has its unit, in seconds: 90 days must not be read as 90 seconds.

    0 needs none: it is the same in all. Raises UsageError that names `option`.
    """
    number = typed.strip()
    if number.isdecimal() and number.strip("0"):
        message = f"{option} {typed!r} has no unit"
        raise UsageError(message, f"Write {number}d for days, {number}h for hours, {number}m or s.")
    return seconds(typed, option)


def seconds(typed: str, option: str, *, longest: float = _LONGEST) -> float:
    """Return a duration in seconds, `longest` at most. Raises UsageError that names `option`."""
    found = _DURATION.fullmatch(typed.strip())
    if found is None:
        message = f"{option} {typed!r} is not a duration"
        raise UsageError(message, "Write it like 90s, 5m or 1h; a bare number is seconds.")
    duration = float(found[1]) * _SECONDS[found[2]]
    if duration > longest:
        message = f"{option} {typed!r} is too long"
        raise UsageError(message, f"Give {longest / _SECONDS['d']:g}d at most.")
    return duration
