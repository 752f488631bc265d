"""Times as they are written everywhere: RFC 3339, UTC, `Z`; our own with milliseconds."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

# RFC 3339, section 5.6: any number of fraction digits, `T` and `Z` in either case, and a space
# in place of the `T` (its note). There must be an offset, so a bare local time is not valid. The
# offset may lack its colon, as in ISO 8601: many programs write it so. A pattern, compiled at its
# first use: most commands only write times.
_TIME = (
    r"(?a)(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,12})?"
    r"(?:[Zz]|([+-])(\d\d):?(\d\d))"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The longest that can match. What is longer is not remembered either.
_LONGEST = len("2015-11-19T09:37:35.123456789012+01:00")


def rfc3339(moment: datetime) -> str:
    """Write a moment; its time zone must be known. Text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(utc: str) -> int:
    """Return a time from `rfc3339` in milliseconds since 1970."""
    return (datetime.fromisoformat(utc) - _EPOCH) // timedelta(milliseconds=1)


def in_utc(written: str) -> str | None:
    """Return an RFC 3339 time in UTC with a `Z`, its fraction as it was; None if it is not valid.

    A leap second is not valid either: no clock of ours could compare it.
    """
    return _in_utc(written) if len(written) <= _LONGEST else None


def of_seconds(since_1970: float) -> str:
    """Write a moment that a clock tells in seconds since 1970, in a fifth of the time."""
    second = int(since_1970)
    return f"{_of_second(second)}.{int((since_1970 - second) * 1000):03}Z"


@lru_cache(maxsize=2)
def _of_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")


@lru_cache(maxsize=1024)  # reports that arrive together tell of the same seconds
def _in_utc(written: str) -> str | None:
    found = re.fullmatch(_TIME, written)
    if found is None:
        return None
    day, clock, fraction, sign, hours, minutes = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}")
        if sign is not None:
            if int(hours) > 23 or int(minutes) > 59:
                return None
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            moment += -offset if sign == "+" else offset
    except (ValueError, OverflowError):  # the 30th of February; before the year 1
        return None
    return f"{moment.isoformat()}{fraction or ''}Z"


@lru_cache(maxsize=1024)
def order(utc: str) -> str:
    """Return what a time from `in_utc` or `rfc3339` sorts by, whatever their fractions' lengths."""
    whole, _, fraction = utc.removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<12}"
