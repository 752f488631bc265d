"""The rows that were not sent, with their reasons, in the input's own shape: to be mended."""

import csv
import errno
import io
import os
import stat
from contextlib import suppress
from pathlib import Path

from linksms_cli.adapters.batch import objects
from linksms_cli.adapters.batch.reading import Rows, Shape
from linksms_cli.adapters.ownership import is_open_to_all, refuse_opened, refuse_planted
from linksms_cli.errors import UsageError
from linksms_cli.sms import formula
from linksms_cli.sms.batch.record import Record

# The column of the reasons, and its name if the rows have one of this name already.
_REASON, _OTHERWISE = "error", "linksms_error"


class Rejects:
    """Writes rows to a file, made for the user alone, as the batch has them and with a reason.

    Delimiter, header, encoding and line ends are the batch's. A list of numbers becomes a table.
    The file can be given as a batch itself: a reason in it is replaced by the next one. So its
    cells stay what they are, formulas too; a reason, which may quote the gateway, begins none.

    Raises UsageError if it cannot be opened.
    """

    def __init__(self, path: Path, rows: Rows) -> None:
        self._path = path
        self._rows = rows
        header = list(rows.header) or list(rows.columns or ())
        # Of a file of reasons it is the last column: one that stands elsewhere is somebody's own.
        self._reason = _OTHERWISE if _REASON in header[:-1] else _REASON
        self._has_reason = header[-1:] == [self._reason]
        self._width = len(header) - self._has_reason
        self._header = header[: self._width]
        try:
            number = _open(path)
        except OSError as failure:
            raise self._failed(failure) from None
        self._file = os.fdopen(number, "wb")

    def begin(self) -> None:
        """Begin the file anew; what an earlier run has left in it stays there until now.

        Raises UsageError if it cannot be written.
        """
        names = [*self._header, self._reason]
        header = "" if self._rows.shape is Shape.LINES else self._row(names)
        try:
            if stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
                self._file.truncate()
            self._file.write(self._rows.source.encoding.bom)
            self._write(self._rows.separator + header)
        except OSError as failure:
            raise self._failed(failure) from None

    def add(self, record: Record, reason: str) -> None:
        """Write a row. Raises UsageError if it cannot be written."""
        written = record.written
        if self._rows.shape is Shape.LINES:
            text = objects.with_reason(str(written), self._reason, reason) + self._rows.line_end
        else:
            told = formula.defused(reason, self._rows.delimiter)
            if isinstance(written, str):  # its cells cannot be told apart, an old reason neither
                text = f"{written}{self._rows.delimiter}{self._row([told])}"
            else:
                text = self._row(self._cells(list(written), told))
        try:
            self._write(text)
        except OSError as failure:
            raise self._failed(failure) from None

    def close(self) -> None:
        """Close the file, whose rows have all been written."""
        with suppress(OSError):
            self._file.close()

    def _cells(self, cells: list[str], reason: str) -> list[str]:
        """Return the cells of a row with the reason in its column, or behind what is too much."""
        if self._has_reason and len(cells) > self._width:
            cells = cells[:-1]  # the reason of the time before
        while len(cells) > self._width and not cells[-1].strip():
            cells = cells[:-1]
        return [*cells, *[""] * (self._width - len(cells)), reason]

    def _row(self, cells: list[str]) -> str:
        text = io.StringIO()
        # Cells are quoted for what stands in this line end: both characters, whatever the batch's.
        csv.writer(text, delimiter=self._rows.delimiter, lineterminator="\r\n").writerow(cells)
        return text.getvalue().removesuffix("\r\n") + self._rows.line_end

    def _write(self, text: str) -> None:
        encoding = self._rows.source.encoding
        try:
            encoded = text.encode(encoding.name, encoding.errors)
        except UnicodeEncodeError:  # half of a character that JSON spelt: it is spelt so again
            encoded = text.encode(encoding.name, "backslashreplace")
        # Row by row, so that one that cannot be written is known at once.
        self._file.write(encoded)
        self._file.flush()

    def _failed(self, failure: OSError) -> UsageError:
        message = f"--rejected {self._path} cannot be written: {failure.strerror}"
        return UsageError(message, "Name a file in a folder that you may write to.")


def _open(path: Path) -> int:
    """Open a file to write to, made if it is not there; what is in it stays. Raises OSError.

    It may be a pipe that somebody reads, too.
    """
    end = refuse_planted(path)
    flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)  # or a pipe that nobody reads is waited for
    alone = 0
    if end.parent.is_dir() and is_open_to_all(end.parent):
        # Somebody may put a link there by now. Elsewhere it may be one: /dev/stdout is.
        path, flags, alone = end, flags | os.O_NOFOLLOW, os.O_EXCL
    try:
        file = os.open(path, flags)
    except FileNotFoundError:
        return os.open(path, flags | os.O_CREAT | alone, 0o600)
    except OSError as failure:
        if failure.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "it is a pipe that nobody reads") from None
        raise
    try:
        refuse_opened(file, end)
        if os.name != "nt":
            os.set_blocking(file, True)
    except BaseException:
        os.close(file)
        raise
    return file
