"""What is ours alone: folders that are made for us, and files that no stranger has put there.

In a folder that everybody may write to, such as /tmp, another user can leave a file, a link or a
pipe under a name that we are about to use, to read what we write or to have us write over a file of
our own. Linux refuses some of that itself if it is told to (fs.protected_* in proc_sys_fs(5)).
"""

import errno
import os
import stat
from pathlib import Path

_PRIVATE = 0o700
# As many links as Linux follows.
_LINKS = 40


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, if they are not there: each its owner's alone.

    Raises OSError.
    """
    try:
        folder.mkdir(mode=_PRIVATE)
    except FileNotFoundError:
        make_folder(folder.parent)
        folder.mkdir(mode=_PRIVATE, exist_ok=True)
    except OSError:
        if not folder.is_dir():
            raise


def is_open_to_all(folder: Path) -> bool:
    """Return whether everybody may put files into a folder. Raises OSError."""
    return _lets_all_in(folder.stat())


def refuse_planted(path: Path) -> Path:
    """Return where a path leads to by its links, if no stranger may have put there what lies there.

    Nothing need lie there. Raises PermissionError for what a stranger may have put there, be it one
    of the folders or links on the way, and OSError if nobody can say.
    """
    if os.name == "nt":
        return path
    at = Path("/")
    above = at.stat()
    whole = path if path.is_absolute() else Path.cwd() / path  # which may be gone
    parts = list(reversed(whole.parts[1:]))
    links = 0
    while parts:
        part = parts.pop()
        try:
            found = (at / part).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return (at / part).joinpath(*reversed(parts))
        _check(found, above, at / part)
        if stat.S_ISLNK(found.st_mode):
            links += 1
            if links > _LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            target = (at / part).readlink()
            if target.is_absolute():
                at = Path("/")
            parts += reversed(target.parts[1:] if target.is_absolute() else target.parts)
            above = at.stat()
        elif part == "..":
            at = at.parent
            above = at.stat()
        else:
            at, above = at / part, found
    return at


def refuse_opened(file: int, path: Path) -> None:
    """Raise PermissionError if a stranger may have put an open file where `path` says.

    What lay there before it was opened may have been another one.
    """
    _check(os.fstat(file), path.parent.stat(), path)


def _check(found: os.stat_result, folder: os.stat_result, path: Path) -> None:
    if not _lets_all_in(folder):
        return
    wrong = None
    if found.st_uid not in {0, os.geteuid()} and not _is_of_our_group(found):
        wrong = "belongs to another user"
    elif stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        # Another user may have given a second name to a file of ours.
        wrong = "is a file with a second name"
    if wrong:
        message = f"{path.name} {wrong}, in a folder that everybody can write to"
        raise PermissionError(errno.EPERM, message)


def _lets_all_in(folder: os.stat_result) -> bool:
    """Return whether everybody may put files into a folder.

    One whose files go to a group is shared on purpose: a pod's volumes are mounted so.
    """
    mode = folder.st_mode
    return os.name != "nt" and bool(mode & stat.S_IWOTH) and not mode & stat.S_ISGID


def _is_of_our_group(found: os.stat_result) -> bool:
    """Return whether it is a folder that its owner shares with a group of ours."""
    is_shared = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISGID
    return bool(is_shared) and found.st_gid in {os.getegid(), *os.getgroups()}
