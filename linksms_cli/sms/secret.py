"""A secret, read in one way wherever it comes from."""

import re
from collections.abc import Mapping

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.text.decoding import has_control
from linksms_cli.sms.value import InvalidValueError

# What an editor or a secret store puts around a line without showing it.
_ADDED = re.compile("\\A\ufeff|(\r\n|\n|\r)\\Z")


def read(text: str) -> str:
    """Return the secret in a text: one line, without the line end and byte order mark around it.

    Blanks belong to it. Raises InvalidValueError, which never quotes it.
    """
    secret = _ADDED.sub("", text)
    if not secret:
        raise InvalidValueError("is empty")
    if "\n" in secret or "\r" in secret:
        raise InvalidValueError("contains a line break", "A secret is one line.")
    if has_control(secret):
        raise InvalidValueError("contains a control character or is not UTF-8")
    return secret


def shown_to_us(variable: str, environ: Mapping[str, str]) -> str | None:
    """Return the secret in a variable that callers have to show to us, None if it is not set.

    Blanks around it are left out, which no comparison heeds. Raises ConfigurationError.
    """
    value = environ.get(variable)
    if not value:
        return None
    try:
        return read(read(value).strip(" "))
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{variable} {wrong.problem}", wrong.hint) from None


def doubt(secret: str) -> str | None:
    """Return what may be wrong with a secret, in words that follow its name."""
    if secret != secret.strip():
        return "begins or ends with a blank, which is taken as part of it"
    return None
