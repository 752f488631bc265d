"""A report in JSON, the guide's own invalid examples included."""

import json
import math
import re
from typing import Any

from linksms_cli.sms.dlr.formats.fields import MAX_DEPTH, Fields, UnreadableError, named


def read(text: str) -> Fields:
    """Read a report: an object, the only one of a list, or the only member of another."""
    value = load(text)
    for _ in range(_WRAPPERS):
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "[", '"'}:
            value = load(value)
        elif isinstance(value, list | dict) and len(value) == 1:
            (inner,) = value.values() if isinstance(value, dict) else value
            value = inner if isinstance(inner, list | dict | str) else value
    if isinstance(value, list):
        raise UnreadableError(f"a list of {len(value)} JSON values, not one report")
    if not isinstance(value, dict):
        raise UnreadableError("JSON, but not an object")
    return named(value.items())


def load(text: str) -> Any:
    """Read any JSON into a value that can be stored and written again.

    Raises UnreadableError.
    """
    try:
        value = _decode(text)
    except json.JSONDecodeError as failure:
        where = f"line {failure.lineno}, column {failure.colno}"
        raise UnreadableError(f"not valid JSON: {failure.msg} ({where})") from None
    except ValueError:  # Python refuses to read a whole number of more than 4300 digits
        raise UnreadableError("JSON with a number that has too many digits") from None
    except RecursionError:
        raise UnreadableError("JSON nested too deeply") from None
    if text.count("{") + text.count("[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise UnreadableError("JSON nested too deeply")
    return _without_surrogates(value) if "\\u" in text else value


def _decode(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as failure:
        try:
            return _DECODER.decode(_mended(text))
        except json.JSONDecodeError:
            raise failure from None  # the place is the one in what came


def _mended(text: str) -> str:
    """Return JSON without the faults that are known: the guide's quote, a comma at an end."""
    quoted = _BROKEN_QUOTE.sub(r'\1"', text)
    return _STRING_OR_COMMA.sub(lambda found: found[1] or "", quoted)


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


# NaN, Infinity and 1e999 stay the words they are: no JSON of ours could carry them on.
_DECODER = json.JSONDecoder(strict=False, parse_constant=str, parse_float=_finite)
# The guide prints `"destination": ""+4746910822"`. After an empty string no JSON goes on with a
# plus, a letter or a digit, so this can only meet what is broken.
_BROKEN_QUOTE = re.compile(r'(?<=:)(\s*)""(?=[+\w][^"\\\n]*")')
# A comma after which nothing comes, or only the end of what it is in; strings are taken whole, so
# that none inside them is meant.
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*(?:[}\]]|\Z))', re.DOTALL)
# As deep as wrappers go: {"deliveryReports": [{...}]}, and JSON within a string of JSON.
_WRAPPERS = 4
_SURROGATE = re.compile("[\ud800-\udfff]")


def _depth(value: Any) -> int:
    """Count the levels of a value without recursion: it may have more than Python allows."""
    depth, level = 0, [value]
    while level:
        depth += 1
        containers = [item for item in level if isinstance(item, dict | list)]
        level = [
            inner
            for item in containers
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _without_surrogates(value: Any) -> Any:
    """Replace each half of a character, which JSON can spell but no store or stream can take."""
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case dict():
            return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
        case list():
            return [_without_surrogates(item) for item in value]
    return value
