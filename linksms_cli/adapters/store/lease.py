"""Whether a live receiver works on the store: a lock that ends with its process, even killed."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "listen.lock"
# How many receivers may share a store where locks cannot be shared (Windows).
_PLACES = 64


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Be a live receiver on the store in `folder` while the block runs; others may be too."""
    file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _share(file)
        yield
    finally:
        os.close(file)


def is_held(folder: Path) -> bool:
    """Say whether anybody listens for the store in `folder`."""
    try:
        file = os.open(folder / FILE, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return _is_shared(file)
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _share(file: int) -> None:
        for place in range(_PLACES):
            if _take(file, place):
                return

    def _is_shared(file: int) -> bool:
        return not all(_take(file, place) for place in range(_PLACES))

    def _take(file: int, place: int) -> bool:
        os.lseek(file, place, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

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
