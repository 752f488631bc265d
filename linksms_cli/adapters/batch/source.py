"""The bytes of a batch: read twice, once to know the batch and once to send it, and never kept.

A pipe is copied into a file without a name first, since nobody can read it again.
"""

import hashlib
import io
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from linksms_cli.errors import UsageError

_CHUNK = 1 << 20
# A text in UTF-16 has a zero in one of two bytes, if it is in Latin letters and digits.
_LOOKED_AT = 4096
_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class BatchSource:
    """An opened batch file; `name` is what messages call it, `sha256` the digest of its bytes.

    Raises UsageError if it cannot be read, is empty, or is not UTF-8 by its first bytes.
    """

    def __init__(self, path: str, stdin: BinaryIO | None) -> None:
        self.name = "stdin" if path == "-" else path
        self._ends = ExitStack()
        try:
            self._file = self._open(path, stdin)
            self._begun = os.fstat(self._file.fileno())
            self.sha256 = self._digest()
            self._check_encoding()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._ends.close()

    def rewound(self) -> BinaryIO:
        """Return the file, at its beginning. Whoever had it before reads no more of it."""
        number = self._file.fileno()
        os.lseek(number, 0, os.SEEK_SET)
        return io.BufferedReader(io.FileIO(number, closefd=False))

    def is_same_file(self, path: Path) -> bool:
        """Return whether a path leads to this very file."""
        try:
            return os.path.samestat(path.stat(), self._begun)
        except OSError:
            return False

    def check_unchanged(self) -> None:
        """Raise UsageError if the file was written to since it was opened."""
        now = os.fstat(self._file.fileno())
        if (now.st_size, now.st_mtime_ns) != (self._begun.st_size, self._begun.st_mtime_ns):
            message = f"{self.name} was changed while it was read"
            raise UsageError(message, "Run the command again once nobody writes to the file.")

    def _open(self, path: str, stdin: BinaryIO | None) -> IO[bytes]:
        if path == "-":
            if stdin is None:
                raise UsageError("stdin is closed", "Name a file with --batch, or pipe one in.")
            opened: IO[bytes] = stdin
        else:
            try:
                opened = Path(path).open("rb")  # noqa: SIM115 - closed with everything else
                self._ends.callback(opened.close)
            except OSError as failure:
                message = f"{path} cannot be read: {failure.strerror}"
                raise UsageError(message, "Check the path after --batch.") from None
        if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            return opened
        return self._copied(opened)

    def _copied(self, opened: IO[bytes]) -> IO[bytes]:
        copy = TemporaryFile(prefix="linksms-")  # noqa: SIM115 - closed with everything else
        self._ends.callback(copy.close)
        try:
            while chunk := opened.read(_CHUNK):
                copy.write(chunk)
            copy.flush()
        except OSError as failure:
            message = f"{self.name} cannot be copied to be read twice: {failure.strerror}"
            raise UsageError(message, "Make room in TMPDIR, or give a file.") from None
        return copy

    def _digest(self) -> bytes:
        digest, size = hashlib.sha256(), 0
        file = self.rewound()
        try:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        except OSError as failure:
            message = f"{self.name} cannot be read: {failure.strerror}"
            raise UsageError(message, "Give a file with a row for each message.") from None
        if not size:
            raise UsageError(f"{self.name} is empty", "Give a file with a row for each message.")
        return digest.digest()

    def _check_encoding(self) -> None:
        first = self.rewound().read(_LOOKED_AT)
        encoding = _BOMS.get(first[:2])
        if encoding is None and b"\0" in first:
            encoding = "UTF-16LE" if first[1:2] == b"\0" else "UTF-16BE"
        if encoding:
            message = f"{self.name} is in {encoding}, not in UTF-8"
            hint = f"Convert it first: iconv -f {encoding} -t UTF-8. In Excel, save as CSV UTF-8."
            raise UsageError(message, hint)
