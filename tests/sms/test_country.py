"""National numbers: read with a country, refused if they cannot be, and never guessed."""

import re
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms import country, number
from linksms_cli.sms.country import Country
from linksms_cli.sms.value import InvalidValueError


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("SE", "070-123 45 67", "+46701234567"),
        ("SE", " 070\u00a0123\u00a045\u00a067 ", "+46701234567"),
        ("SE", "(0)70-123 45 67", "+46701234567"),
        ("SE", "0046 70 174 06 05", "+46701740605"),
        ("SE", "004799955501", "+4799955501"),
        ("SE", "+99955501234", "+99955501234"),
        ("NO", "406 12 345", "+4740612345"),
        ("DE", "0170/1234567", "+491701234567"),
        ("DE", "033200/12345", "+493320012345"),
        ("SE", "08/123 456 78", "+46812345678"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("HU", "06 20 123 4567", "+36201234567"),
        ("RU", "8 912 345-67-89", "+79123456789"),
        ("US", "(201) 555-0123", "+12015550123"),
        ("US", "1-201-555-0123", "+12015550123"),
        ("US", "011 46 70 174 06 05", "+46701740605"),
        ("AR", "011 15-2345-6789", "+5491123456789"),
        # What is dialled for abroad is longer than 00 there, or may be.
        ("AU", "0011 46 70 174 06 05", "+46701740605"),
        ("AU", "0046 70 174 06 05", "+46701740605"),
        ("AU", "00999 555 01234", "+99955501234"),
        ("BR", "0021 46 70 174 06 05", "+46701740605"),
        ("BR", "00 1 415 555 2671", "+14155552671"),
        ("KE", "000 46 70 174 06 05", "+46701740605"),
        ("KR", "00700 46 70 174 06 05", "+46701740605"),
        ("KR", "0086 138 0013 8000", "+8613800138000"),
        ("SG", "001 46 70 174 06 05", "+46701740605"),
        ("TH", "001 1 415 555 2671", "+14155552671"),
    ],
)
def test_a_number_is_read_as_people_there_write_it(code: str, typed: str, meant: str) -> None:
    assert number.destination(typed, Country(code)) == meant


IN_FULL = "Write '+', the country code and the number, like +46701740605."


@pytest.mark.parametrize(
    ("code", "typed", "says", "hint"),
    [
        ("DE", "0332001/23456", "is not in international form", IN_FULL),
        ("DE", "030/1234", "is not in international form", IN_FULL),
        ("SE", "701234567", "has no 0 in front", "write 070-123 45 67, or +46701234567."),
        ("GB", "7400123456", "has no 0 in front", "or +447400123456."),
        ("HU", "201234567", "has no 06 in front", "or +36201234567."),
        ("SE", "46701740605", "has a country code without '+'", "Write +46701740605."),
        ("NO", "4740612345", "has a country code without '+'", "Write +4740612345."),
        ("SE", "112", "cannot be a number in SE: it is too short", "Correct it."),
        ("SE", "00", "is not in international form", "Write '+'"),
        ("SE", "0" * 20, "is not in international form", "Write '+'"),
        ("SE", "12345678901234567890", "it is too long", "Correct it."),
        ("SE", "0701234567890", "it begins like no number there", "Correct it."),
        ("US", "555-0123", "it has no area code", "Correct it."),
        ("IT", "612345678", "it begins like no number there", "Correct it."),
        ("SE", "4.67E+10", "scientific notation", "Format the column as text."),
        ("SE", "0701234567.0", "is written with decimals", "Write 0701234567"),
        ("SE", "070-123 45 67 8", "ends in a group of one digit", "Write 0701234567"),
        ("SE", "0046 (0)70 174 06 05", "is not in international form", "Write +46701740605."),
        ("AU", "0011 46 70 174 06 05.0", "is written with decimals", "Write 001146701740605"),
        ("AU", "0011 39 (0)6 1234 5678", "is not in international form", IN_FULL),
        ("AU", "0011 999 555 01234", "may be more than one number abroad, or none", IN_FULL),
        ("TH", "008 1 506 234 5678", "may be more than one number abroad, or none", IN_FULL),
        ("US", "011 999 555 01234", "it has a country code that does not exist", "Correct it."),
        ("US", "0111", "it is too short", "Correct it."),
        ("SE", "070-CALLME", "is not in international form", "Write '+'"),
        ("SE", "070-1234567 ext. 5", "is not in international form", "Write '+'"),
    ],
)
def test_what_cannot_be_a_number_there_is_refused_with_the_reason(
    code: str, typed: str, says: str, hint: str
) -> None:
    with pytest.raises(UsageError) as failure:
        number.destination(typed, Country(code))
    assert failure.value.message.startswith(f"the recipient '{typed}' ")
    assert says in failure.value.message
    assert hint in (failure.value.hint or "")


