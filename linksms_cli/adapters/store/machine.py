"""Where the other receivers of this machine keep their stores, as each of them says.

A receiver leaves a note in a folder that no other user can write to: /run/linksms, which root alone
can make (systemd makes it for a service with RuntimeDirectory=linksms), or its user's own folder in
XDG_RUNTIME_DIR. So nobody else can say anything there, hide a note, or take it away. A note counts
while the process that left it lives; one that was killed leaves it behind, and the next receiver of
the same user clears it away. If there is no such folder, nothing is said.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from linksms_cli.sms.holdings import Neighbour

_OF_SERVICES = Path("/run/linksms")
_SUFFIX = ".receiver"
# Notes that are read, and bytes of each.
_NOTES, _BYTES = 64, 4096


@contextmanager
def announced(place: str, environ: Mapping[str, str] | None) -> Iterator[None]:
    """Leave a note for the block that a receiver works for the store in `place`, if it can be left.

    It never fails: a receiver works without it. Nothing is left for one without an environment.
    """
    note: Path | None = None
    with suppress(OSError, ValueError):
        folder = _own_folder(environ) if environ is not None else None
        if folder is not None:
            note = _leave(folder, place)
    try:
        yield
    finally:
        if note is not None:
            with suppress(OSError):
                note.unlink()


def elsewhere(place: str, environ: Mapping[str, str] | None) -> Neighbour | None:
    """Return another store that a receiver of this machine works for, None if nobody says so."""
    if environ is None:
        return None
    for folder in dict.fromkeys([_OF_SERVICES, *_of_user(environ)]):
        with suppress(OSError, ValueError):
            if not _is_to_be_believed(folder):
                continue
            for name in sorted(os.listdir(folder))[:_NOTES]:  # noqa: PTH208 - only names
                found = _read(folder / name) if name.endswith(_SUFFIX) else None
                if found and os.path.realpath(found.place) != os.path.realpath(place):
                    return found
    return None


def _own_folder(environ: Mapping[str, str]) -> Path | None:
    """Return where a receiver leaves its note, made if it is not there."""
    if service := environ.get("RUNTIME_DIRECTORY"):
        return Path(service.split(":")[0])
    of_user = _of_user(environ)
    if not of_user and os.geteuid() != 0:
        return None
    folder = of_user[0] if of_user else _OF_SERVICES
    folder.mkdir(exist_ok=True, mode=0o700 if of_user else 0o755)
    return folder if _is_to_be_believed(folder) else None


def _of_user(environ: Mapping[str, str]) -> list[Path]:
    """Return the user's own folder for what lasts as long as the machine runs."""
    named = environ.get("XDG_RUNTIME_DIR")
    if named:
        return [Path(named) / "linksms"]
    usual = Path(f"/run/user/{os.geteuid()}")
    return [usual / "linksms"] if usual.is_dir() else []


def _is_to_be_believed(folder: Path) -> bool:
    """Return whether only its owner can write to a folder, and root or we decide who that is."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return False
    above = folder.parent.stat()
    ours = {0, os.geteuid()}
    return above.st_uid in ours and not above.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _clear(folder: Path) -> None:
    """Remove the notes of our own receivers that were killed, so that they hide nobody's."""
    for left in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError):
            if left.lstat().st_uid == os.geteuid() and _read(left) is None:
                left.unlink()


def _leave(folder: Path, place: str) -> Path:
    _clear(folder)
    process = os.getpid()
    note = folder / f"{process}{_SUFFIX}"
    written = folder / f".{process}"
    with suppress(FileNotFoundError):
        written.unlink()
    file = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        os.fchmod(file, 0o644)  # others are to read it, whatever our umask
        json.dump({"place": place, "pid": process, "started": _started(process)}, stream)
    written.replace(note)
    return note


def _read(path: Path) -> Neighbour | None:
    """Return what a note says; None if it is none, or who left it has ended."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(file, "rb") as stream:
        left = os.fstat(file)
        if not stat.S_ISREG(left.st_mode):
            return None
        try:
            said = json.loads(stream.read(_BYTES))
            place, process, started = str(said["place"]), int(said["pid"]), said["started"]
            alive = Path(f"/proc/{process}").stat().st_uid == left.st_uid
            if not alive or _started(process) != started:
                return None
        except (OSError, ValueError, TypeError, LookupError):
            return None
    return Neighbour(place=place, user=_name_of(left.st_uid))


def _started(process: int) -> int:
    """Return when a process began, in the system's ticks: a number that is given again differs."""
    text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    # Behind the name, which may hold anything, field 22 of proc(5).
    return int(text.rpartition(")")[2].split()[19])


def _name_of(user: int) -> str:
    import pwd

    with suppress(KeyError):
        return pwd.getpwuid(user).pw_name
    return str(user)
