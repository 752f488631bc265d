"""The rows of a batch: CSV as spreadsheets write it, JSON Lines, or a plain list of numbers.

What one row has wrong is that row's problem. What makes the rest of the file uncertain, like a
quote that nobody closes, is an error of the whole file.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from linksms_cli.adapters.batch import objects, table
from linksms_cli.adapters.batch.lines import LONGEST, Lines, LineTooLongError
from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.errors import UsageError
from linksms_cli.sms.batch import columns
from linksms_cli.sms.batch.record import Record, unreadable

# The most characters of a number as people write it.
_LONGEST_NUMBER = 80
_DELIMITERS = ",;\t|"
# A number that may be spoilt: that is said of its row, and does not make it a header.
_NUMBER = re.compile(
    r"""[\s"'=+(]*\+?[\s(]*[0-9][0-9\s().\[\]/\u2010-\u2013-]*(,?[0-9]*[eE][+-]?[0-9]+)?['",;\s]*"""
)
# What a list has behind its numbers if a spreadsheet saved it with empty columns.
_BEHIND = ",;|"
# Bytes that are not UTF-8, halves of characters that JSON can spell (RFC 8259, 8.2), and NUL.
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_QUOTED = re.compile('"[^"]*("|$)')
# The line that tells Excel which delimiter follows.
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>.)"?\s*', re.IGNORECASE)


class Shape(StrEnum):
    """How a file holds its rows."""

    TABLE = "csv"
    LINES = "jsonl"
    LIST = "list"


class Rows:
    """The rows of one file, read as often as they are asked for, and never held.

    `header` are the columns of a table in their order, those without a name among them;
    `delimiter` separates its cells. `separator` is the line before the header that names the
    delimiter to Excel, blank if there is none, and `line_end` what ends the first line.

    Raises UsageError for a header that is none, or that lacks what `by_option` names.
    """

    def __init__(
        self, source: BatchSource, *, by_option: Mapping[str, str], delimiter: str | None
    ) -> None:
        self.source = source
        self._to = columns.field_columns(by_option)["to"]
        self.header: tuple[str, ...] = ()
        first = self._first_line()
        self.line_end = "\r\n" if first.endswith("\r\n") else "\n"
        named = _SEPARATOR.fullmatch(first)
        self.separator = first if named else ""
        self.delimiter = delimiter or (named["delimiter"] if named else ",")
        self.shape = Shape.TABLE
        if delimiter is None and not named:
            if first.lstrip().startswith(("{", "[")):
                self._check_object(first.strip())
                self.shape = Shape.LINES
            elif not by_option and _is_number(first):
                self.shape = Shape.LIST
            else:
                self.delimiter = _delimiter_of(first)
        if self.shape is Shape.TABLE:
            self.header = self._header()
            columns.of_header(self.header, by_option, are_numbers=any(map(_is_number, self.header)))

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
                return self._lines(objects.record)
            case _:
                return self._lines(self._listed)

    def _all_lines(self) -> Lines:
        return Lines(self.source.text(), self.source.name)

    def _first_line(self) -> str:
        """Return the first line that is not blank, or its beginning."""
        lines = self._all_lines()
        try:
            line = next((line for line in lines if line.strip()), None)
        except LineTooLongError:
            return lines.taken[-1]
        if line is None:
            message = f"{self.source.name} holds nothing but blank lines"
            raise UsageError(message, "Give a file with a row for each message.")
        return line

    def _check_object(self, first: str) -> None:
        """Check that a file of JSON has an object per line. Raises UsageError."""
        if first.startswith("[") or first == "{":
            what = "an array" if first.startswith("[") else "spread over lines"
            message = f"{self.source.name} is JSON, but {what}, not an object per line"
            hint = "Convert it, for example with: jq -c "
            raise UsageError(message, hint + ("'.[]'" if first.startswith("[") else "."))

    def _rows(self) -> Iterator[list[str] | table.Unsplit]:
        """Yield the rows of a table from its header on."""
        rows = table.rows(self._all_lines(), self.delimiter, self.source.name)
        wait_for_separator = bool(self.separator)
        for row in rows:
            if isinstance(row, list) and not any(map(str.strip, row)):
                continue
            if not wait_for_separator:
                yield row
                break
            wait_for_separator = False
        yield from rows

    def _header(self) -> tuple[str, ...]:
        header = next(self._rows(), None)
        if header is None:
            message = f"{self.source.name} has no header row"
            raise UsageError(message, "Add one, like to,text.")
        if isinstance(header, table.Unsplit):
            message = f"{self.source.name}: the header row cannot be read: {header.problem}"
            raise UsageError(message, header.hint)
        return tuple(cell.strip() for cell in header)

    def _table(self) -> Iterator[Record]:
        rows = self._rows()
        next(rows, None)
        number = 0
        for row in rows:
            if isinstance(row, table.Unsplit):
                number += 1
                yield unreadable(number, row.problem, row.hint, row.text)
            elif any(row) and any(map(str.strip, row)):
                number += 1
                yield self._record(number, row)

    def _record(self, number: int, row: list[str]) -> Record:
        header = self.header
        cells = {
            column: cell
            for column, cell in zip(header, row, strict=False)
            if cell and not cell.isspace()
        }
        if len(row) > len(header) and any(map(str.strip, row[len(header) :])):
            message = f"the row has {len(row)} cells, and the header {len(header)}"
            hint = f"Put a cell that holds {self.delimiter!r} in quotes."
            return unreadable(number, message, hint, row, cells)
        if "" in cells:
            message = "a cell stands in a column without a name"
            return unreadable(number, message, "Name the column.", row, cells)
        return _checked(Record(number, cells, row))

    def _lines(self, read: Callable[[int, str], Record]) -> Iterator[Record]:
        """Yield what a line each holds."""
        lines, number = self._all_lines(), 0
        while True:
            lines.taken.clear()
            try:
                line = next(lines)
            except StopIteration:
                return
            except LineTooLongError:
                number += 1
                message = f"the line is longer than {LONGEST} characters"
                yield unreadable(number, message, "Shorten it.", lines.taken[-1])
                continue
            if line.strip():
                number += 1
                yield _checked(read(number, line))

    def _listed(self, number: int, line: str) -> Record:
        typed = line.strip().rstrip(_BEHIND).rstrip()
        return Record(number, {self._to: typed} if typed else {}, [typed])


def _checked(record: Record) -> Record:
    """Return a row, or that it is not readable because of characters that are none."""
    everything = "".join(record.cells.values())
    if everything.isascii() and "\0" not in everything:
        return record
    for column, cell in record.cells.items():
        if found := _NO_CHARACTER.search(cell):
            message, hint = _no_character(column, ord(found[0]))
            return unreadable(record.number, message, hint, record.written, record.cells)
    return record


def _no_character(column: str, code: int) -> tuple[str, str]:
    if not code:
        return f"the cell {column!r} holds a NUL character", "Remove it."
    if 0xDC80 <= code <= 0xDCFF:
        byte = f"0x{code - 0xDC00:02x}"
        return f"the cell {column!r} is not UTF-8: byte {byte}", "Save the file as UTF-8."
    message = f"the cell {column!r} holds half of a character: U+{code:04X}"
    return message, "Write both halves, or the character itself."


def _is_number(line: str) -> bool:
    """Return whether a line is a number by itself; a long one is not looked at any closer."""
    return len(line) <= _LONGEST_NUMBER and _NUMBER.fullmatch(line) is not None


def _delimiter_of(header: str) -> str:
    """Return the delimiter that stands most often in a header, outside of quotes."""
    bare = _QUOTED.sub("", header)
    return max(_DELIMITERS, key=bare.count)
