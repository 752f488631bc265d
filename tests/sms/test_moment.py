"""Moments as people type them, read on a Thursday evening in Stockholm."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms import moment

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 26, 18, 30, tzinfo=ZONE)


def read(typed: str, *, is_end: bool = False, now: datetime = NOW) -> str:
    found = moment.read(
        typed,
        "--since",
        now=now,
        to_utc=lambda local: local.replace(tzinfo=now.tzinfo).astimezone(UTC),
        is_end=is_end,
    )
    assert found.tzinfo is UTC
    return found.astimezone(now.tzinfo).isoformat(sep=" ", timespec="seconds")


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("now", "2026-11-26 18:30:00+01:00"),
        ("2h", "2026-11-26 16:30:00+01:00"),
        ("90", "2026-11-26 18:28:30+01:00"),
        ("1.5d", "2026-11-25 06:30:00+01:00"),
        ("today", "2026-11-26 00:00:00+01:00"),
        ("Yesterday", "2026-11-25 00:00:00+01:00"),
        ("yesterday 9:00", "2026-11-25 09:00:00+01:00"),
        ("09:00", "2026-11-26 09:00:00+01:00"),
        ("18:30", "2026-11-26 18:30:00+01:00"),
        ("thu 18:30", "2026-11-26 18:30:00+01:00"),
        ("21:00", "2026-11-25 21:00:00+01:00"),  # it is not yet nine in the evening
        ("monday", "2026-11-23 00:00:00+01:00"),
        ("thursday", "2026-11-26 00:00:00+01:00"),
        ("thu 12:15:30", "2026-11-26 12:15:30+01:00"),
        ("thu 21:00", "2026-11-19 21:00:00+01:00"),
        ("friday", "2026-11-20 00:00:00+01:00"),
        ("2026-11-26", "2026-11-26 00:00:00+01:00"),
        ("2026-11-26 09:00", "2026-11-26 09:00:00+01:00"),
        ("2026-11-26T09:00", "2026-11-26 09:00:00+01:00"),
        ("2026-07-01 09:00", "2026-07-01 09:00:00+02:00"),  # in summer time
        ("2026-11-26T09:00:00Z", "2026-11-26 10:00:00+01:00"),
        ("2026-11-26 09:00:00.5+03:00", "2026-11-26 07:00:00+01:00"),
    ],
)
def test_a_moment(typed: str, local: str) -> None:
    assert read(typed) == local
    assert read(f" {typed} ") == local


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("yesterday", "2026-11-26 00:00:00+01:00"),
        ("2026-11-24", "2026-11-25 00:00:00+01:00"),
        ("yesterday 09:00", "2026-11-25 09:00:00+01:00"),
        ("2h", "2026-11-26 16:30:00+01:00"),
        ("today 21:00", "2026-11-26 21:00:00+01:00"),
        ("2027-01-01", "2027-01-02 00:00:00+01:00"),
    ],
)
def test_a_day_as_an_end_is_over_then(typed: str, local: str) -> None:
    assert read(typed, is_end=True) == local


@pytest.mark.parametrize("typed", ["today 21:00", "2026-11-27", "2026-11-26T17:30:01Z"])
def test_a_beginning_that_is_still_to_come_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match=f"--since '{typed}' is still to come"):
        read(typed)


@pytest.mark.parametrize(
    ("zone", "typed", "since", "until"),
    [
        # The clock was put back at 03:00: this time came twice.
        ("Europe/Stockholm", "2026-10-25 02:30", "02:30:00+02:00", "02:30:00+01:00"),
        # It was put forward at 02:00: this time never came.
        ("Europe/Stockholm", "2026-03-29 02:30", "01:30:00+01:00", "03:30:00+02:00"),
        ("Europe/Stockholm", "2026-03-29 01:59", "01:59:00+01:00", "01:59:00+01:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "01:45:00+11:00", "01:45:00+10:30"),
    ],
)
def test_a_time_that_came_twice_or_never_is_read_so_that_it_finds_more(
    zone: str, typed: str, since: str, until: str
) -> None:
    now = datetime(2026, 11, 26, 18, 30, tzinfo=ZoneInfo(zone))
    assert [read(typed, now=now)[11:], read(typed, now=now, is_end=True)[11:]] == [since, until]


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        # A day of 25 hours, from midnight to midnight; 24 hours are less.
        ("today", "2026-10-25 00:00:00+02:00", "2026-10-26 00:00:00+01:00"),
        ("sunday", "2026-10-25 00:00:00+02:00", "2026-10-26 00:00:00+01:00"),
        ("24h", "2026-10-24 19:30:00+02:00", "2026-10-24 19:30:00+02:00"),
        ("yesterday 18:30", "2026-10-24 18:30:00+02:00", "2026-10-24 18:30:00+02:00"),
    ],
)
def test_days_are_those_of_the_calendar_and_hours_those_of_the_clock(
    typed: str, since: str, until: str
) -> None:
    now = datetime(2026, 10, 25, 18, 30, tzinfo=ZONE)
    assert [read(typed, now=now), read(typed, now=now, is_end=True)] == [since, until]


def test_a_midnight_that_never_came_begins_the_day_an_hour_early_at_most() -> None:
    cairo = datetime(2026, 11, 26, 18, 30, tzinfo=ZoneInfo("Africa/Cairo"))
    assert read("2026-04-24", now=cairo) == "2026-04-23 23:00:00+02:00"


@pytest.mark.parametrize(
    ("day", "typed", "date"),
    [
        (26, "thursday", 26),  # a Thursday: today
        (26, "wednesday", 25),
        (26, "tuesday", 24),
        (26, "monday", 23),
        (26, "sunday", 22),
        (26, "saturday", 21),
        (26, "friday", 20),
        (23, "monday", 23),
        (23, "sun", 22),
        (22, "mon", 16),
    ],
)
def test_a_weekday_is_the_latest_of_its_name_today_included(
    day: int, typed: str, date: int
) -> None:
    now = datetime(2026, 11, day, 0, 0, 1, tzinfo=ZONE)
    assert read(typed, now=now) == f"2026-11-{date} 00:00:00+01:00"


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "mo",
            "tomorrow",
            "someday",
            "25:00",
            "2026-02-30",
            "2026-13-01 09:00",
            "9h ago",
            "\x1b[1m",
        ),
        *("yesterday9:00x", "0000-01-01", "2026-11-26 09", "1e9d", "9999999999999d", "t09:00"),
    ],
)
def test_what_is_not_a_time(typed: str) -> None:
    with pytest.raises(UsageError) as failure:
        read(typed)
    assert failure.value.message.startswith("--since '")
    assert "\x1b" not in failure.value.message


@given(st.text())
def test_whatever_is_typed_is_a_time_or_said_not_to_be(typed: str) -> None:
    try:
        read(typed)
    except UsageError:
        return


@given(st.timedeltas(timedelta(), timedelta(days=3000)))
def test_a_time_that_was_written_is_read_again(ago: timedelta) -> None:
    written = (NOW - ago).isoformat(sep=" ", timespec="seconds")
    assert read(written) == datetime.fromisoformat(written).isoformat(sep=" ")
