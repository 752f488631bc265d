"""Who gets a message and who sends it: destination and source, checked and cleaned once."""

import re
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.errors import UsageError
from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.decoding import visible

# What people put between digits: spaces, dots, hyphens and brackets, also as phones and web pages
# write them (no-break and narrow spaces, typographic hyphens and dashes).
_SEPARATORS = re.compile("[ .()\\[\\]\u00a0\u2009\u202f\u2010-\u2013-]")
_MSISDN = re.compile(r"\+[0-9]{5,15}")
_PREFIX = re.compile(r"\+[0-9]{1,15}")
# GSM-7 has some of these, and a handset would break a name's line at them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_TRUNK_ZERO = re.compile(r"[(\[]0[)\]]")


class Ton(StrEnum):
    """Type of number of a source address (3GPP TS 23.040, 9.1.2.5), told apart as in the guide."""

    MSISDN = "MSISDN"
    SHORT = "short number"
    ALPHANUMERIC = "alphanumeric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source address as it goes on the wire."""

    address: str
    ton: Ton

    @property
    def warning(self) -> str | None:
        """What LINK's documents advise against without forbidding it."""
        if self.ton is Ton.ALPHANUMERIC and self.address[0].isdecimal():
            return f"the source {self.address!r} begins with a digit: operators may refuse it"
        return None


def destination(typed: str) -> str:
    """Return an MSISDN in E.164 form, `+` and 5 to 15 digits, from what a person typed.

    Raises UsageError that shows the spelling meant, where it can be guessed.
    """
    cleaned = _SEPARATORS.sub("", typed)
    # Dropping the brackets of a trunk zero alone would give another subscriber's number.
    if _MSISDN.fullmatch(cleaned) and not _TRUNK_ZERO.search(typed):
        return cleaned
    raise _not_a_number(typed, _guess(typed))


def source(typed: str) -> Source:
    """Return a source address: an MSISDN, a short number, or 1 to 11 GSM-7 characters.

    Raises UsageError where it is none of these (guide, "Query parameters": Source).
    """
    if typed.startswith("+"):
        cleaned = _SEPARATORS.sub("", typed)
        if _MSISDN.fullmatch(cleaned):
            return Source(address=cleaned, ton=Ton.MSISDN)
        message = f"the source {_quoted(typed)} is not a number: '+' and 5 to 15 digits"
        raise UsageError(message, "Write it like +46701740605, 72401 or LINK.")
    if not typed.strip():
        message = "the source is empty"
        raise UsageError(message, "Give a number, a short number or a name with --from.")
    if re.fullmatch("[0-9]+", typed):
        if len(typed) > 15:  # the beginning of a number is another number
            message = f"the source {typed} has {len(typed)} digits; a number has up to 15"
            raise UsageError(message, "Write it like +46701740605, 72401 or LINK.")
        return Source(address=typed, ton=Ton.SHORT)
    if _CONTROL.search(typed):
        message = f"the source {_quoted(typed)} holds a control character"
        raise UsageError(message, "A name is one line of letters, digits and signs.")
    if not alphabet.is_gsm(typed):
        message = f"the source {_quoted(typed)} has characters outside the GSM-7 alphabet"
        raise UsageError(message, "Use up to 11 letters, digits and signs of GSM-7.")
    length = len(alphabet.spell(typed))
    if length > 11:
        message = f"the source {_quoted(typed)} takes {length} septets; a name holds 11"
        raise UsageError(message, f"Shorten it, for example to {typed[:11].strip()!r}.")
    return Source(address=typed, ton=Ton.ALPHANUMERIC)


def prefix(typed: str) -> str:
    """Return a number or the beginning of one, `+` and 1 to 15 digits, from what a person typed.

    Raises UsageError where it is neither.
    """
    cleaned = _SEPARATORS.sub("", typed)
    if _TRUNK_ZERO.search(typed) or not _PREFIX.fullmatch(cleaned):
        message = f"{_quoted(typed)} is neither a number nor the beginning of one"
        raise UsageError(message, "Write it like +46701234567 or +4670.")
    return cleaned


def shortened(number: str) -> str:
    """Return a number as a log may show it: enough to recognise it, not enough to call it."""
    return f"{number[:5]}…{number[-2:]}" if len(number) > 7 else "…"


def _guess(typed: str) -> str | None:
    """Guess the spelling that was meant: 0046… and 46… can only mean +46…; 070… cannot be told.

    What a link, a web page or another keyboard leaves around the digits is seen through.
    """
    from unicodedata import category, normalize

    plain = "".join(sign for sign in normalize("NFKC", typed) if category(sign) != "Cf")
    plain = re.sub("^ *tel:", "", plain, flags=re.IGNORECASE)
    cleaned = _SEPARATORS.sub("", _TRUNK_ZERO.sub("", plain))
    # A slash behind the area code; one between two numbers leaves fewer digits, or too many.
    cleaned = re.sub("^([^/]+)/([0-9]{5,})$", r"\1\2", cleaned)
    if _MSISDN.fullmatch(cleaned):
        return cleaned
    if re.fullmatch("00[1-9][0-9]{4,14}", cleaned):
        return "+" + cleaned[2:]
    if re.fullmatch("[1-9][0-9]{6,14}", cleaned):
        return "+" + cleaned
    return None


def _not_a_number(typed: str, meant: str | None) -> UsageError:
    if meant:
        hint = f"Write {meant}."
    else:
        hint = "Write '+', the country code and the number, like +46701740605."
    return UsageError(f"the recipient {_quoted(typed)} is not in international form", hint)


def _quoted(typed: str) -> str:
    return f"'{visible(typed)}'"
