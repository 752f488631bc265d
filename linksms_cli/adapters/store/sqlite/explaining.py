"""What SQLite's errors and the file system's mean for a store in a folder, and what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linksms_cli.adapters.store.sql.connection import DamagedError
from linksms_cli.errors import StoreAwayError, StoreError

# SQLite's primary result codes, https://www.sqlite.org/rescode.html
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
_ELSEWHERE = "or name another folder in LINKSMS_STATE."
_MORE_MEMORY = "Free some memory, or allow this program more (ulimit -v)."
_WHAT_IS_WRONG = {
    _BUSY: (
        "is locked by another process",
        "Try again; if that does not help, find the process that holds it.",
    ),
    _LOCKED: ("is locked", "Try again."),
    _READONLY: ("cannot be written", f"Make the folder writable, {_ELSEWHERE}"),
    _IOERR: ("cannot be read or written: the disk failed", "Check the disk and its mount."),
    _CORRUPT: (
        "is damaged",
        "Copy it, then repair it with sqlite3's .recover: a fresh one knows none of its once-keys.",
    ),
    _FULL: ("cannot grow: the disk is full", f"Free some space, {_ELSEWHERE}"),
    _CANTOPEN: ("cannot be opened", f"Check the folder and its permissions, {_ELSEWHERE}"),
    _NOTADB: ("is not a database", f"Move it aside, {_ELSEWHERE}"),
}


def is_busy(failure: sqlite3.Error) -> bool:
    """Return whether another process has the lock that was wanted."""
    return getattr(failure, "sqlite_errorcode", 0) & 0xFF == _BUSY


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise in the block into a StoreError about `path`."""
    try:
        yield
    except sqlite3.Error as failure:
        # The low byte is the primary code; the rest says which of its cases it was.
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
        wrong, remedy = _WHAT_IS_WRONG.get(code, (f"failed: {failure}", None))
        kind = StoreAwayError if code == _BUSY else StoreError
        raise kind(f"the store {path} {wrong}", remedy) from None
    except (DamagedError, ValueError, TypeError, LookupError) as failure:
        # A row that SQLite reads without complaint may still hold what nobody has written.
        wrong, remedy = _WHAT_IS_WRONG[_CORRUPT]
        raise StoreError(f"the store {path} {wrong} ({failure})", remedy) from None
    except MemoryError:
        raise StoreError(f"the store {path} cannot be used: out of memory", _MORE_MEMORY) from None
    except OSError as failure:
        message = f"the store {path} cannot be used: {failure.strerror}"
        hint = "Name another folder in LINKSMS_STATE."
        if failure.errno == errno.EACCES:
            hint = (
                "Ask its owner to share it with a group of yours (linksms store share GROUP), "
                "or name another folder in LINKSMS_STATE."
            )
        raise StoreError(message, hint) from None