# Countries with a trunk zero, without one, with another prefix, and with a zero that belongs to the
# number.
@given(
    code=st.sampled_from(["SE", "DE", "GB", "FI", "NO", "DK", "US", "HU", "RU", "IT", "BR", "AR"]),
    digits=st.text("0123456789", min_size=3, max_size=15),
)
def test_whatever_is_read_is_that_number_and_a_lost_zero_never_is(code: str, digits: str) -> None:
    try:
        read = number.destination(digits, Country(code))
    except UsageError:
        return
    if digits.startswith("00"):
        is_longer = code in country.LONGER_THAN_00
        assert read == f"+{digits[2:]}" or (is_longer and digits.endswith(read[1:]))
        return
    parsed = phonenumbers.parse(read)
    assert phonenumbers.is_valid_number(parsed)
    at_home = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    written = "".join(sign for sign in at_home if sign.isdecimal())
    if code in {"SE", "DE", "GB", "FI", "HU"} and not digits.startswith("0"):
        raise AssertionError(f"{digits} was read as {read}")
    assert digits.endswith(written) or digits.startswith("011")


def test_the_countries_are_those_that_the_library_knows() -> None:
    assert set(phonenumbers.SUPPORTED_REGIONS) == country.CODES


def test_the_countries_where_00_may_be_the_beginning_of_more_are_those_of_the_library() -> None:
    def is_longer(code: str) -> bool:
        metadata = PhoneMetadata.metadata_for_region(code)
        assert metadata is not None
        ends = (
            re.match(metadata.international_prefix or "", f"00{rest:03}") for rest in range(1000)
        )
        return any(end is not None and end.end() > 2 for end in ends)

    assert {code for code in country.CODES if is_longer(code)} == country.LONGER_THAN_00


def test_without_the_library_only_what_needs_none_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "linksms_cli.sms.national", None)
    assert number.destination("0046701740605", Country("SE")) == "+46701740605"
    assert number.destination("+46701740605", Country("AU")) == "+46701740605"
    for code, typed in (("SE", "0701740605"), ("AU", "001146701740605")):
        with pytest.raises(ConfigurationError, match="which is not installed") as failure:
            number.destination(typed, Country(code))
        assert str(failure.value.hint).startswith(
            "Install linksms with it: pipx install 'linksms-cli[country]'."
        )


MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "SWE": "SE", "NOR": "NO", "DNK": "DK", "FIN": "FI"}


def test_a_country_is_two_letters() -> None:
    assert country.read(" se ") == "SE"
    with pytest.raises(InvalidValueError, match="must be a country, not 'UK'") as failure:
        country.read("UK")
    assert failure.value.hint == "Did you mean GB?"
    for typed, meant in MEANT.items():
        with pytest.raises(InvalidValueError) as failure:
            country.read(typed.lower())
        assert failure.value.hint == f"Did you mean {meant}?"
    with pytest.raises(InvalidValueError) as failure:
        country.read("Sweden")
    assert failure.value.hint == "Give its two letters of ISO 3166, like SE."
