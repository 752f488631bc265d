"""The rows that were not sent, with their reasons, in the input's own shape: to be mended."""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from linksms_cli.errors import UsageError

REASON = "error"


class Rejects:
    """Writes rows to a file that only the user may read; a list of numbers becomes a table.

    Raises UsageError where it cannot be written.
    """

    def __init__(self, path: Path, header: Sequence[str] | None, delimiter: str) -> None:
        self._path = path
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            # Line by line, so that a row that cannot be written is known at once.
            self._file = os.fdopen(number, "w", 1, "utf-8", "backslashreplace", newline="")
            self._columns = [*(one for one in header or () if one and one != REASON), REASON]
            self._writer = None if header is None else csv.writer(self._file, delimiter=delimiter)
            if self._writer:
                self._writer.writerow(self._columns)
        except OSError as failure:
            if hasattr(self, "_file"):
                self.close()
            raise self._failed(failure) from None

    def add(self, cells: Mapping[str, str], reason: str) -> None:
        """Write a row."""
        try:
            if self._writer:
                told = {**cells, REASON: reason}
                self._writer.writerow([told.get(column, "") for column in self._columns])
            else:
                line = json.dumps({**cells, REASON: reason}, ensure_ascii=False)
                self._file.write(f"{line}\n")
        except OSError as failure:
            raise self._failed(failure) from None

    def close(self) -> None:
        """Close the file, whose lines have all been written."""
        with suppress(OSError):
            self._file.close()

    def _failed(self, failure: OSError) -> UsageError:
        message = f"--rejected {self._path} cannot be written: {failure.strerror}"
        return UsageError(message, "Name a file in a folder that you may write to.")
