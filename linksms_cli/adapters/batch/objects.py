"""JSON Lines: a line is an object, and its members are the cells of a row."""

import json
from collections.abc import Mapping

from linksms_cli.errors import UsageError
from linksms_cli.sms.batch.record import Record, unreadable

_ONE_PER_LINE = "Write one object per line."


class _NamedTwiceError(ValueError):
    """A name that stands in an object twice."""


def record(number: int, line: str) -> Record:
    """Return the row that a line holds; `null` is a blank cell."""
    try:
        value = json.loads(line, object_pairs_hook=_object)
    except _NamedTwiceError as twice:
        hint = "Leave one of them out, so that it is clear which one counts."
        return unreadable(number, f"{twice} is in the object twice", hint, line)
    except (ValueError, RecursionError) as failure:
        return unreadable(number, f"the line is not JSON: {failure}", _ONE_PER_LINE, line)
    if not isinstance(value, dict):
        return unreadable(number, "the line is not a JSON object", _ONE_PER_LINE, line)
    try:
        cells = {name: _cell(name, held) for name, held in value.items() if held is not None}
    except UsageError as wrong:
        return unreadable(number, wrong.message, wrong.hint or "", line)
    return Record(number, {name: cell for name, cell in cells.items() if cell.strip()}, line)


def with_reason(line: str, name: str, reason: str) -> str:
    """Return the object of a line with a reason in it, all else as it is written there.

    A line that is not an object becomes one that holds it.
    """
    body = line.strip()
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return json.dumps({"line": body, name: reason}, ensure_ascii=False)
    if name in value:
        return json.dumps({**value, name: reason}, ensure_ascii=False)
    said = json.dumps({name: reason}, ensure_ascii=False)[1:]
    return f"{body[:-1].rstrip()}{', ' if value else ''}{said}"


def _object(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _NamedTwiceError(repr(next(name for name in names if names.count(name) > 1)))
    return made


def _cell(name: str, held: object) -> str:
    """Return a member as the cell of a row. Raises UsageError for what is none."""
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, str):
        return held
    is_number = isinstance(held, int | float)
    if is_number and name != "to":
        return str(held)
    message = f"the value of {name!r} is {'a number' if is_number else 'not a text'}"
    raise UsageError(message, f'Write it as a text: {{"{name}": "…"}}.')
