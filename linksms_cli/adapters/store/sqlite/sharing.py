"""Share the folder of a store with a group of this machine's users, or no longer."""

import os
import re
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from linksms_cli.adapters.ownership import make_folder
from linksms_cli.adapters.store.sqlite import database, witness
from linksms_cli.adapters.store.sqlite.explaining import readable_errors
from linksms_cli.errors import StoreError, UsageError
from linksms_cli.sms.holdings import StoreShared

_FOLDER, _FILE = 0o2770, 0o660
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_AS_ROOT = "Run this as root, or as the owner of the folder and a member of the group."


def share(folder: Path, group: str, files: tuple[str, ...]) -> StoreShared:
    """Give the store in a folder, made if it is not there, to a group too.

    `files` are the names of the locks. Raises UsageError if there is no such group, StoreError.
    """
    number = _number_of(group)
    with readable_errors(folder):
        make_folder(folder)
        # The folder last: nobody comes in before all is theirs.
        for path in _present(folder, files):
            _allowed(path, lambda file: _change(file, number, _FILE))
        _allowed(folder, lambda file: _change(file, number, _FOLDER))
    return StoreShared(
        place=str(folder),
        group=group,
        closed=tuple(str(one) for one in folder.absolute().parents if not _lets_in(one, number)),
    )


def stop_sharing(folder: Path, files: tuple[str, ...]) -> StoreShared:
    """Give the store to its owner alone again. Raises StoreError."""
    with readable_errors(folder):
        number = _own_group(folder.stat().st_uid)
        _allowed(folder, lambda file: _change(file, number, _PRIVATE_FOLDER))
        for path in _present(folder, files):
            # What a member has made is that member's to change; nobody gets to it any more.
            with suppress(PermissionError):
                _with(path, lambda file: _change(file, number, _PRIVATE_FILE))
    return StoreShared(place=str(folder), group=None, closed=())


def group_of(folder: Path) -> str:
    """Return the name of a folder's group, or its number if it has none. Raises OSError."""
    number = folder.stat().st_gid
    if sys.platform != "win32":
        import grp

        with suppress(KeyError):
            return grp.getgrgid(number).gr_name
    return str(number)


def _present(folder: Path, files: tuple[str, ...]) -> list[Path]:
    name = database.FILE
    names = (name, f"{name}-wal", f"{name}-shm", f"{name}-journal", witness.FILE, *files)
    return [path for one in names if (path := folder / one).exists()]


def _allowed(path: Path, change: Callable[[int], None]) -> None:
    """Change a file or folder. Raises StoreError if that is for others to do."""
    try:
        _with(path, change)
    except PermissionError:
        message = f"you may not change who can use {path}, which belongs to {_owner(path)}"
        raise StoreError(message, _AS_ROOT) from None


def _with(path: Path, change: Callable[[int], None]) -> None:
    unmoved = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.open(path, os.O_RDONLY | unmoved)
    try:
        found = os.fstat(file)
        if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
            # Whoever may write to the folder can give a file of somebody else's a name in it.
            message = f"{path} has a second name elsewhere, so its owner and mode are left alone"
            raise StoreError(message, "Copy the file in the folder, and give the copy its name.")
        change(file)
    finally:
        os.close(file)


def _change(file: int, group: int, mode: int) -> None:
    os.fchown(file, -1, group)
    os.fchmod(file, mode)
    # The system takes the bit away in silence from who is not in the group.
    if mode & stat.S_ISGID and not os.fstat(file).st_mode & stat.S_ISGID:
        raise PermissionError


def _lets_in(folder: Path, group: int) -> bool:
    found = folder.stat()
    of_group = found.st_gid == group and bool(found.st_mode & stat.S_IXGRP)
    return of_group or bool(found.st_mode & stat.S_IXOTH)


def _number_of(group: str) -> int:
    """Return the number of a group that is named, or given by its number."""
    if sys.platform == "win32":
        raise UsageError("a store cannot be shared with a group on Windows", None)
    import grp

    with suppress(KeyError):
        return grp.getgrnam(group).gr_gid
    # The last number of 32 bits tells the system to leave the group as it is.
    if re.fullmatch("[0-9]{1,10}", group) and int(group) < (1 << 32) - 1:
        return int(group)
    raise UsageError(f"there is no group '{group}' on this machine", "See `getent group`.")


def _own_group(user: int) -> int:
    if sys.platform != "win32":
        import pwd

        with suppress(KeyError):
            return pwd.getpwuid(user).pw_gid
    return os.getgid()


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"
