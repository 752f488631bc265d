"""Times as the clock on the wall shows them, with their offset."""

import pytest

from linksms_cli.views import layout


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


def test_a_time_of_day_that_is_none_is_as_it_came_but_no_longer() -> None:
    assert layout.time_of_day("soon\x1b[1m") == "soon\\x1b…"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-07-01T09:37:36.999+02:00", "2026-07-01 07:37:36Z"),
        ("x" * 50, "x" * 40),
    ],
)
def test_link_support_gets_times_in_utc(written: str, shown: str) -> None:
    assert layout.utc_time(written) == shown


@pytest.mark.parametrize("zone", ["Asia/Kolkata"], indirect=True)
@pytest.mark.usefixtures("zone")
def test_times_of_our_own_in_a_sentence_are_local_and_those_of_others_are_not_touched() -> None:
    assert layout.with_local_times(
        "between 2026-07-01T09:37:36.000Z and 2026-07-01T10:37:36.000Z, not 2026-07-01T09:37:36Z"
    ) == (
        "between 2026-07-01 15:07:36+05:30 and 2026-07-01 16:07:36+05:30, not 2026-07-01T09:37:36Z"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("four", "four"),
        ("fives", "fives"),
        ("sixsix", "sixs…"),
        # What is not obeyed takes more room than what it came as.
        ("a\nb", "a\\x0…"),
        ("abcd\n", "abcd…"),
        ("abc\x07", "abc\\…"),
    ],
)
def test_a_text_that_is_cut_says_so_within_its_room(text: str, shown: str) -> None:
    assert layout.shortened(text, 5) == shown


def test_a_text_has_its_name_beside_the_first_line() -> None:
    assert layout.labelled("Next", ["one", "two"]) == [
        "  \x1b[2mNext     \x1b[0mone",
        "           two",
    ]
    assert layout.labelled("Next", []) == ["  \x1b[2mNext     \x1b[0m"]


def test_a_text_from_outside_stands_behind_its_margin() -> None:
    text = "one two\n three"
    assert layout.indented(text, 2, None, 12) == ["  one", "  two\\x0a", "  three"]
    assert layout.indented("one", 2, layout.Tone.BAD, 12) == ["  \x1b[31mone\x1b[0m"]


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


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (2.5, "2.5 s"),
        (59, "59 s"),
        (60, "1 min"),
        (90, "90 s"),
        (5400, "90 min"),
        (3600, "1 h"),
        (172_800, "48 h"),
        (1_234_567, "1234567 s"),
    ],
)
def test_a_duration_is_shown_as_people_set_one(seconds: float, shown: str) -> None:
    assert layout.lasting(seconds) == shown
