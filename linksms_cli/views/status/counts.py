"""Messages counted: a table with bars for a person, records for a program."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from linksms_cli.sms.codes import explain
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import QUARTER, CountField
from linksms_cli.views.code import words_of
from linksms_cli.views.layout import Tone, counted, offset, paint, shortened
from linksms_cli.views.send import TONES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES = {CountField.HOUR: "%Y-%m-%d %H:00", CountField.DAY: "%Y-%m-%d"}
_NARROWEST_BAR = 10
_LONGEST_VALUE = 40


class MessageCount(NamedTuple):
    """How many messages have these values, in the order of the fields."""

    values: tuple[Any, ...]
    messages: int


def records(
    counted_rows: Sequence[tuple[tuple[Any, ...], int]], fields: Sequence[CountField]
) -> list[dict[str, object]]:
    """Return one object for each combination of values; hours and days are those of UTC."""
    found = []
    for tally in _added_up(counted_rows, fields, is_local=False):
        named: dict[str, object] = dict(zip(fields, tally.values, strict=True))
        if CountField.CODE in fields:
            code = named[CountField.CODE]
            named["description"] = explain(code).description if isinstance(code, int) else None
        found.append({**named, "count": tally.messages})
    return found


def as_table(
    counted_rows: Sequence[tuple[tuple[Any, ...], int]], fields: Sequence[CountField], width: int
) -> str:
    """Return a row for each combination of values, with a bar, and the total below."""
    tallies = _added_up(counted_rows, fields, is_local=True)
    rows = [
        [_text(field, value) for field, value in zip(fields, tally.values, strict=True)]
        for tally in tallies
    ]
    widths = [
        max([len(field.upper()), *(len(row[place]) for row in rows)])
        for place, field in enumerate(fields)
    ]
    total = sum(tally.messages for tally in tallies)
    number = max(len("COUNT"), len(f"{total:,}"))
    room = max(_NARROWEST_BAR, width - sum(widths) - 2 * len(widths) - number - 2)
    most = max((tally.messages for tally in tallies), default=1)
    head = "  ".join(f"{field.upper():<{size}}" for field, size in zip(fields, widths, strict=True))
    lines = [paint(f"{head}  {'COUNT':>{number}}", Tone.QUIET)]
    for tally, row in zip(tallies, rows, strict=True):
        cells = "  ".join(
            _painted(field, value, f"{text:<{size}}")
            for field, value, text, size in zip(fields, tally.values, row, widths, strict=True)
        )
        bar = "█" * max(1, round(room * tally.messages / most))
        lines.append(f"{cells}  {tally.messages:>{number},}  {bar}")
    return "\n".join([*lines, paint(counted(total, "message"), Tone.QUIET)])


def _added_up(
    counted_rows: Sequence[tuple[tuple[Any, ...], int]],
    fields: Sequence[CountField],
    *,
    is_local: bool,
) -> list[MessageCount]:
    """Add quarters of an hour up to hours and days; in the order of time, else the most first."""
    sums: Counter[tuple[Any, ...]] = Counter()
    for values, count in counted_rows:
        named = zip(fields, values, strict=True)
        sums[tuple(_value(field, value, is_local=is_local) for field, value in named)] += count
    tallies = [MessageCount(values, count) for values, count in sums.items()]
    times = [place for place, field in enumerate(fields) if field in _TIMES]
    return sorted(
        tallies,
        key=lambda tally: (
            [tally.values[place] for place in times],
            -tally.messages,
            [str(value) for value in tally.values],
        ),
    )


def _value(field: CountField, value: Any, *, is_local: bool) -> Any:
    if field not in _TIMES:
        return value
    moment = _EPOCH + timedelta(milliseconds=value * QUARTER)
    here = moment.astimezone() if is_local else moment
    written = here.strftime(_TIMES[field])
    if field is CountField.DAY:
        return written
    return f"{written}{offset(here)}" if is_local else f"{here:%Y-%m-%dT%H:00:00}Z"


def _text(field: CountField, value: Any) -> str:
    if value is None:
        return {CountField.OPERATOR: "unknown", CountField.CODE: "no code"}.get(field, "none")
    if field is CountField.CODE:
        return words_of(explain(value))
    if field is CountField.OUTCOME:
        return str(value).replace("_", " ")
    return shortened(str(value), _LONGEST_VALUE)


def _painted(field: CountField, value: Any, text: str) -> str:
    return paint(text, TONES[Outcome(value)]) if field is CountField.OUTCOME else text
