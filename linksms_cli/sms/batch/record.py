"""One data row of a batch as it was read, before anybody asks what it means."""

from collections.abc import Mapping
from typing import NamedTuple

from linksms_cli.sms.mt.result import Problem


class Record(NamedTuple):
    """A row: its `number` counts the data rows from 1, its `cells` stand under their columns.

    A blank cell is left out; others are as they were written. `problem` says why the row cannot be
    read, None if it can.
    """

    number: int
    cells: Mapping[str, str]
    problem: Problem | None = None


def unreadable(
    number: int, message: str, hint: str, cells: Mapping[str, str] | None = None
) -> Record:
    """Return a row that cannot be read, with the cells that could be."""
    return Record(number, cells or {}, Problem(kind="row", message=message, hint=hint))
