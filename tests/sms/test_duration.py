"""Durations as people type them."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms import duration


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *(("90s", 90.0), ("5m", 300.0), ("1h", 3600.0), ("2d", 172800.0), ("500ms", 0.5)),
        *(("30", 30.0), ("1.5", 1.5)),
    ],
)
def test_a_duration_is_read(typed: str, expected: float) -> None:
    assert duration.seconds(typed, "--wait") == expected


@pytest.mark.parametrize("typed", ["", "s", "-1", "5 minutes", "1e3", "nan", "inf", "1h30m"])
def test_anything_else_names_the_option(typed: str) -> None:
    with pytest.raises(UsageError, match=r"--wait .* is not a duration"):
        duration.seconds(typed, "--wait")


@pytest.mark.parametrize("typed", ["36501d", "999999999d", "1" * 400])
def test_one_that_no_calendar_holds_is_too_long(typed: str) -> None:
    with pytest.raises(UsageError, match=r"--wait .* is too long"):
        duration.seconds(typed, "--wait")


def test_an_answer_is_waited_for_a_day_at_most() -> None:
    longest = duration.LONGEST_ANSWER
    assert duration.seconds("1d", "--timeout", longest=longest) == 86400.0
    with pytest.raises(UsageError) as caught:
        duration.seconds("86401", "--timeout", longest=longest)
    assert caught.value.hint == "Give 1d at most."


@pytest.mark.parametrize(
    ("typed", "expected"), [("90d", 7776000.0), (" 1h ", 3600.0), ("0", 0.0), ("00", 0.0)]
)
def test_an_age_is_read(typed: str, expected: float) -> None:
    assert duration.age(typed, "--keep") == expected


@pytest.mark.parametrize("typed", ["90", " 90 ", "100"])
def test_an_age_without_a_unit_is_not_taken_for_seconds(typed: str) -> None:
    with pytest.raises(UsageError, match=r"--keep .* has no unit") as caught:
        duration.age(typed, "--keep")
    assert str(caught.value.hint).startswith(f"Write {typed.strip()}d for days")
    with pytest.raises(UsageError, match=r"--keep 'soon' is not a duration"):
        duration.age("soon", "--keep")
