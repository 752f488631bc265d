"""A header that somebody gives for requests of ours."""

import re

from linksms_cli.errors import UsageError

# RFC 9110, 5.6.2 and 5.5: what the name and the value of a header are made of.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def read_header(typed: str, option: str) -> tuple[str, str]:
    """Read `Name: VALUE`. Raises UsageError that does not repeat the value: it may be a secret."""
    name, colon, value = typed.partition(":")
    if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        message = f"{option} is not a header"
        raise UsageError(message, "Write it like 'X-Token: secret', in Latin-1, on one line.")
    return name, value.strip()
