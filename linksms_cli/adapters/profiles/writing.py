"""The profile file as it is edited: one writer at a time, all of an edit or nothing of it.

An edit is written beside the file, made durable, and renamed over it. Whoever reads meanwhile, and
whoever is killed in between, sees the old file or the new one.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from linksms_cli.adapters.ownership import make_folder, refuse_planted
from linksms_cli.adapters.profiles import reading
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.keys import Value
from linksms_cli.sms.account.profile import REQUIRE_PROFILE, Profile, ProfileFile

# How long to wait for another writer. An edit takes milliseconds; fifty at once, a second.
LOCK_SECONDS = 30.0


def edit(path: Path, change: Callable[[ProfileFile], ProfileFile]) -> ProfileFile:
    """Change the profile file, and return what it holds then.

    `change` gets the file as it is while no other process can write it. What it raises, and what
    changes nothing, leaves the file alone. Comments and order of an existing file stay. A symbolic
    link is followed.

    Raises ConfigurationError: the file cannot be read, locked or written.
    """
    _refuse_planted(path)
    target = Path(os.path.realpath(path))
    _refuse_irregular(target, path)
    with _alone(target, path):
        before, text = reading.read_with_text(path)
        after = change(before)
        if after == before:
            return after
        new = _new_file(after) if text is None else _edited_file(path, text, before, after)
        _replace(target, new.encode())
        return after


def _refuse_planted(path: Path) -> None:
    """Refuse to write where a stranger may have put a file, or a link to one of ours."""
    try:
        refuse_planted(path)
    except OSError as failure:
        raise _not_written(path, failure) from None


def _refuse_irregular(target: Path, path: Path) -> None:
    """Refuse to put a file in the place of a device, a pipe or a folder."""
    if target.exists() and not target.is_file():
        message = f"{path} is not a regular file, so it is not overwritten"
        raise ConfigurationError(message, "Set LINKSMS_CONFIG to another file.")


@contextmanager
def _alone(target: Path, path: Path) -> Iterator[None]:
    """Be the only writer of the file in the block; the kernel lets go of a process that dies."""
    from filelock import FileLock, Timeout

    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=LOCK_SECONDS, mode=0o600)
    try:
        make_folder(target.parent)
        with lock.acquire(poll_interval=0.01):
            yield
    except Timeout:
        message = f"another process holds {path}: no lock within {LOCK_SECONDS:g} s"
        raise ConfigurationError(message, "Try again, or find that process.") from None
    except OSError as failure:
        raise _not_written(path, failure) from None


def _not_written(path: Path, failure: OSError) -> ConfigurationError:
    message = f"the profile file {path} cannot be written: {failure.strerror}"
    return ConfigurationError(message, "Set LINKSMS_CONFIG to another file.")


def _replace(target: Path, content: bytes) -> None:
    new = target.with_name(f".{target.name}.new")
    # The lock is ours, so one that lies there is a dead process's.
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        new.replace(target)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    # Everybody reads the new file from here on: to call it not written would be untrue.
    with suppress(OSError):
        _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call, and does not need it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_file(file: ProfileFile) -> str:
    """Return the text of a file that is not there yet."""
    import tomli_w

    tree: dict[str, Any] = {"version": reading.VERSION}
    if file.default is not None:
        tree["default"] = file.default
    if file.require_profile:
        tree[REQUIRE_PROFILE] = True
    tree["profiles"] = {name: _table(profile) for name, profile in file.profiles.items()}
    return tomli_w.dumps(tree)


def _edited_file(path: Path, text: str, before: ProfileFile, after: ProfileFile) -> str:
    """Return the text of a file with what differs between the two put in or taken out.

    It is read back before it counts: a form that the edit would break is left to a person.
    """
    try:
        new = _edited_text(text, before, after)
        if reading.parse(path, new) == after:
            return new
    except (ConfigurationError, LookupError, RecursionError, TypeError, ValueError):
        pass  # what tomlkit raises for a form it cannot edit; the message below is for all of them
    message = f"{path} is written in a form that linksms cannot edit"
    raise ConfigurationError(message, "Write each profile under a [profiles.NAME] line.")


def _edited_text(text: str, before: ProfileFile, after: ProfileFile) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    _put(document, "default", before.default, after.default)
    tables = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    for name in before.profiles.keys() - after.profiles.keys():
        _take_out(document, tables, name)
    for name, profile in after.profiles.items():
        if name not in before.profiles:
            tables[name] = tomlkit.item(_table(profile))
            continue
        old, new = _table(before.profiles[name]), _table(profile)
        for key in old | new:
            _put(tables[name], key, old.get(key), new.get(key))
    edited = tomlkit.dumps(document)
    # Lines that were added end as the others do.
    return re.sub("(?<!\r)\n", "\r\n", edited) if "\r\n" in text else edited


def _put(table: Any, key: str, old: object, new: object) -> None:
    if new == old:
        return
    if new is None:
        del table[key]
    elif old is not None:
        table[key] = new
    else:
        # Comments at a table's end speak of the next one: the new key goes before them.
        tail = _cut_tail(table)
        table[key] = new
        _body(table).extend(tail)


def _take_out(document: Any, tables: Any, name: str) -> None:
    """Take a table out, but not the comments at its end, which speak of the next one."""
    tail = _cut_tail(tables[name])
    if tail and not tail[0][1].as_string().strip():
        del tail[0]  # the blank line before the table stays: one of the two is enough
    names = list(tables)
    following = names[names.index(name) + 1 :]
    del tables[name]
    if following:
        trivia = tables[following[0]].trivia
        trivia.indent = "".join(item.as_string() for _, item in tail) + trivia.indent
    else:
        for _, item in tail:
            document.add(item)


def _cut_tail(table: Any) -> list[Any]:
    """Cut the blank lines and comments off the end of a table that has a header of its own."""
    body = _body(table)
    keys = [place for place, (key, _) in enumerate(body) if key is not None]
    end = keys[-1] + 1 if keys else 0
    tail = list(body[end:])
    del body[end:]
    return tail


def _body(table: Any) -> list[Any]:
    from tomlkit.items import Table

    body: list[Any] = table.value.body if isinstance(table, Table) else []
    return body


def _table(profile: Profile) -> dict[str, Value | list[str]]:
    return {
        str(key): list(value) if isinstance(value, tuple) else value
        for key, value in profile.held().items()
    }
