"""Who gets a message and who sends it: destination and source, checked and cleaned once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linksms_cli.errors import UsageError
from linksms_cli.sms import msisdn
from linksms_cli.sms.country import Country
from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.decoding import visible

# GSM-7 has some of these, and a handset would break a name's line at them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_EXAMPLES = "Write it like +46701740605, 72401 or LINK."
# An allowed destination of so many digits is that one number, and a shorter one the beginning of
# many. Mobile numbers with fewer digits, country code included, are rare: the Faroes' have 9.
_WHOLE = 10
_ANY = "*"
# So many wrong recipients are named in one error.
_NAMED = 10


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
        if self.ton is not Ton.ALPHANUMERIC:
            return None
        if (digits := msisdn.cleaned(self.address)).isdecimal():
            return (
                f"the source {self.address!r} is sent as a name, not as a number, because it is "
                f"written with separators: for the number write {digits}"
            )
        if self.address[0].isdecimal():
            return f"the source {self.address!r} begins with a digit: operators may refuse it"
        return None


def destination(typed: str, country: Country | None = None) -> str:
    """Return an MSISDN in E.164 form, `+` and 5 to 15 digits, from what a person typed.

    With a `country` it may be written as people there write it. Raises UsageError that shows the
    spelling meant, where it can be guessed.
    """
    if country and (number := country.number(typed)):
        return number
    try:
        return msisdn.read(typed, "the recipient")
    except UsageError as failure:
        if country is None and re.fullmatch("0[1-9][0-9]{4,14}", msisdn.cleaned(typed)):
            hint = f"{failure.hint} Or name its country, like --country SE."
            raise UsageError(failure.message, hint) from None
        raise


def destinations(typed: Sequence[str], country: Country | None = None) -> tuple[str, ...]:
    """Return all these destinations, each as `destination` does.

    Raises one UsageError that names every one that is wrong, so that a list is mended at once.
    """
    read: list[str] = []
    wrong: list[UsageError] = []
    for one in typed:
        try:
            read.append(destination(one, country))
        except UsageError as failure:
            wrong.append(failure)
    if len(wrong) > 1:
        named = "; ".join(map(_in_brief, wrong[:_NAMED]))
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        message = f"{len(wrong)} of {len(typed)} recipients are wrong: {named}{more}"
        raise UsageError(message, "Nothing was sent: correct them and run the command again.")
    if wrong:
        raise wrong[0]
    return tuple(read)


def are_numbers(text: str) -> bool:
    """Return whether a text is nothing but telephone numbers, one or more."""
    words = (found[0] for found in re.finditer("[^\r\n\t,;]+", text) if found[0].strip())
    return "+" in text and all(map(_is_number, words))


def _in_brief(wrong: UsageError) -> str:
    hint = f" ({wrong.hint.removesuffix('.')})" if wrong.hint else ""
    return f"{wrong.message.removeprefix('the recipient ')}{hint}"


def _is_number(word: str) -> bool:
    try:
        destination(word)
    except UsageError:
        return False
    return True


def source(typed: str) -> Source:
    """Return a source address: an MSISDN, a short number, or 1 to 11 GSM-7 characters.

    Blanks around it are dropped. Raises UsageError if it is none of these (guide, "Query
    parameters": Source).
    """
    typed = typed.strip()
    if msisdn.cleaned(typed).startswith("+"):
        return Source(address=msisdn.read(typed, "the source"), ton=Ton.MSISDN)
    if not typed:
        message = "the source is empty"
        raise UsageError(message, "Give a number, a short number or a name with --from.")
    if re.fullmatch("[0-9]+", typed):
        if len(typed) > 15:  # the beginning of a number is another number
            message = f"the source {typed} has {len(typed)} digits; a number has up to 15"
            raise UsageError(message, _EXAMPLES)
        return Source(address=typed, ton=Ton.SHORT)
    if msisdn.is_decimal(typed):
        message = f"the source {_quoted(typed)} is written with decimals"
        raise UsageError(message, f"Write it like {typed.partition('.')[0]}.")
    if _CONTROL.search(typed):
        message = f"the source {_quoted(typed)} contains a control character"
        raise UsageError(message, "A name is one line of letters, digits and signs.")
    if not alphabet.is_gsm(typed):
        message = f"the source {_quoted(typed)} has characters outside the GSM-7 alphabet"
        raise UsageError(message, "Use up to 11 letters, digits and signs of GSM-7.")
    length = len(alphabet.spell(typed))
    if length > 11:
        message = f"the source {_quoted(typed)} takes {length} septets; a name holds 11"
        shorter = typed[:11]
        while len(alphabet.spell(shorter)) > 11:
            shorter = shorter[:-1]
        raise UsageError(message, f"Shorten it, for example to {shorter.strip()!r}.")
    return Source(address=typed, ton=Ton.ALPHANUMERIC)


def allowed(typed: str) -> str:
    """Return an entry of a list of allowed destinations, as `allows` reads it.

    That is a number, the beginning of numbers (up to 9 digits), or one of any length with an
    asterisk behind it. Raises UsageError if it is none of these.
    """
    body = typed.strip()
    number = msisdn.read_beginning(body.removesuffix(_ANY), "")
    # An asterisk that makes no difference is left out.
    return number + _ANY if body.endswith(_ANY) and _is_whole(number) else number


def allows(entry: str, recipient: str) -> bool:
    """Return whether an entry, as `allowed` returned it, allows a recipient."""
    if entry.endswith(_ANY):
        return recipient.startswith(entry.removesuffix(_ANY))
    return recipient == entry if _is_whole(entry) else recipient.startswith(entry)


def _is_whole(number: str) -> bool:
    return len(number) > _WHOLE


def shortened(number: str) -> str:
    """Return a number as a log may show it: enough to recognise it, not enough to call it."""
    return f"{number[:5]}…{number[-2:]}" if len(number) > 7 else "…"


def _quoted(typed: str) -> str:
    return f"'{visible(typed)}'"
