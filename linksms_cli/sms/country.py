"""A country, and its numbers as people there write them: nationally, or with 00.

What a number may look like in which country is known to `phonenumbers`, a port of Google's
libphonenumber. It is loaded when the first number without `+` comes, and never before.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

from linksms_cli.errors import ConfigurationError, UsageError
from linksms_cli.sms import msisdn
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

if TYPE_CHECKING:
    from linksms_cli.sms.national import National

# The two letters of ISO 3166 for all that have numbers of their own, and XK for Kosovo.
CODES = frozenset(
    """
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG
    EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT
    HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR
    LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF
    NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
    SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW
    TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a list of literals would take a line for each
)
# What people write for a country, beside its letters.
_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "SWE": "SE", "NOR": "NO", "DNK": "DK", "FIN": "FI"}
# Where 00 may be but the beginning of what is dialled for abroad, like 0011 in Australia.
LONGER_THAN_00 = frozenset(
    "AU BO BR CC CO CX GY HK ID KE KH KR MN NG SG TH TW TZ UG".split()  # noqa: SIM905 - as above
)
# Patterns that are compiled with the first use: most commands have none.
_NATIONAL = "[0-9]{3,20}"
# An area code and, behind a slash, the number itself, as people in Germany write it.
_SLASH = "^(0[0-9]{1,5})/([0-9]{5,})$"
_INSTALL = (
    "Install linksms with it: pipx install 'linksms-cli[country]'. Numbers that begin with '+' "
    "need neither."
)


def read(typed: str) -> str:
    """Return the letters of a country. Raises InvalidValueError for what is none."""
    code = typed.strip().upper()
    if code not in CODES:
        meant = _MEANT.get(code)
        hint = f"Did you mean {meant}?" if meant else "Give its two letters of ISO 3166, like SE."
        raise InvalidValueError(f"must be a country, not '{visible(typed)}'", hint)
    return code


class Country:
    """Reads numbers of one country; `code` is what `read` returned."""

    def __init__(self, code: str) -> None:
        self.code = code

    def number(self, typed: str) -> str | None:
        """Return the E.164 form of a number that is written nationally or with 00.

        None for anything else, which is read by the rules that hold without a country.

        Raises UsageError if the country has no such number, if what was meant cannot be told, or if
        it lacks the zero that a spreadsheet drops: it is never put back. Raises ConfigurationError
        if the library is not installed.
        """
        digits = re.sub(_SLASH, r"\1\2", msisdn.cleaned(typed.strip()))
        if not re.fullmatch(_NATIONAL, digits):
            return None
        shown = visible(typed.strip())
        if digits.startswith("00"):
            return self._abroad(typed, digits, shown)
        msisdn.check_end(typed, "the recipient")
        return self._national.number(digits, shown)

    def _abroad(self, typed: str, digits: str, shown: str) -> str | None:
        if self.code not in LONGER_THAN_00:
            return msisdn.in_full(typed, f"+{digits[2:]}")
        msisdn.check_end(typed, "the recipient")
        if number := msisdn.in_full(typed, self._national.abroad(digits, shown)):
            return number
        # The rules that hold without a country would take two zeros for the '+'.
        raise UsageError(f"the recipient '{shown}' is not in international form", msisdn.IN_FULL)

    @cached_property
    def _national(self) -> "National":
        try:
            from linksms_cli.sms.national import National
        except ImportError:
            message = "a number without '+' needs the package phonenumbers, which is not installed"
            raise ConfigurationError(message, _INSTALL) from None
        return National(self.code)
