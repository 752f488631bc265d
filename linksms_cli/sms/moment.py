"""Moments as people type them: `2h` ago, `yesterday`, `monday 09:00`, `2026-11-26 09:00`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from linksms_cli.errors import UsageError
from linksms_cli.sms import duration, timestamp
from linksms_cli.sms.text.decoding import visible

_AGO = re.compile(r"[0-9]+(\.[0-9]+)?[a-z]*")
_LOCAL = re.compile(
    r"(?P<day>[a-z]+|\d{4}-\d\d-\d\d)?(?:(?:(?<=.)(?:[ t]+))?(?P<clock>\d\d?:\d\d(:\d\d)?))?",
    re.ASCII,
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


def read(
    typed: str,
    option: str,
    *,
    now: datetime,
    to_utc: Callable[[datetime], datetime],
    is_end: bool,
) -> datetime:
    """Return the moment in UTC; of a day without a time its beginning, or its end with `is_end`.

    A duration is so long ago, and a time without a day its latest. `now` is local and knows its
    offset; `to_utc` converts another local time, which does not, but has a `fold` (PEP 495).

    Raises UsageError that names `option`; a beginning that is still to come is one too.
    """
    found = _read(typed, option, now, to_utc, is_end=is_end)
    if found > now and not is_end:
        message = f"{option} '{visible(typed)}' is still to come"
        raise UsageError(message, "Nothing has happened since then: name a time in the past.")
    return found


def _read(
    typed: str,
    option: str,
    now: datetime,
    to_utc: Callable[[datetime], datetime],
    *,
    is_end: bool,
) -> datetime:
    words = " ".join(typed.lower().split())
    try:
        if utc := timestamp.in_utc(typed.strip()):
            return datetime.fromisoformat(utc)
        if words == "now":
            return now.astimezone(UTC)
        if _AGO.fullmatch(words):
            ago = timedelta(seconds=duration.seconds(words, option))
            return now.astimezone(UTC) - ago
        if (found := _LOCAL.fullmatch(words)) and words:
            local = _local(found["day"], found["clock"], now.replace(tzinfo=None), is_end=is_end)
            # A clock that is put back shows an hour twice, and one that is put forward leaves an
            # hour out: of the two moments that such a time can mean, the one that finds more.
            meant = [to_utc(local.replace(fold=fold)).astimezone(UTC) for fold in (0, 1)]
            return max(meant) if is_end else min(meant)
    except (ValueError, OverflowError):  # the 30th of February, 25:00, Frejday; before the year 1
        pass
    message = f"{option} '{visible(typed)}' is not a time"
    hint = "Write it like 2h, yesterday, monday 09:00, 2026-11-26 or 2026-11-26T09:00:00Z."
    raise UsageError(message, hint)


def _local(day: str | None, clock: str | None, now: datetime, *, is_end: bool) -> datetime:
    if clock is None:
        return datetime.combine(_date(day or "", now), time()) + (_DAY if is_end else timedelta())
    hour = clock if clock[1] != ":" else f"0{clock}"
    moment = datetime.combine(_date(day or "today", now), time.fromisoformat(hour))
    if moment > now and day is None:
        return moment - _DAY
    if moment > now and _weekday(day or "") is not None:
        return moment - _WEEK
    return moment


def _date(day: str, now: datetime) -> date:
    weekday = _weekday(day)
    if day == "today":
        return now.date()
    if day == "yesterday":
        return now.date() - _DAY
    if weekday is not None:
        return now.date() - timedelta(days=(now.weekday() - weekday) % 7)
    return date.fromisoformat(day)


def _weekday(day: str) -> int | None:
    if len(day) < len("mon"):
        return None
    return next((n for n, name in enumerate(_WEEKDAYS) if name.startswith(day)), None)
