"""Numbers that separators and spreadsheets make another number: refused, with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms import msisdn

IN_FULL = "Write '+', the country code and the number, like +46701740605."


@pytest.mark.parametrize(
    ("typed", "problem", "hint"),
    [
        ("+99955501234.0", "is written with decimals", "Write +99955501234."),
        ("+99955501234.00", "is written with decimals", "Write +99955501234."),
        (
            "+999555012.34",
            "is written with decimals",
            "Write +999555012, or +99955501234 if all of it is the number.",
        ),
        ("+99955501234.000", "is written with decimals", "Write +99955501234."),
        (" +999 555 01234.00 ", "is written with decimals", "Write +99955501234."),
        (
            "+99955501234-0",
            "ends in a group of one digit",
            "Write +99955501234, or +999555012340 if all of it is the number.",
        ),
        (
            "+999 555 0123 4",
            "ends in a group of one digit",
            "Write +9995550123, or +99955501234 if all of it is the number.",
        ),
        (
            "+99955501234 (2)",
            "ends in (2)",
            "Write +99955501234, or +999555012342 if all of it is the number.",
        ),
        (
            "+99955501234[22]",
            "ends in [22]",
            "Write +99955501234, or +9995550123422 if all of it is the number.",
        ),
        ("46701740605.0", "is not in international form", "Write +46701740605."),
        ("0046701740605.0", "is not in international form", "Write +46701740605."),
        ("+0046701740605", "is not in international form", "Write +46701740605."),
        ("+0701740605", "begins with 0, as no country code does", IN_FULL),
        ("+46 ( 0 )701740605", "is not in international form", "Write +46701740605."),
        ('="+46701740605"', "is not in international form", "Write +46701740605."),
        ("'+46701740605", "is not in international form", "Write +46701740605."),
        (
            "+46701740605\r",
            "ends in a carriage return, which ends lines on Windows",
            "Write +46701740605.",
        ),
        (
            "4.67017E+10",
            "is in scientific notation, as spreadsheets write it, and may have lost digits",
            f"Format the column as text. {IN_FULL}",
        ),
    ],
)
def test_what_would_be_another_number_is_refused_with_the_reason(
    typed: str, problem: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        msisdn.read(typed, "the recipient")
    shown = typed.replace("\r", "\\x0d")
    assert caught.value.message == f"the recipient '{shown}' {problem}"
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+46.701740605", "+46701740605"),  # RFC 5733
        ("+33.6.12.34.56.00", "+33612345600"),
        ("+999 555-012.34", "+99955501234"),
        ("+46-70-174 06 05", "+46701740605"),
        ("(+46) 70 174 06 05", "+46701740605"),
        ("+46 (70) 174 06 05", "+46701740605"),
        ("+46701740605 ", "+46701740605"),
        ("+46701740605.", "+46701740605"),
    ],
)
def test_separators_between_groups_are_dropped(typed: str, number: str) -> None:
    assert msisdn.read(typed, "the recipient") == number


@given(
    number=st.from_regex(r"\A\+[1-9][0-9]{4,12}\Z"),
    more=st.sampled_from([".0", ".00", ".000", "-0", " 1", " (2)", "(22)", " [3]", ". 0", "- 7"]),
)
def test_nothing_that_is_added_to_a_number_makes_another(number: str, more: str) -> None:
    assert msisdn.read(number, "the recipient") == number
    with pytest.raises(UsageError):
        msisdn.read(f"{number}{more}", "the recipient")
