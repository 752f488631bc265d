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


def read(typed: str, *, is_end: bool = False) -> str:
    found = moment.read(
        typed,
        "--since",
        now=NOW,
        to_utc=lambda local: local.replace(tzinfo=ZONE).astimezone(UTC),
        is_end=is_end,
    )
    assert found.tzinfo is UTC
    return found.astimezone(ZONE).isoformat(sep=" ", timespec="seconds")


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
        ("21:00", "2026-11-25 21:00:00+01:00"),  # it is not yet nine in the evening
        ("today 21:00", "2026-11-26 21:00:00+01:00"),
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
    ],
)
def test_a_day_as_an_end_is_over_then(typed: str, local: str) -> None:
    assert read(typed, is_end=True) == local


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "mo", "someday", "25:00", "2026-02-30", "2026-13-01 09:00", "9h ago", "\x1b[1m"),
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
