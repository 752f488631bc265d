"""File locks that end with their process, even if it is killed: one per key, and a shared one.

Nothing piles up, and no process identifiers are compared that a container or a reboot may have
given to somebody else. Each raises OSError where its file cannot be opened.
"""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linksms_cli.adapters.store.files import open_file, open_present

# How many may share a lock where locks cannot be shared (Windows).
_PLACES = 64


class KeyLock:
    """A try to hold a name against all others: one file, and a byte of it for each name.

    `held` says whether that worked; what is held is held until `close`, whatever other names this
    process lets go of meanwhile.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._offset = _offset(name)
        self._file = _NAMED.open(path)
        try:
            self.held = self._file.hold(self._offset)
        except BaseException:
            _NAMED.close(self._file)
            raise

    def close(self) -> None:
        """Let go of the name."""
        if self.held:
            self._file.let_go(self._offset)
        _NAMED.close(self._file)


class _NamedFile:
    """A file whose bytes are held, opened once for the whole process.

    POSIX frees all of a process's locks on a file as soon as it closes any descriptor of that file,
    and never keeps a process from a byte that it holds itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.users = 0
        self.file = open_file(path)
        self._held: set[int] = set()

    def hold(self, offset: int) -> bool:
        with _NAMED.lock:
            if offset in self._held or not _lock(self.file, offset):
                return False
            self._held.add(offset)
            return True

    def let_go(self, offset: int) -> None:
        with _NAMED.lock:
            self._held.discard(offset)
            _unlock(self.file, offset)


class _NamedFiles:
    """The files of this process whose bytes are held, each open while anybody uses it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._open: dict[Path, _NamedFile] = {}

    def open(self, path: Path) -> _NamedFile:
        with self.lock:
            file = self._open.get(path)
            if file is None:
                file = self._open[path] = _NamedFile(path)
            file.users += 1
            return file

    def close(self, file: _NamedFile) -> None:
        with self.lock:
            file.users -= 1
            if not file.users:
                del self._open[file.path]
                os.close(file.file)


_NAMED = _NamedFiles()


class SharedLock:
    """A sign that somebody is at work, which others may be too, until `close`."""

    def __init__(self, path: Path) -> None:
        self._file = open_file(path)
        try:
            _share(self._file)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the work."""
        os.close(self._file)


def is_shared(path: Path) -> bool:
    """Return whether anybody holds the shared lock; nobody does if the file is not there.

    Nor on a read-only mount: who holds it could not work there.
    """
    try:
        file = open_present(path)
    except FileNotFoundError:
        return False
    except OSError as failure:
        if failure.errno == errno.EROFS:
            return False
        raise
    try:
        return _is_shared(file)
    finally:
        os.close(file)


@contextmanager
def exclusive(file: int) -> Iterator[None]:
    """Keep everybody else who asks out of an open file while the block runs."""
    _wait_for(file)
    try:
        yield
    finally:
        _free(file)


def _offset(name: str) -> int:
    import hashlib

    # 31 bits, the most that Windows takes; two names that share a byte merely wait for each other.
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, offset: int) -> bool:
        os.lseek(file, offset, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int, offset: int) -> None:
        os.lseek(file, offset, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

    def _wait_for(file: int) -> None:
        os.lseek(file, _PLACES, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)
        os.lseek(file, 0, os.SEEK_SET)

    def _free(file: int) -> None:
        _unlock(file, _PLACES)

    def _share(file: int) -> None:
        for place in range(_PLACES):
            if _lock(file, place):
                return

    def _is_shared(file: int) -> bool:
        return not all(_lock(file, place) for place in range(_PLACES))

else:
    import fcntl

    def _lock(file: int, offset: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: int, offset: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, offset)

    def _wait_for(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _free(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

    # flock and not lockf: its locks belong to the open file, so that two receivers in one process,
    # or one beside a sender that looks, do not take each other's away.
    def _share(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_SH)

    def _is_shared(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
