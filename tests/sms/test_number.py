"""Destinations and sources: what is cleaned, what is refused, and the spelling that is offered."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms import number
from linksms_cli.sms.country import Country
from linksms_cli.sms.number import Source, Ton


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("+99955501234", "+99955501234"),
        ("+999 555 01234", "+99955501234"),
        ("+999-555-01234", "+99955501234"),
        ("+999.555.01234", "+99955501234"),
        ("+999 (555) 01234", "+99955501234"),
        ("+999\u00a0555\u202f01234", "+99955501234"),
        ("+999\u2011555\u201301234", "+99955501234"),
        ("+99912", "+99912"),
        ("+999123456789012", "+999123456789012"),
    ],
)
def test_a_destination_is_cleaned(typed: str, cleaned: str) -> None:
    assert number.destination(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0099955501234", "Write +99955501234."),
        ("99955501234", "Write +99955501234."),
        ("999 555 01234", "Write +99955501234."),
        ("+999 (0)555 01234", "Write +99955501234."),
        ("00999 (0)555 01234", "Write +99955501234."),
        ("tel:+99955501234", "Write +99955501234."),
        (" TEL:+999-555-01234", "Write +99955501234."),
        ("tel:0555 01234", "Write '+', the country code and the number, like +46701740605."),
        ("+999/55501234", "Write +99955501234."),
        ("+999 555/01 23 45", "Write +999555012345."),
        ("+99955501234/35", "Write '+', the country code and the number, like +46701740605."),
        ("+99955501234/55501235", "Write '+', the country code and the number, like +46701740605."),
        ("＋９９９ ５５５ ０１２３４", "Write +99955501234."),
        ("\u200e+99955501234", "Write +99955501234."),
        ("\u202a+999 555 01234\u202c", "Write +99955501234."),
        (
            "0555 01234",
            (
                "Write '+', the country code and the number, like +46701740605. "
                "Or name its country, like --country SE."
            ),
        ),
        ("+9991", "Write '+', the country code and the number, like +46701740605."),
        ("+9991234567890123", "Write '+', the country code and the number, like +46701740605."),
        ("+99955501a34", "Write '+', the country code and the number, like +46701740605."),
        ("+٩٩٩٥٥٥٠١٢٣٤", "Write '+', the country code and the number, like +46701740605."),
        ("", "Write '+', the country code and the number, like +46701740605."),
    ],
)
def test_anything_else_is_refused_with_the_spelling_meant(typed: str, hint: str) -> None:
    with pytest.raises(UsageError, match="is not in international form") as caught:
        number.destination(typed)
    assert caught.value.hint == hint


def test_what_was_typed_is_shown_without_what_a_terminal_obeys() -> None:
    with pytest.raises(UsageError) as caught:
        number.destination("\u202a+999\x1b[31m")
    assert caught.value.message == (
        r"the recipient '\u202a+999\x1b[31m' is not in international form"
    )


@given(st.text(max_size=24))
def test_any_text_is_a_number_or_our_error(typed: str) -> None:
    try:
        cleaned = number.destination(typed)
    except UsageError:
        return
    assert cleaned[0] == "+"
    assert cleaned[1:].isascii()
    assert cleaned[1:].isdecimal()
    assert 5 <= len(cleaned) - 1 <= 15


@pytest.mark.parametrize(
    ("typed", "source"),
    [
        ("+46 732 594 084", Source(address="+46732594084", ton=Ton.MSISDN)),
        ("72401", Source(address="72401", ton=Ton.SHORT)),
        (" 72401\n", Source(address="72401", ton=Ton.SHORT)),
        ("\tLINK ", Source(address="LINK", ton=Ton.ALPHANUMERIC)),
        (" +46 732 594 084", Source(address="+46732594084", ton=Ton.MSISDN)),
        ("LINK", Source(address="LINK", ton=Ton.ALPHANUMERIC)),
        ("My Shop åäö", Source(address="My Shop åäö", ton=Ton.ALPHANUMERIC)),
        ("3 Store", Source(address="3 Store", ton=Ton.ALPHANUMERIC)),
    ],
)
def test_a_source_is_a_number_a_short_number_or_a_name(typed: str, source: Source) -> None:
    assert number.source(typed) == source


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("TwelveLetter", "the source 'TwelveLetter' takes 12 septets; a name holds 11"),
        ("TenLetters€", "the source 'TenLetters€' takes 12 septets; a name holds 11"),
        ("garçon", "the source 'garçon' has characters outside the GSM-7 alphabet"),
        ("+46abc", "the source '+46abc' is not in international form"),
        ("+46732594084.0", "the source '+46732594084.0' is written with decimals"),
        ("72401.0", "the source '72401.0' is written with decimals"),
        ("1" * 16, "the source 1111111111111111 has 16 digits; a number has up to 15"),
        ("A\nB", r"the source 'A\x0aB' contains a control character"),
        *(
            (f"A{chr(code)}B", rf"the source 'A\x{code:02x}B' contains a control character")
            for code in (0x00, 0x0C, 0x1F, 0x7F, 0x80, 0x8F, 0x9F)
        ),
        ("", "the source is empty"),
        ("   ", "the source is empty"),
    ],
)
def test_any_other_source_is_refused(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        number.source(typed)
    assert caught.value.message == message


def test_a_name_that_begins_with_a_digit_is_warned_of() -> None:
    assert number.source("3 Store").warning == (
        "the source '3 Store' begins with a digit: operators may refuse it"
    )
    assert number.source("72 401").warning == (
        "the source '72 401' is sent as a name, not as a number, because it is written with "
        "separators: for the number write 72401"
    )
    assert number.source("72401").warning is None
    assert number.source("1" * 15) == Source(address="1" * 15, ton=Ton.SHORT)
    assert number.source("LINK").warning is None


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("+46", "+46"),
        (" +46 (70) 12-34 ", "+46701234"),
        ("+46 70 123 45 67", "+46701234567"),
        ("+46 70*", "+4670"),
        ("+46 70 123 45*", "+467012345"),
        ("+46 70 123 456*", "+4670123456*"),
    ],
)
def test_an_allowed_destination_is_cleaned(typed: str, entry: str) -> None:
    assert number.allowed(typed) == entry


@pytest.mark.parametrize("typed", ["070", "+4670.0", "+46 7 0", "+0", "+46**", "*", "+467x"])
def test_any_other_allowed_destination_is_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        number.allowed(typed)


@pytest.mark.parametrize(
    ("entry", "recipient", "allows"),
    [
        ("+9995", "+99955501234", True),
        ("+99955501", "+99955501234", True),
        ("+99955501234", "+99955501234", True),
        ("+99955501234", "+999555012345", False),
        ("+9995550123*", "+99955501234", True),
        ("+9995550123*", "+9995550123", True),
        ("+9995550123", "+99955501234", False),
        ("+47", "+99955501234", False),
    ],
)
def test_a_whole_number_allows_itself_and_a_beginning_many(
    entry: str, recipient: str, allows: bool
) -> None:
    assert number.allowed(entry) == entry
    assert number.allows(entry, recipient) is allows


def test_a_shortened_number_can_be_recognised_and_not_called() -> None:
    assert number.shortened("+99955501234") == "+9995…34"
    assert number.shortened("+99912") == number.shortened("+999123") == "…"
    assert number.shortened("+9991234") == "+9991…34"


def test_all_that_are_wrong_are_named_at_once() -> None:
    assert number.destinations(["+999 555 01234", "+99912"]) == ("+99955501234", "+99912")
    assert number.destinations(["0099955501234"], Country("SE")) == ("+99955501234",)
    with pytest.raises(UsageError) as caught:
        number.destinations(["070", "+99955501234", "0099955501234"])
    assert caught.value.message == (
        "2 of 3 recipients are wrong: '070' is not in international form (Write '+', the country "
        "code and the number, like +46701740605); '0099955501234' is not in international form "
        "(Write +99955501234)"
    )
    with pytest.raises(UsageError, match=r"^12 of 12 recipients are wrong: .*; and 2 more$"):
        number.destinations(["070"] * 12)
    with pytest.raises(UsageError, match=r"^the recipient '070' is not"):
        number.destinations(["+99912", "070"])


@pytest.mark.parametrize(
    "text",
    [
        "+99955501234",
        "+99955501234\n+999 555 01235\n",
        "+99955501234\r\n\r\n",
        "+99912;+99913, +99914",
    ],
)
def test_a_text_of_nothing_but_numbers_is_told_from_others(text: str) -> None:
    assert number.are_numbers(text)
    assert not number.are_numbers(f"Call {text}")
    assert not number.are_numbers(f"{text}\nplease")


@pytest.mark.parametrize("text", ["", " ", ";", "+", "483920", "0123456", "5 + 5"])
def test_a_code_is_not_a_telephone_number(text: str) -> None:
    assert not number.are_numbers(text)


@pytest.mark.parametrize("name", ["ABCDEFGHIJ€", "€€€€€€", "[Server 1] x", "TwelveLetter"])
def test_a_name_that_is_too_long_is_shortened_to_one_that_is_not(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        number.source(name)
    shorter = re.search("'(.*)'", caught.value.hint or "")
    assert shorter
    assert name.startswith(number.source(shorter[1]).address)
