"""What a server asks for with Retry-After: when to come again."""

import re
import time
from datetime import UTC, datetime

# Who asks for more is taken to ask for six hours: nobody here waits as long.
LONGEST = 21_600.0
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The three forms of a date in HTTP (RFC 9110, 5.6.7): today's, RFC 850's, and C's asctime. They are
# patterns, compiled at their first use: few answers have a date.
_DAY, _TIME = "[a-z]{3,9}", r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_DATES = (
    rf"(?a){_DAY}, (?P<day>\d\d) (?P<month>[a-z]{{3}}) (?P<year>\d{{4}}) {_TIME} gmt",
    rf"(?a){_DAY}, (?P<day>\d\d)-(?P<month>[a-z]{{3}})-(?P<year>\d\d) {_TIME} gmt",
    rf"(?a){_DAY} (?P<month>[a-z]{{3}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})",
)


def seconds(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3), LONGEST at most.

    It holds seconds or a date. None if there is none, or if it cannot be read.
    """
    if not value:
        return None
    text = value.strip(" \t\r\n").lower()
    try:
        wish = int(text) if re.fullmatch("[0-9]+", text) else _moment(text) - time.time()
    except (ValueError, OverflowError):  # neither, or beyond what Python counts
        return None
    return float(max(0, min(LONGEST, wish)))


def _moment(text: str) -> float:
    """Return the POSIX time that a date in HTTP names. Raises ValueError if it is none.

    Without a library for dates: this is asked once a request has left, and nothing is loaded then.
    """
    found = next(filter(None, (re.fullmatch(form, text) for form in _DATES)), None)
    if found is None:
        raise ValueError(text)
    year = int(found["year"])
    if year < 100:  # RFC 850's, of which one more than 50 years ahead means the past
        this_year = datetime.now(UTC).year
        year += this_year // 100 * 100
        year -= 100 if year > this_year + 50 else 0
    return datetime(
        year,
        _MONTHS.index(found["month"]) + 1,
        int(found["day"]),
        int(found["hour"]),
        int(found["minute"]),
        min(59, int(found["second"])),  # a leap second
        tzinfo=UTC,
    ).timestamp()
