"""The keys of a profile: how each is written, read and checked, in a file or in a variable."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from linksms_cli.errors import UsageError
from linksms_cli.sms import country, number, paths, secret
from linksms_cli.sms.account import base_url
from linksms_cli.sms.text.decoding import has_control, visible
from linksms_cli.sms.value import InvalidValueError

Value = str | int | bool | tuple[str, ...]

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_NAME = re.compile("[A-Za-z0-9_-]+")
_SERVICE_ID_DIGITS = 18
_GIVEN = "LINK Support assigns it with the account."


def is_name(name: str) -> bool:
    """Return whether a profile may have that name."""
    return _NAME.fullmatch(name) is not None


class Form(NamedTuple):
    """How a value is read, from text or TOML; both raise InvalidValueError."""

    from_text: Callable[[str], Value]
    from_toml: Callable[[Any], Value]


class Beside(StrEnum):
    """What a variable does beside a profile that was chosen."""

    NOT_READ = "not read"  # it is of an account of its own
    FILLS = "fills"  # it fills a gap
    ADDS = "adds"  # it is a guard, which holds beside that of the profile
    UNUSED = "unused"  # it has no effect, which is worth a warning


def _base_url(text: str) -> str:
    try:
        return base_url.clean(text.strip())
    except ValueError as wrong:
        raise InvalidValueError(str(wrong), f"Write it like {base_url.ASSIGNED[0]}.") from None


def _service_id(text: str) -> int:
    digits = text.strip()
    if not re.fullmatch("[0-9]+", digits) or len(digits) > _SERVICE_ID_DIGITS:
        problem = f"must be a whole number, not '{visible(text)}'"
        raise InvalidValueError(problem, _GIVEN)
    return int(digits)


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise InvalidValueError(f"must be true or false, not '{visible(text)}'")
    return word in _TRUE


def _destinations(entries: list[str]) -> tuple[str, ...]:
    typed = [entry for entry in entries if entry.strip()]
    if not typed:
        # An empty list could be read as "every number" and as "none": a guard must not guess.
        raise InvalidValueError("contains no number", "Remove it to allow every number.")
    try:
        return tuple(dict.fromkeys(number.allowed(entry) for entry in typed))
    except UsageError as wrong:
        raise InvalidValueError(f"is not valid: {wrong.message}", wrong.hint) from None


def _source(text: str) -> str:
    try:
        return number.source(text).address
    except UsageError as wrong:
        raise InvalidValueError(f"is not valid: {wrong.message}", wrong.hint) from None


def _text(text: str) -> str:
    text = text.strip()  # blanks come with a paste; nobody's name has them
    if not text:
        raise InvalidValueError("is empty")
    if has_control(text):
        raise InvalidValueError("contains a control character or is not UTF-8")
    return text


def _boolean_in_toml(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValueError("must be true or false", "Write it without quotes.")
    return value


def _service_id_in_toml(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValueError("must be an integer", "Write it without quotes.")
    if not 0 <= value < 10**_SERVICE_ID_DIGITS:
        raise InvalidValueError("is not a valid service id", _GIVEN)
    return value


def _destinations_in_toml(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        example = 'Write it like ["+46701234567", "+4670"].'
        raise InvalidValueError("must be a list of strings", example)
    return _destinations(value)


def _string(read: Callable[[str], str]) -> Form:
    def from_toml(value: object) -> str:
        if not isinstance(value, str):
            raise InvalidValueError("must be a string", "Write it in quotes.")
        return read(value)

    return Form(read, from_toml)


_INTEGER = Form(_service_id, _service_id_in_toml)
_BOOLEAN = Form(_boolean, _boolean_in_toml)
_DESTINATIONS = Form(lambda text: _destinations(text.split(",")), _destinations_in_toml)


class Key(StrEnum):
    """The keys of a profile in their order, and all that is said of each.

    Its word in the file, `config set` and `config show`; the form of its value; and the variable of
    the environment, with what that does beside a profile. There is no variable for
    `password_command`: whoever sets the environment can run the command itself.
    """

    form: Form
    variable: str
    beside: Beside

    def __new__(
        cls, word: str, form: Form, variable: str = "", beside: Beside = Beside.NOT_READ
    ) -> Self:
        """Make a member that is its word."""
        key = str.__new__(cls, word)
        key._value_ = word
        key.form, key.variable, key.beside = form, variable, beside
        return key

    BASE_URL = "base_url", _string(_base_url), "LINKSMS_BASE_URL"
    SERVICE_ID = "service_id", _INTEGER, "LINKSMS_SERVICE_ID"
    USERNAME = "username", _string(_text), "LINKSMS_USERNAME"
    PASSWORD = "password", _string(secret.read), "LINKSMS_PASSWORD"
    PASSWORD_COMMAND = "password_command", _string(_text)
    KEYRING = "keyring", _BOOLEAN
    SOURCE = "source", _string(_source), "LINKSMS_SOURCE", Beside.FILLS
    ALLOW_HTTP = "allow_http", _BOOLEAN, "LINKSMS_ALLOW_HTTP", Beside.UNUSED
    CA_BUNDLE = "ca_bundle", _string(paths.check), "LINKSMS_CA_BUNDLE", Beside.FILLS
    ALLOWED_DESTINATIONS = (
        *("allowed_destinations", _DESTINATIONS),
        *("LINKSMS_ALLOWED_DESTINATIONS", Beside.ADDS),
    )
    COUNTRY = "country", _string(country.read), "LINKSMS_COUNTRY", Beside.FILLS
    ASYNC = "async", _BOOLEAN, "LINKSMS_ASYNC", Beside.UNUSED


BY_WORD: Mapping[str, Key] = {key.value: key for key in Key}
