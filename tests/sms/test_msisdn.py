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
        ("=''+46701740605''", "is not in international form", "Write +46701740605."),
        ("+46'701'740605", "is not in international form", IN_FULL),
        ("+46X701X740605", "is not in international form", IN_FULL),
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
        ("+99955501.234", "+99955501234"),  # a group of three, as in many countries
        ("+46-70-174 06 05", "+46701740605"),
        ("(+46) 70 174 06 05", "+46701740605"),
        ("+46 (70) 174 06 05", "+46701740605"),
        ("+46701740605 ", "+46701740605"),
        ("+46701740605.", "+46701740605"),
        ("+46\u2009701\u202f740\u00a0605", "+46701740605"),
        ("+46\u2010701\u2011740\u2012605\u201300", "+4670174060500"),
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


@pytest.mark.parametrize(
    ("named", "sought"),
    [
        ("+999 555-01234", "+99955501234"),
        ("0099955501234", "+99955501234"),
        ("99955501234", "+99955501234"),
        ("0701740605", "0701740605"),  # of which country is not certain
        ("LINK", "LINK"),
        ("+99955501234" + " " * 28 + "9", "+99955501234"),  # more is not looked at
    ],
)
def test_a_number_that_a_report_names_is_looked_for_with_its_plus(named: str, sought: str) -> None:
    assert msisdn.searchable(named) == sought


def test_the_beginning_of_a_number_is_named_in_its_error() -> None:
    assert msisdn.read_beginning("+46 70", "the guard") == "+4670"
    for beginning in ("+4", "+123456789012345"):
        assert msisdn.read_beginning(beginning, "the guard") == beginning
    with pytest.raises(UsageError, match="is neither a number nor the beginning of one"):
        msisdn.read_beginning("+1234567890123456", "the guard")
    with pytest.raises(UsageError, match=r"^the guard '\+0' begins with 0"):
        msisdn.read_beginning("+0", "the guard")


@pytest.mark.parametrize(
    ("typed", "number", "meant"),
    [
        ("00999 555 01234", "+99955501234", "+99955501234"),
        ("0099955501234.0", "+999555012340", None),
        ("00999 (0)55501234", "+999055501234", None),
        ("00", "+", None),
    ],
)
def test_what_was_typed_is_the_number_in_full_or_not_certain(
    typed: str, number: str, meant: str | None
) -> None:
    assert msisdn.in_full(typed, number) == meant


def test_an_end_that_may_not_belong_to_a_number_is_refused() -> None:
    msisdn.check_end("070-174 06 05", "the recipient")
    with pytest.raises(UsageError, match=r"^the recipient '0701740605\.0' is written with"):
        msisdn.check_end("0701740605.0", "the recipient")
