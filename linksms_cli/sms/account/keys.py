"""The form of each value of a profile, checked once: in the file, a variable or KEY=VALUE."""

import re
from collections.abc import Callable

from linksms_cli.errors import UsageError
from linksms_cli.sms import number, paths
from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.profile import Key, Value
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NAME = re.compile("[A-Za-z0-9_-]+")


def is_name(name: str) -> bool:
    """Say whether a profile may have that name."""
    return _NAME.fullmatch(name) is not None


def from_text(key: Key, text: str) -> Value:
    """Read a value written as text, in a variable of the environment or as KEY=VALUE.

    Raises InvalidValueError.
    """
    match key:
        case Key.SERVICE_ID:
            return _service_id(text)
        case Key.ALLOW_HTTP | Key.ASYNC | Key.KEYRING:
            return _boolean(text)
        case Key.ALLOWED_DESTINATIONS:
            return _destinations(text.split(","))
        case _:
            return _STRINGS[key](text)


def from_toml(key: Key, value: object) -> Value:
    """Read a value as the profile file holds it.

    Raises InvalidValueError.
    """
    match key:
        case Key.SERVICE_ID:
            if not isinstance(value, int) or isinstance(value, bool):
                raise InvalidValueError("must be an integer", "Write it without quotes.")
            return _service_id(str(value))
        case Key.ALLOW_HTTP | Key.ASYNC | Key.KEYRING:
            if not isinstance(value, bool):
                raise InvalidValueError("must be true or false", "Write it without quotes.")
            return value
        case Key.ALLOWED_DESTINATIONS:
            if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                example = 'Write it like ["+46701234567", "+4670"].'
                raise InvalidValueError("must be a list of strings", example)
            return _destinations(value)
        case _:
            if not isinstance(value, str):
                raise InvalidValueError("must be a string", "Write it in quotes.")
            return _STRINGS[key](value)


def _base_url(text: str) -> str:
    try:
        return base_url.clean(text.strip())
    except ValueError as wrong:
        raise InvalidValueError(str(wrong), f"Write it like {base_url.ASSIGNED[0]}.") from None


def _service_id(text: str) -> int:
    if not re.fullmatch("[0-9]{1,18}", text.strip()):
        problem = f"must be a whole number, not '{visible(text)}'"
        raise InvalidValueError(problem, "LINK's support gives it with the account.")
    return int(text)


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word not in _TRUE | _FALSE:
        raise InvalidValueError(f"must be true or false, not '{visible(text)}'")
    return word in _TRUE


def _destinations(entries: list[str]) -> tuple[str, ...]:
    typed = [entry for entry in entries if entry.strip()]
    if not typed:
        # An empty list could be read as "every number" and as "none": a guard must not guess.
        raise InvalidValueError("names no number", "Remove it to allow every number.")
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
    if _CONTROL.search(text):
        raise InvalidValueError("holds a control character, or is not UTF-8")
    return text


def _secret(text: str) -> str:
    if not text:
        raise InvalidValueError("is empty")
    if "\n" in text or "\r" in text:
        raise InvalidValueError("holds a line break", "A password is one line.")
    if _CONTROL.search(text):
        raise InvalidValueError("holds a control character, or is not UTF-8")
    return text


_STRINGS: dict[Key, Callable[[str], str]] = {
    Key.BASE_URL: _base_url,
    Key.USERNAME: _text,
    Key.PASSWORD: _secret,
    Key.PASSWORD_COMMAND: _text,
    Key.SOURCE: _source,
    Key.CA_BUNDLE: paths.check,
}
