"""Reports in JSON, the guide's own invalid examples included."""

import json
import math
import re
from contextlib import suppress
from typing import Any

from linksms_cli.sms.dlr.formats.fields import (
    MAX_DEPTH,
    MAX_REPORTS,
    Candidates,
    Fields,
    UnreadableError,
    are_whole,
    named,
)

# JSON within a string of JSON, and again: as often as anybody would write it.
_STRINGS = 3


def read(text: str) -> Candidates:
    """Read the reports: objects that have an id and a code, alone, in lists or in other objects.

    Several may also follow one another, on lines of their own or not.

    Raises UnreadableError.
    """
    search = _Search()
    try:
        value = load(text)
    except UnreadableError:
        missed = _line_by_line(text, search)
        if not search.reports:
            raise
        return Candidates(search.reports, missed)
    missed = search.through(value, _STRINGS)
    if search.reports:
        return Candidates(search.reports, missed)
    return Candidates([_nearest(value)])


def within(value: Any) -> Candidates:
    """Return the reports in a value that has been read, none if it has none.

    Raises UnreadableError.
    """
    search = _Search()
    return Candidates(search.reports, search.through(value, _STRINGS))


def load(text: str) -> Any:
    """Read any JSON into a value that can be stored and written again; several become a list.

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


def _line_by_line(text: str, search: "_Search") -> int:
    """Search the lines that are JSON on their own; return how many are none."""
    missed = 0
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines if len(lines) <= MAX_REPORTS else ():
        before = len(search.reports)
        with suppress(UnreadableError):
            missed += search.through(load(line), _STRINGS)
        missed += len(search.reports) == before
    return missed


class _Search:
    """A search for reports, however they are wrapped. What stands inside one belongs to it."""

    def __init__(self) -> None:
        self.reports: list[Fields] = []
        self._opened = 0

    def through(self, value: Any, strings: int) -> int:
        """Add the reports in a value; return how many items of the lists that have some are none.

        At most so many strings of JSON are opened, each within the one before.
        """
        if isinstance(value, dict):
            if are_whole(value):
                self.reports.append(named(value.items()))
                return 0
            return sum(self.through(inner, strings) for inner in value.values())
        if isinstance(value, list):
            missed, at_first = 0, len(self.reports)
            for item in value:
                before = len(self.reports)
                missed += self.through(item, strings)
                missed += len(self.reports) == before
            return missed if len(self.reports) > at_first else 0
        if strings and isinstance(value, str) and _is_json(value):
            self._opened += 1
            if self._opened > MAX_REPORTS:
                raise UnreadableError(f"more than {MAX_REPORTS} strings of JSON")
            with suppress(UnreadableError):
                return self.through(load(value), strings - 1)
        return 0


def _nearest(value: Any) -> Fields:
    """Return the fields of what comes nearest to a report, to find out what they lack."""
    inner = value
    for _ in range(_STRINGS):
        if isinstance(inner, list | dict) and len(inner) == 1:
            (inner,) = inner.values() if isinstance(inner, dict) else inner
        if isinstance(inner, str) and _is_json(inner):
            with suppress(UnreadableError):
                inner = load(inner)
        value = inner if isinstance(inner, list | dict) else value
    if isinstance(value, list):
        raise UnreadableError(f"a list of {len(value)} JSON values, none of which is a report")
    if not isinstance(value, dict):
        raise UnreadableError("JSON, but not an object")
    return named(value.items())


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "[", '"'}


def _decode(text: str) -> Any:
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as failure:
        for written in (text, _mended(text)):
            with suppress(json.JSONDecodeError):
                return _sequence(written)
        raise failure from None  # the place is the one in what came


def _sequence(text: str) -> Any:
    """Read values that follow one another."""
    values: list[Any] = []
    place = _between(text, 0)
    while place < len(text) or not values:
        value, place = DECODER.raw_decode(text, place)
        values.append(value)
        place = _between(text, place)
    return values if len(values) > 1 else values[0]


def _between(text: str, place: int) -> int:
    """Return where the next value begins, or where the text ends."""
    beginning = _BEGINNING.search(text, place)
    return beginning.start() if beginning else len(text)


def _mended(text: str) -> str:
    """Return JSON without the faults that are known: the guide's quote, a comma at an end."""
    quoted = _BROKEN_QUOTE.sub(r'\1"', text)
    return _STRING_OR_COMMA.sub(lambda found: found[1] or "", quoted)


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


# NaN, Infinity and 1e999 stay the words they are: no JSON of ours could carry them on.
DECODER = json.JSONDecoder(strict=False, parse_constant=str, parse_float=_finite)
# What does not stand between two values, or behind the last one.
_BEGINNING = re.compile(r"[^\s,\0]")
# The guide prints `"destination": ""+4746910822"`. After an empty string no JSON goes on with a
# plus, a letter or a digit, so this can only meet what is broken.
_BROKEN_QUOTE = re.compile(r'(?<=:)(\s*)""(?=[+\w][^"\\\n]*")')
# A comma after which only the end of an object or a list comes; strings are taken whole, so that
# none inside them is meant.
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z))|,(?=\s*[}\]])', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _depth(value: Any) -> int:
    """Count objects and lists within one another, without recursion: Python might not allow it."""
    depth, level = 0, [value]
    while containers := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
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
