"""The values of fields, given their types: texts, whole numbers, times."""

import json
import re
from typing import Any

from linksms_cli.sms import timestamp


def text(value: Any, *, null: bool) -> str | None:
    """Return a text, None if it is empty.

    With `null` the word null is empty too: XML and forms have no other way to write it.
    """
    if isinstance(value, str):
        return None if not value or (null and value.lower() == "null") else value
    if value is None:
        return None
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?:\.0+)?\s*", re.ASCII)


def integer(value: Any) -> int | None:
    """Return a whole number of at most nine digits, written as a number or as a text."""
    if type(value) is int and -1_000_000_000 < value < 1_000_000_000:
        return value
    found = _INTEGER.fullmatch(str(value))
    return int(found[1]) if found else None


def time(written: str | None) -> str | None:
    """Return a time in UTC, or as it came if it is not RFC 3339."""
    return (timestamp.in_utc(written) or written) if written else None
