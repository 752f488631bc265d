"""A table: CSV as spreadsheets write it, with what one row has wrong told from a broken file."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from linksms_cli.adapters.batch.lines import LONGEST, Lines, LineTooLongError
from linksms_cli.errors import UsageError

_QUOTING = "Quote the whole cell, and write its quotes twice."


class Unsplit(NamedTuple):
    """A row whose cells cannot be told apart: its text without the line's end, and why."""

    text: str
    problem: str
    hint: str


def rows(lines: Lines, delimiter: str, name: str) -> Iterator[list[str] | Unsplit]:
    """Yield the rows of a table, blank ones and the header included.

    Raises UsageError where nobody can tell where the next row begins.
    """
    csv.field_size_limit(LONGEST)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        lines.taken.clear()
        lines.quotes = 0
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if _is_open(lines.taken, delimiter):
                raise _not_closed(name, line) from None
            yield _unsplit(lines, "a quote stands inside of a cell", _QUOTING)
        except LineTooLongError:
            quotes = lines.quotes + "".join(lines.taken).count('"')
            if len(lines.taken) > 1 or quotes % 2:
                raise _not_closed(name, line) from None
            yield _unsplit(lines, f"the line is longer than {LONGEST} characters", "Shorten it.")
        else:
            yield row
        line += len(lines.taken)


def _unsplit(lines: Lines, problem: str, hint: str) -> Unsplit:
    return Unsplit("".join(lines.taken).rstrip("\r\n"), problem, hint)


def _is_open(taken: list[str], delimiter: str) -> bool:
    """Return whether the last cell of a row is still quoted where its lines end.

    A reader that is not strict about quotes asks for another line then.
    """
    asked_for_more = False

    def feed() -> Iterator[str]:
        nonlocal asked_for_more
        yield from taken
        asked_for_more = True

    try:
        next(csv.reader(feed(), delimiter=delimiter))
    except csv.Error:  # a cell as long as this has taken in the rows below it
        return True
    return asked_for_more


def _not_closed(name: str, line: int) -> UsageError:
    message = f"{name}, line {line}: a quote is not closed"
    return UsageError(message, "Close it; a quote inside of a quoted cell is written twice.")
