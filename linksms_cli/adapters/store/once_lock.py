"""Hold a once-key while a live process works on it: a lock that ends with the process, even killed.

One file, and a byte of it for each key: nothing piles up, and no process identifiers are compared
that a container or a reboot may have given to somebody else.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "once.lock"


@contextmanager
def try_to_hold(folder: Path, name: str) -> Iterator[bool]:
    """Try to hold `name`; the block is told whether that worked, and holds it until its end."""
    file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(file, _offset(name))
    finally:
        os.close(file)


def _offset(name: str) -> int:
    # 31 bits, the most that Windows takes; two keys that share a byte merely wait for each other.
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

else:
    import fcntl

    def _lock(file: int, offset: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except BlockingIOError:
            return False
        return True
