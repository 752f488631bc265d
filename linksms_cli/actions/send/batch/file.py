"""The file of a batch: opened before anything else, since most mistakes are made there."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from linksms_cli.adapters.batch.reading import Rows, Shape
from linksms_cli.adapters.batch.rejects import Rejects
from linksms_cli.adapters.batch.source import BatchSource
from linksms_cli.errors import UsageError
from linksms_cli.sms.batch.columns import field_columns
from linksms_cli.sms.batch.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """An opened file and its rows."""

    source: BatchSource
    rows: Rows
    by_option: Mapping[str, str]

    def check(self, template: Template | None, *, charge_only: bool) -> None:
        """Check that each row can have a text. Raises UsageError for a column that is missing.

        Rows of JSON say their own columns, and are checked one by one.
        """
        there = self.rows.columns
        if there is None:
            return
        if template is not None:
            missing = template.missing(there)
            if missing:
                message = f"the template needs a column {missing!r}, and there is none"
                raise UsageError(message, f"There are: {', '.join(there)}.")
        elif field_columns(self.by_option)["text"] not in there and not charge_only:
            raise UsageError(
                "there is no text for the messages",
                "Give one as an argument, or a column 'text' (or --column text=COLUMN).",
            )

    @property
    def shape(self) -> str:
        """How the file is read, in a few words."""
        rows = self.rows
        encoding = self.source.encoding.name.upper().removesuffix("-LE").removesuffix("-BE")
        match rows.shape:
            case Shape.LINES:
                return f"JSON Lines, {encoding}"
            case Shape.LIST:
                return f"a list of numbers, {encoding}"
            case Shape.TABLE:
                between = "tab" if rows.delimiter == "\t" else f"'{rows.delimiter}'"
                return f"CSV with {between}, {encoding}; columns {', '.join(rows.columns or ())}"


@contextmanager
def opened_file(
    path: str, stdin: BinaryIO | None, *, by_option: Mapping[str, str], delimiter: str | None
) -> Iterator[BatchFile]:
    """Open a batch file for the block. Raises UsageError if it is not one."""
    with closing(BatchSource(path, stdin)) as source:
        rows = Rows(source, by_option=by_option, delimiter=delimiter)
        yield BatchFile(source=source, rows=rows, by_option=by_option)


@contextmanager
def opened_rejects(path: Path | None, file: BatchFile) -> Iterator[Rejects | None]:
    """Open the file for rows that have to be mended, if there is to be one.

    Raises UsageError if it is the batch itself, or cannot be written.
    """
    if path is None:
        yield None
        return
    if file.source.is_same_file(path):
        raise UsageError(
            "--rejected names the batch file itself, which would be lost", "Name another file."
        )
    with closing(Rejects(path, file.rows)) as rejects:
        yield rejects
