"""One data row of a batch as it was read, before anybody asks what it means."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from linksms_cli.sms.mt.result import Problem


class Record(NamedTuple):
    """A row: its `number` counts the data rows from 1, its `cells` stand under their columns.

    A blank cell is left out; others are as they were written. `written` is all of the row as the
    file has it: the cells of a table in their order, or its text. `problem` says why the row cannot
    be read, None if it can.
    """

    number: int
    cells: Mapping[str, str]
    written: Sequence[str] | str = ""
    problem: Problem | None = None


def unreadable(
    number: int,
    message: str,
    hint: str,
    written: Sequence[str] | str,
    cells: Mapping[str, str] | None = None,
) -> Record:
    """Return a row that cannot be read, with the cells that could be."""
    return Record(number, cells or {}, written, Problem(kind="row", message=message, hint=hint))
