"""Durations as people type them."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms import duration


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("90s", 90.0), ("5m", 300.0), ("1h", 3600.0), ("2d", 172800.0), ("30", 30.0), ("1.5", 1.5)],
)
def test_a_duration_is_read(typed: str, expected: float) -> None:
    assert duration.seconds(typed, "--wait") == expected


@pytest.mark.parametrize("typed", ["", "s", "-1", "5 minutes", "1e3", "nan", "inf", "1h30m"])
def test_anything_else_names_the_option(typed: str) -> None:
    with pytest.raises(UsageError, match=r"--wait .* is not a duration"):
        duration.seconds(typed, "--wait")
