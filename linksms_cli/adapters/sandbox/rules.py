"""What the gateway refuses, and with which code: credentials first, then each parameter.

The codes are the guide's ("Result Codes"); 100 to 103 are known from older clients. Where the
guide does not say which code a mistake gets, the one that names the parameter is taken.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from linksms_cli.adapters.sandbox.request import Query
from linksms_cli.errors import UsageError
from linksms_cli.sms.mt import udh
from linksms_cli.sms.sandbox.settings import Credentials
from linksms_cli.sms.text import alphabet, segments

_MSISDN = re.compile(r"\+[0-9]{5,15}")
_NUMBER = "a number has '+' and 5 to 15 digits, and nothing else"
_PLUS_AS_SPACE = "a '+' in a query string is a space, write %2B"

Values = Mapping[str, str]
# Says what is wrong with one parameter, or None.
Judge = Callable[[Values], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRefusal:
    """A result code, and why."""

    code: int
    reason: str


def refuse_credentials(query: Query, known: Credentials | None) -> RuleRefusal | None:
    """Return why the credentials are refused; without `known` ones any will do, but not none."""
    expected = {
        "ServiceId": None if known is None else str(known.service_id),
        "Username": None if known is None else known.username,
        "Password": None if known is None else known.password,
    }
    for (name, right), code in zip(expected.items(), (100, 101, 103), strict=True):
        given = query.values.get(name)
        if not given:
            return RuleRefusal(code=code, reason=query.faults.get(name, f"{name} is missing"))
        if name == "ServiceId" and not re.fullmatch("[0-9]{1,18}", given):
            return RuleRefusal(code=code, reason="ServiceId is not an integer")
        given = str(int(given)) if name == "ServiceId" else given
        if right is not None and given != right:
            hint = f": {_PLUS_AS_SPACE}" if " " in given and "+" in right else ""
            return RuleRefusal(code=code, reason=f"{name} is not the sandbox's{hint}")
    return None


def refuse_message(query: Query) -> RuleRefusal | None:
    """Return why the message is refused, by the first parameter that is wrong."""
    for name, (code, judge) in _PARAMETERS.items():
        reason = query.faults.get(name) or judge(query.values)
        if reason:
            return RuleRefusal(code=code, reason=reason)
    return _refuse_destination(query)


def remarks_on(query: Query) -> tuple[str, ...]:
    """Return what is taken, though the guide leaves open what comes of it."""
    text = query.values.get("Userdata", "")
    measured = segments.measure(text)
    if measured.over_reasons == ("parts",):
        return (f"{measured.units} units are within the limit, but take {measured.parts} parts",)
    return ()


def _source(values: Values) -> str | None:
    source = values.get("Source", "")
    if _MSISDN.fullmatch(source) or re.fullmatch("[0-9]{1,15}", source):
        return None
    if not source.strip():
        return "Source is missing"
    if source.startswith("+"):
        return _NUMBER
    if source[0] == " " and _MSISDN.fullmatch("+" + source[1:]):
        return _PLUS_AS_SPACE
    if not alphabet.is_gsm(source):
        return "it holds a character outside the GSM-7 alphabet"
    length = len(alphabet.spell(source))
    return f"a name has at most 11 characters, this has {length}" if length > 11 else None


def _userdata_header(values: Values) -> str | None:
    header = values.get("UserdataHeader")
    if header is None:
        return None
    if not re.fullmatch("([0-9A-Fa-f]{2})+", header):
        return "it is not pairs of hexadecimal digits"
    try:
        udh.parse(header)
    except UsageError as failure:
        return failure.message
    return None


def _userdata(values: Values) -> str | None:
    text = values.get("Userdata")
    if not text:
        return None if _is_charge_only(values) else "Userdata is missing"
    measured = segments.measure(text)
    limit, where = measured.limit, ""
    header = values.get("UserdataHeader")
    if header:
        limit = udh.room(bytes.fromhex(header), measured.encoding)
        where = " in one part beside the header"
    if measured.units <= limit:
        return None
    return f"{measured.units} {measured.encoding} units, the limit is {limit}{where}"


def _tariff(values: Values) -> str | None:
    tariff = values.get("Tariff", "null")
    # The guide: "Set to null or SEK0 for bulk messages".
    found = re.fullmatch("null|[A-Z]{3}([0-9]{1,9})", tariff)
    if not found:
        return "a tariff is like SEK1000, for 10 SEK"
    if _is_charge_only(values) and not int(found[1] or 0):
        return "ChargeOnly needs a tariff above 0"
    return None


def _vat(values: Values) -> str | None:
    vat = values.get("Vat", "0.0")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", vat) and float(vat) <= 100:
        return None
    return "a VAT is like 25.0, for 25 %"


def _flag(name: str) -> Judge:
    def judge(values: Values) -> str | None:
        if values.get(name, "false").lower() in {"true", "false"}:
            return None
        return f"{name} is neither true nor false"

    return judge


def _reference_id(_values: Values) -> str | None:
    return None  # any id of an incoming SMS


def _is_charge_only(values: Values) -> bool:
    return values.get("ChargeOnly", "").lower() == "true"


def _refuse_destination(query: Query) -> RuleRefusal | None:
    """Return why the number is refused; its form decides the code."""
    destination = query.values.get("Destination", "")
    if _MSISDN.fullmatch(destination):
        return None
    if not destination.strip():
        reason = query.faults.get("Destination", "Destination is missing")
        return RuleRefusal(code=2108, reason=reason)
    if destination[0] == " " and _MSISDN.fullmatch("+" + destination[1:]):
        return RuleRefusal(code=2108, reason=_PLUS_AS_SPACE)
    if any(character.isalpha() for character in destination):
        return RuleRefusal(code=2101, reason=_NUMBER)
    if re.fullmatch("[0-9]{1,6}", destination):
        return RuleRefusal(code=2100, reason=_NUMBER)
    return RuleRefusal(code=2106, reason=_NUMBER)


# Each parameter of the message but the destination: the code of its refusal, and the judge that
# says why. The header comes before the text that it leaves room for.
_PARAMETERS: dict[str, tuple[int, Judge]] = {
    "Source": (2000, _source),
    "UserdataHeader": (4004, _userdata_header),
    "Userdata": (4003, _userdata),
    "ReferenceId": (4001, _reference_id),
    "Tariff": (4002, _tariff),
    "Vat": (4006, _vat),
    "ChargeOnly": (4001, _flag("ChargeOnly")),
    "Async": (4001, _flag("Async")),
}
