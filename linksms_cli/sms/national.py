"""A number as it is written within its country, judged by the tables of libphonenumber."""

import re

import phonenumbers
from phonenumbers import (
    CountryCodeSource,
    NumberParseException,
    PhoneMetadata,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

from linksms_cli.errors import UsageError
from linksms_cli.sms import msisdn

_TOO_SHORT, _TOO_LONG = "is too short", "is too long"
_REASONS = {
    ValidationResult.TOO_SHORT: _TOO_SHORT,
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "has no area code",
    ValidationResult.TOO_LONG: _TOO_LONG,
    ValidationResult.INVALID_LENGTH: "has the wrong number of digits",
}
_UNREADABLE = {
    NumberParseException.TOO_LONG: _TOO_LONG,
    NumberParseException.INVALID_COUNTRY_CODE: "has a country code that does not exist",
}


class National:
    """Reads the national numbers of one country, which is named by its two letters."""

    def __init__(self, code: str) -> None:
        self._code = code
        # What is dialled before an area code at home, like 0; none in many countries.
        self._trunk = phonenumbers.ndd_prefix_for_region(code, strip_non_digits=True) or ""
        # What is dialled for abroad: a pattern, since some countries let one choose who carries it.
        metadata = PhoneMetadata.metadata_for_region(code)
        self._abroad = (metadata and metadata.international_prefix) or "00"

    def number(self, digits: str, shown: str) -> str:
        """Return the E.164 form of a number, given its digits and how a message shows it.

        Raises UsageError if there is no such number, or if what was meant cannot be told.
        """
        what = f"the recipient '{shown}'"
        try:
            parsed = phonenumbers.parse(digits, self._code, keep_raw_input=True)
        except NumberParseException as failure:
            why = _UNREADABLE.get(failure.error_type, _TOO_SHORT)
            raise self._impossible(what, why) from None
        number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        at_home = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
        dialled = re.sub("[^0-9]", "", at_home)
        is_written_in_full = digits in {dialled, self._trunk + dialled}
        if digits == number.removeprefix("+") and not is_written_in_full:
            raise UsageError(f"{what} has a country code without '+'", f"Write {number}.")
        if not phonenumbers.is_valid_number(parsed):
            reason = phonenumbers.is_possible_number_with_reason(parsed)
            raise self._impossible(what, _REASONS.get(reason, "begins like no number there"))
        if _is_abroad(parsed) or is_written_in_full:
            return number
        lacks = dialled.removesuffix(digits)
        if lacks == dialled:
            message = f"{what} is not written like numbers in {self._code}"
            raise UsageError(message, f"If {number} is meant, write that.")
        message = f"{what} has no {lacks} in front, as numbers in {self._code} do"
        hint = f"If a spreadsheet dropped it, write {at_home}, or {number}."
        raise UsageError(message, hint)

    def abroad(self, digits: str, shown: str) -> str:
        """Return the E.164 form of a number that begins with 00, or with more that stands for '+'.

        Raises UsageError if it could be two numbers, or none that exists.
        """
        prefix = re.match(self._abroad, digits)
        readings = {f"+{digits[2:]}", f"+{digits[prefix.end() if prefix else 2 :]}"}
        if len(readings) == 1:
            return readings.pop()
        existing = [reading for reading in readings if _exists(reading)]
        if len(existing) == 1:
            return existing[0]
        message = f"the recipient '{shown}' may be more than one number abroad, or none"
        raise UsageError(message, msisdn.IN_FULL)

    def _impossible(self, what: str, reason: str) -> UsageError:
        message = f"{what} cannot be a number in {self._code}: it {reason}"
        return UsageError(message, "Correct it. Begin a number of another country with '+'.")


def _exists(number: str) -> bool:
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return False
    # The library forgives a trunk prefix behind the country code: that is another spelling.
    is_spelled_so = phonenumbers.format_number(parsed, PhoneNumberFormat.E164) == number
    return is_spelled_so and phonenumbers.is_valid_number(parsed)


def _is_abroad(parsed: PhoneNumber) -> bool:
    """Return whether it begins with what is dialled for abroad, like 011 in the United States."""
    return parsed.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD
