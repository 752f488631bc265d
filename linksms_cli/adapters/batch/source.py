"""The bytes of a batch: read twice, once to know the batch and once to send it, and never kept.

A pipe is copied into a file without a name first, since nobody can read it again.
"""

import codecs
import hashlib
import io
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO, NamedTuple

from linksms_cli.errors import UsageError

_CHUNK = 1 << 20
# A text in UTF-16 has a zero in one of two bytes, if it is in Latin letters and digits: delimiters
# and numbers are, whatever the words.
_LOOKED_AT = 4096


class FileEncoding(NamedTuple):
    """How a file holds its characters; `bom` is what stands before the first one.

    Bytes that are no character, and halves of one, become lone surrogates by `errors`, and the same
    bytes again when they are written.
    """

    name: str
    bom: bytes
    errors: str


_UTF8 = FileEncoding("utf-8", b"", "surrogateescape")
_WITH_BOM = (
    FileEncoding("utf-8", codecs.BOM_UTF8, "surrogateescape"),
    # Excel's "Unicode Text".
    FileEncoding("utf-16-le", codecs.BOM_UTF16_LE, "surrogatepass"),
    FileEncoding("utf-16-be", codecs.BOM_UTF16_BE, "surrogatepass"),
)


class BatchSource:
    """An opened batch file; `name` is what messages call it, `sha256` the digest of its bytes.

    It is UTF-8, or UTF-16 if its first bytes say so. Raises UsageError if it cannot be read, is
    empty, or is UTF-16 that does not say so.
    """

    def __init__(self, path: str, stdin: BinaryIO | None) -> None:
        self.name = "stdin" if path == "-" else path
        self._ends = ExitStack()
        self._start = 0
        try:
            self._file = self._open(path, stdin)
            self._begun = os.fstat(self._file.fileno())
            self.sha256 = self._digest()
            self.encoding = self._encoding()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._ends.close()

    def text(self) -> IO[str]:
        """Return the batch as text, at its beginning; line ends are as they are in the file.

        Whoever had it before reads no more of it.
        """
        encoding = self.encoding
        file = self._rewound()
        file.read(len(encoding.bom))
        return io.TextIOWrapper(file, encoding.name, encoding.errors, newline="")

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
            # Of a stdin that others have read from, what they left is ours.
            self._start = os.lseek(opened.fileno(), 0, os.SEEK_CUR)
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
        file = self._rewound()
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

    def _encoding(self) -> FileEncoding:
        first = self._rewound().read(_LOOKED_AT)
        for encoding in _WITH_BOM:
            if first.startswith(encoding.bom):
                return encoding
        if first.count(0) > len(first) // 4:
            name = "UTF-16LE" if first[1:2] == b"\0" else "UTF-16BE"
            message = f"{self.name} is in {name} without a byte order mark"
            hint = f"Convert it first: iconv -f {name} -t UTF-8. In Excel, save as CSV UTF-8."
            raise UsageError(message, hint)
        return _UTF8

    def _rewound(self) -> BinaryIO:
        number = self._file.fileno()
        os.lseek(number, self._start, os.SEEK_SET)
        return io.BufferedReader(io.FileIO(number, closefd=False))
