"""The files of a store in a folder: their owner's alone, or also its group's if the folder is.

A folder is shared if it has the setgid bit and lets its group in: what is made in it belongs to
that group, whatever the umask of who makes it, and to nobody else.
"""

import errno
import os
import stat
from pathlib import Path

from linksms_cli.adapters.ownership import refuse_opened

_SHARED = stat.S_ISGID | stat.S_IRWXG
# Nobody who may write to the folder can make us open a file somewhere else.
# Nor wait: a pipe may lie there.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def is_shared(folder: Path) -> bool:
    """Return whether a folder is its group's too. Raises OSError."""
    return folder.stat().st_mode & _SHARED == _SHARED


def mode_in(folder: Path) -> int:
    """Return the mode of the files in a folder. Raises OSError."""
    return 0o660 if is_shared(folder) else 0o600


def open_file(path: Path) -> int:
    """Open a file to read and write, made if it is not there. Raises OSError."""
    try:
        return open_present(path)
    except FileNotFoundError:
        pass
    try:
        return make(path)
    except FileExistsError:  # somebody was faster
        return open_present(path)


def open_present(path: Path, mode: int = os.O_RDWR) -> int:
    """Open a file that is there.

    Raises OSError: also for a link, for what is not a file, and for what a stranger may have made.
    """
    file = os.open(path, mode | _NO_LINK)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, f"{path.name} is not a regular file")
        refuse_opened(file, path)
    except BaseException:
        os.close(file)
        raise
    return file


def make(path: Path) -> int:
    """Make a file that is not there, and open it. Raises OSError."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)
    try:
        _hand_over(file, path.parent)
    except BaseException:
        os.close(file)
        raise
    return file


def _hand_over(file: int, folder: Path) -> None:
    """Give a file that was just made to those whom the folder belongs to."""
    if os.name == "nt":
        return
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        # Otherwise the user's next command could not open what root has made in passing.
        os.fchown(file, owner.st_uid, owner.st_gid)
    if is_shared(folder):
        os.fchmod(file, mode_in(folder))
