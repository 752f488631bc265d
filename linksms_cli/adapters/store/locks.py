"""Locks on files, which end with their process, even killed: one that excludes, one that is shared.

Nothing piles up, and no process identifiers are compared that a container or a reboot may have
given to somebody else. Each raises OSError where its file cannot be opened.
"""

import os
import sys
from pathlib import Path

# How many may share a lock where locks cannot be shared (Windows).
_PLACES = 64


class KeyLock:
    """A try to hold a name against all others: one file, and a byte of it for each name.

    `held` says whether that worked; what is held is held until `close`.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._file = _open(path)
        try:
            self.held = _lock(self._file, _offset(name))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the name."""
        os.close(self._file)


class SharedLock:
    """A sign that somebody is at work, which others may be too, until `close`."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        try:
            _share(self._file)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the work."""
        os.close(self._file)


def is_shared(path: Path) -> bool:
    """Say whether anybody holds the shared lock; nobody does where there is no such file."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return _is_shared(file)
    finally:
        os.close(file)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


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
