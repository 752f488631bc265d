"""The rows of a batch: CSV as spreadsheets write it, JSON Lines, or a plain list of numbers.

What one row has wrong is that row's problem. What makes the rest of the file uncertain, like a
quote that nobody closes, is an error of the whole file.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import IO

from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.errors import UsageError
from linksms_cli.sms.batch import columns
from linksms_cli.sms.batch.record import Record, unreadable

# The most characters of one cell: more is a quote that is not closed.
_LONGEST = 1 << 17
# The most characters of a number as people write it.
_LONGEST_NUMBER = 80
_DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"""[\s"'=+(]*\+?[\s(]*[0-9][0-9\s().\[\]/-]*['"]?\s*""")
# Bytes that are not UTF-8, and halves of characters that JSON can spell (RFC 8259, 8.2).
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_QUOTED = re.compile('"[^"]*("|$)')


class Shape(StrEnum):
    """How a file holds its rows."""

    TABLE = "csv"
    LINES = "jsonl"
    LIST = "list"


class Rows:
    """The rows of one file, read as often as they are asked for, and never held.

    `header` are the columns of a table, in their order; `delimiter` separates its cells.

    Raises UsageError for a header that is none, or that lacks what `by_option` names.
    """

    def __init__(
        self, source: BatchSource, *, by_option: Mapping[str, str], delimiter: str | None
    ) -> None:
        self._source = source
        self._to = columns.field_columns(by_option)["to"]
        first = self._first_line()
        self.header: tuple[str, ...] = ()
        self.delimiter = delimiter or ","
        if first.lstrip().startswith("{") and delimiter is None:
            self.shape = Shape.LINES
        elif delimiter is None and not by_option and _is_number(first):
            self.shape = Shape.LIST
        else:
            self.shape = Shape.TABLE
            self.delimiter = delimiter or _delimiter_of(first)
            self.header = self._header()
            columns.of_header(self.header, by_option, to_needed=True)

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns that every row has; None if each row says its own."""
        if self.shape is Shape.LINES:
            return None
        return tuple(filter(None, self.header)) if self.header else (self._to,)

    def __iter__(self) -> Iterator[Record]:
        """Yield every data row."""
        match self.shape:
            case Shape.TABLE:
                return self._table()
            case Shape.LINES:
                return self._lines()
            case _:
                return self._list()

    def _text(self) -> IO[str]:
        """Return the file as text; bytes that are not UTF-8 become lone surrogates."""
        return io.TextIOWrapper(self._source.rewound(), "utf-8-sig", "surrogateescape", newline="")

    def _first_line(self) -> str:
        for line in self._text():
            if line.strip():
                return line.rstrip("\r\n")[:_LONGEST]
        message = f"{self._source.name} holds nothing but blank lines"
        raise UsageError(message, "Give a file with a row for each message.")

    def _header(self) -> tuple[str, ...]:
        for row in self._reader():
            if isinstance(row, list) and any(cell.strip() for cell in row):
                return tuple(cell.strip() for cell in row)
        raise UsageError(f"{self._source.name} has no header row", "Add one, like to,text.")

    def _reader(self) -> Iterator[list[str] | str]:
        """Yield the rows of a table, and what is wrong with one that cannot be read.

        Raises UsageError where nobody can tell where the next row begins.
        """
        csv.field_size_limit(_LONGEST)
        reader = csv.reader(self._text(), delimiter=self.delimiter, strict=True)
        while True:
            begun = reader.line_num + 1
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error as failure:
                if "expected after" in str(failure):
                    yield "a quote stands inside of a cell"
                    continue
                message = f"{self._source.name}, line {begun}: a quote is not closed"
                hint = "Close it; a quote inside of a quoted cell is written twice."
                raise UsageError(message, hint) from None

    def _table(self) -> Iterator[Record]:
        rows = self._reader()
        for row in rows:
            if isinstance(row, list) and any(cell.strip() for cell in row):
                break  # the header
        number = 0
        for row in rows:
            if isinstance(row, str):
                number += 1
                yield unreadable(number, row, "Quote the whole cell, and write its quotes twice.")
            elif any(row) and any(cell.strip() for cell in row):
                number += 1
                yield self._record(number, row)

    def _record(self, number: int, row: list[str]) -> Record:
        if len(row) > len(self.header):
            if any(cell.strip() for cell in row[len(self.header) :]):
                message = f"the row has {len(row)} cells, and the header {len(self.header)}"
                hint = f"Put a cell that holds {self.delimiter!r} in quotes."
                return unreadable(number, message, hint, dict(zip(self.header, row, strict=False)))
            row = row[: len(self.header)]
        cells = {}
        for column, cell in zip(self.header, row, strict=False):
            if not cell or not cell.strip():
                continue
            if not column:
                return unreadable(
                    number, "a cell stands in a column without a name", "Name the column."
                )
            cells[column] = cell
        return _checked(number, cells)

    def _list(self) -> Iterator[Record]:
        number = 0
        for line in self._text():
            if cleaned := line.strip():
                number += 1
                yield _checked(number, {self._to: cleaned})

    def _lines(self) -> Iterator[Record]:
        number = 0
        for line in self._text():
            if not line.strip():
                continue
            number += 1
            if len(line) > _LONGEST:
                yield unreadable(number, f"the line is longer than {_LONGEST} characters", "")
                continue
            yield _object(number, line)


def _object(number: int, line: str) -> Record:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as failure:
        message = f"the line is not JSON: {failure}"
        return unreadable(number, message, "Write one object per line.", {"line": line.strip()})
    if not isinstance(value, dict):
        return unreadable(number, "the line is not a JSON object", "Write one object per line.")
    cells = {}
    for name, cell in value.items():
        if cell is None:
            continue
        if isinstance(cell, bool):
            cells[name] = "true" if cell else "false"
        elif isinstance(cell, str):
            cells[name] = cell
        elif isinstance(cell, int | float) and name != "to":
            cells[name] = str(cell)
        else:
            kind = "a number" if isinstance(cell, int | float) else "not a text"
            hint = f'Write it as a text: {{"{name}": "…"}}.'
            return unreadable(number, f"the value of {name!r} is {kind}", hint)
    return _checked(number, {name: cell for name, cell in cells.items() if cell.strip()})


def _checked(number: int, cells: Mapping[str, str]) -> Record:
    for column, cell in cells.items():
        if not cell.isascii() and (found := _NOT_UTF8.search(cell)):
            code = ord(found[0])
            if 0xDC80 <= code <= 0xDCFF:
                message = f"the cell {column!r} is not UTF-8: byte 0x{code - 0xDC00:02x}"
                return unreadable(number, message, "Save the file as UTF-8.")
            message = f"the cell {column!r} holds half of a character: U+{code:04X}"
            return unreadable(number, message, "Write both halves, or the character itself.")
    return Record(number, cells)


def _is_number(line: str) -> bool:
    """Return whether a line is a number by itself; a long one is not looked at any closer."""
    return len(line) <= _LONGEST_NUMBER and _NUMBER.fullmatch(line) is not None


def _delimiter_of(header: str) -> str:
    """Return the delimiter that stands most often in a header, outside of quotes."""
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)
