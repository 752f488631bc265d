"""What `status` looks for: a number, its beginning or its end."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import QUARTER, NumberPattern, OutcomeFilter, number_pattern


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("*1234", NumberPattern(digits="1234", is_ending=True)),
        (" *12 34", NumberPattern(digits="1234", is_ending=True)),
        ("*" + "1" * 15, NumberPattern(digits="1" * 15, is_ending=True)),
        ("+9995", NumberPattern(digits="9995")),
        ("+999 51-23", NumberPattern(digits="9995123")),
    ],
)
def test_a_number_is_found_by_its_beginning_or_its_end(typed: str, pattern: NumberPattern) -> None:
    found = number_pattern(typed, "--to")
    assert (found.digits.removeprefix("+"), found.is_ending) == (pattern.digits, pattern.is_ending)


@pytest.mark.parametrize("typed", ["*", "*123", "*" + "1" * 16, "*12a4", "**1234", "*+1234"])
def test_an_end_is_four_to_fifteen_digits(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        number_pattern(typed, "--to")
    assert caught.value.message == f"--to '{typed}' is not the end of a number"


def test_what_is_no_beginning_is_refused_by_the_name_of_its_option() -> None:
    with pytest.raises(UsageError, match=r"^--to 'abc' "):
        number_pattern("abc", "--to")


def test_an_hour_has_four_quarters() -> None:
    assert 4 * QUARTER == 60 * 60 * 1000


def test_what_is_overdue_is_pending() -> None:
    for chosen in OutcomeFilter:
        expected = Outcome.PENDING if chosen == "overdue" else Outcome(chosen.value)
        assert chosen.outcome is expected
