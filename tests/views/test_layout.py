"""Times as the clock on the wall shows them, with their offset."""

import os
import time
from collections.abc import Iterator

import pytest

from linksms_cli.views import layout


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "written", "shown"),
    [
        ("UTC", "2026-07-01T09:37:36Z", "2026-07-01 09:37:36Z"),
        ("Europe/Stockholm", "2026-07-01T09:37:36.123Z", "2026-07-01 11:37:36+02:00"),
        ("Europe/Stockholm", "2026-11-26T23:30:00Z", "2026-11-27 00:30:00+01:00"),
        ("Asia/Kolkata", "2026-07-01T09:37:36+02:00", "2026-07-01 13:07:36+05:30"),
        ("America/St_Johns", "2026-11-26T09:00:00Z", "2026-11-26 05:30:00-03:30"),
        ("Asia/Tokyo", "0001-01-01T00:00:00Z", "0001-01-01 09:18:59+09:18:59"),
        ("America/New_York", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("UTC", "yesterday\x1b[1m", "yesterday\\x1b[1m"),
    ],
    indirect=["zone"],
)
@pytest.mark.usefixtures("zone")
def test_a_time_is_local_with_its_offset(written: str, shown: str) -> None:
    assert layout.date_and_time(written) == shown


@pytest.mark.parametrize("zone", ["Europe/Stockholm"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_a_time_of_day_is_local_too() -> None:
    assert layout.time_of_day("2026-11-26T23:30:01.500Z") == "00:30:01+01:00"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1.5 KB"),
        (12_345, "12 KB"),
        (1_106_432_000, "1.1 GB"),
        (12_000_000_000_000, "12,000 GB"),
    ],
)
def test_bytes_are_shown_in_round_figures(size: int, shown: str) -> None:
    assert layout.sized(size) == shown
