"""The parts of a text as the handset gets them, drawn for the eye.

Where a part ends is seen, with the spaces at its edge; under each line stand marks for what GSM-7
lacks and for what counts twice; a bar shows how full each part is.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.segments import Encoding, Part, cut
from linksms_cli.views.layout import Tone, paint
from linksms_cli.views.segments.signs import LINE_END, shown

# What stands beside the bar that shows how full a part is.
_BESIDE_BAR = 44
_LACKING = "^"
_TWICE = "2"
_LEGEND = {_LACKING: "not in GSM-7", _TWICE: "takes two units"}
_TONES = {_LACKING: Tone.UNSURE, _TWICE: Tone.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A character as it is shown: in how many columns, and with which mark under it, if any."""

    shown: str
    columns: int
    mark: str

    @property
    def painted(self) -> str:
        return paint(self.shown, _TONES[self.mark]) if self.mark else self.shown


def as_text(text: str, encoding: Encoding, width: int = 80) -> str:
    """Draw the parts of `text`, which is sent in that encoding."""
    parts = cut(text)
    lines: list[str] = []
    used: set[str] = set()
    for number, part in enumerate(parts, 1):
        cells = _cells(part.text, encoding)
        used |= {cell.mark for cell in cells}
        lines += [
            _heading(part, f"Part {number} of {len(parts)}", width),
            *_drawing(cells, width - 4),
            "",
        ]
    lines += [
        paint(f"  {mark} {meaning}", Tone.QUIET)
        for mark, meaning in _LEGEND.items()
        if mark in used
    ]
    return "\n".join(lines).removesuffix("\n")


def _heading(part: Part, name: str, width: int) -> str:
    """Say how full a part is."""
    columns = width - _BESIDE_BAR
    filled = columns * part.units // part.size
    bar = paint("█" * filled, Tone.PENDING) + paint("░" * (columns - filled), Tone.QUIET)
    left = part.size - part.units
    room = f"{left} left" if left else "full"
    return f"{paint(f'{name:13}', Tone.STRONG)} {bar}  {part.units} of {part.size}, {room}"


def _drawing(cells: Sequence[_Cell], columns: int) -> Iterator[str]:
    """Give the lines of a part, each with its marks under it; a bar closes the last one."""
    edge = paint("│", Tone.QUIET)
    rows = list(_rows(cells, columns))
    for number, row in enumerate(rows, 1):
        closing = edge if number == len(rows) else ""
        yield f"  {edge}{''.join(cell.painted for cell in row)}{closing}"
        if any(cell.mark for cell in row):
            yield "   " + "".join(
                paint(cell.mark * cell.columns, _TONES[cell.mark])
                if cell.mark
                else " " * cell.columns
                for cell in row
            ).rstrip(" ")


def _rows(cells: Sequence[_Cell], columns: int) -> Iterator[list[_Cell]]:
    """Break a part into lines: at its own line ends, and behind spaces where it is too wide."""
    row: list[_Cell] = []
    for cell in cells:
        if sum(each.columns for each in row) + cell.columns > columns:
            spaces = [place for place, each in enumerate(row, 1) if each.shown == " "]
            end = spaces[-1] if spaces else len(row)
            yield row[:end]
            row = row[end:]
        row.append(cell)
        if cell.shown == LINE_END:
            yield row
            row = []
    yield row


def _cells(text: str, encoding: Encoding) -> list[_Cell]:
    cells: list[_Cell] = []
    for character in text:
        mark = _mark(character, encoding)
        if cells and unicodedata.category(character) in {"Mn", "Me"}:
            # It is drawn over the character before, and so is its mark.
            cells[-1] = replace(
                cells[-1], shown=cells[-1].shown + character, mark=mark or cells[-1].mark
            )
            continue
        sign = shown(character)
        columns = 1 if unicodedata.combining(character) else len(sign)
        wide = len(sign) == 1 and unicodedata.east_asian_width(sign) in {"W", "F"}
        cells.append(_Cell(shown=sign, columns=2 if wide else columns, mark=mark))
    return cells


def _mark(character: str, encoding: Encoding) -> str:
    if encoding is Encoding.UCS2:
        return "" if alphabet.is_gsm(character) else _LACKING
    return _TWICE if character in alphabet.EXTENSION else ""
