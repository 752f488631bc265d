"""What the admin interface is sent, a JSON object or a query, read field by field and checked."""

import json
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from linksms_cli.errors import UsageError

Fields = Mapping[str, Any]
# JSON can spell half of a UTF-16 pair (`\\ud83d`), and UTF-8 cannot.
_HALF = re.compile("[\ud800-\udfff]")


def read_object(body: bytes, known: Collection[str]) -> Fields:
    """Return the JSON object in a body; without a body, one without fields.

    Raises UsageError: it is not JSON, not an object, or has a field that is not `known`.
    """
    if not body.strip():
        return {}
    try:
        read = json.loads(body)
    except json.JSONDecodeError as failure:
        message = f"the body is not JSON: {failure.msg} at line {failure.lineno}"
        raise UsageError(f"{message}, column {failure.colno}") from None
    except (ValueError, RecursionError):
        raise UsageError("the body is not JSON that can be read") from None
    if not isinstance(read, dict):
        raise UsageError("the body is not a JSON object", 'Write it like {"status": 500}.')
    return _checked(read, known)


def read_query(query: str, known: Collection[str]) -> Fields:
    """Return the parameters of a query. Raises UsageError for one that is not `known`."""
    return _checked(dict(parse_qsl(query, keep_blank_values=True)), known)


def whole(fields: Fields, name: str, least: int, most: int) -> int | None:
    """Return a whole number in that range, None if it is not given. Raises UsageError."""
    given = fields.get(name)
    if isinstance(given, str) and re.fullmatch("[0-9]{1,9}", given):
        given = int(given)
    if given is None or (type(given) is int and least <= given <= most):
        return given
    raise UsageError(f"{name} is not a whole number from {least} to {most}")


def seconds(fields: Fields, name: str, most: float) -> float:
    """Return a number of seconds, 0 if it is not given; a duration as text will do too.

    Raises UsageError.
    """
    from linksms_cli.sms import duration

    given = fields.get(name)
    if isinstance(given, str):
        given = duration.seconds(given, name, longest=duration.LONGEST_ANSWER)
    if given is None:
        return 0.0
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= most:
        raise UsageError(f"{name} is not a number of seconds from 0 to {most:g}")
    return float(given)


def text(fields: Fields, name: str, most: int = 1000) -> str | None:
    """Return a text, None if it is not given. Raises UsageError."""
    given = fields.get(name)
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > most:
        raise UsageError(f"{name} is not a text of at most {most} characters")
    if _HALF.search(given):
        raise UsageError(f"{name} holds half a character: a \\u escape without its second one")
    return given


def _checked(fields: Fields, known: Collection[str]) -> Fields:
    for name in fields:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
            raise UsageError(f"there is no field {name[:50]!r} here", hint)
    return fields
