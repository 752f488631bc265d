"""Paths as people write them in the environment, in options and in profiles: read in one way.

A shell replaces `~` and `$HOME` in what is typed there. In a `.env` file, a unit or a YAML, or in
quotes, they arrive as they are: without care they would name a folder called `~`.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

STATE = "LINKSMS_STATE"
# The name of our folder among those of other programs.
OURS = "linksms"
# How an address of PostgreSQL begins, which LINKSMS_STATE may hold in place of a path.
_SERVER = ("postgresql://", "postgres://", "service=")

# Patterns, compiled at their first use: most commands read no path.
_SHELL_WORD = r"\$([A-Za-z_]\w*|\{[^}]*\}?|\([^)]*\)?)|`"
_URL = r"[A-Za-z][A-Za-z0-9+.-]*://|[Ff][Ii][Ll][Ee]:"
_CONTROL = "[\x00-\x1f\x7f]"
_OTHER_HOME = r"~[^/\\]+"

_IN_FULL = "Write the path in full; '~' at its beginning is your home folder."


def check(text: str) -> str:
    """Return a path as it was written, if it can be meant.

    Raises InvalidValueError for what a shell, a quoted line or a secret store has left in it.
    """
    if not text.strip():
        raise InvalidValueError("is empty")
    if text.endswith(("\n", "\r")):
        raise InvalidValueError("ends with a line break", "Remove it.")
    if re.search(_CONTROL, text):
        raise InvalidValueError("contains a control character")
    if text != text.strip():
        raise InvalidValueError("begins or ends with a blank", "Remove it.")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        raise InvalidValueError("is in quotes, which are not removed here", "Remove them.")
    if found := re.search(_SHELL_WORD, text):
        problem = f"contains '{visible(found[0])}', which is not replaced here"
        raise InvalidValueError(problem, _IN_FULL)
    if re.match(_URL, text):
        raise InvalidValueError("is a URL and not a path", _IN_FULL)
    if found := re.match(_OTHER_HOME, text):
        hint = f"Write the path in full, or './{visible(found[0])}' for a file of that name."
        raise InvalidValueError(f"begins with '{visible(found[0])}', another user's home", hint)
    return text


def read(text: str, environ: Mapping[str, str]) -> Path:
    """Return the path that a text names: `~` at its beginning is the home folder.

    Raises InvalidValueError: it cannot be meant, or there is no home folder.
    """
    if check(text)[0] != "~":
        return Path(text)
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if not home or not Path(home).is_absolute():
        problem = "begins with '~', and HOME is not set to a folder"
        raise InvalidValueError(problem, "Write the path in full.")
    return Path(home, text[1:].lstrip("/\\"))


def from_variable(
    variable: str, environ: Mapping[str, str], here: Callable[[], Path] = Path
) -> Path | None:
    """Return the path that a variable names, None if it is not set.

    `here` returns the working directory, if a relative path is to become a whole one.

    Raises ConfigurationError: it names no path, or a relative one where `here` raises OSError.
    """
    text = environ.get(variable)
    if not text:
        return None
    try:
        path = read(text, environ)
        return path if path.is_absolute() else here() / path
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{variable} {wrong.problem}", wrong.hint) from None
    except OSError:
        message = f"{variable} is a relative path, and the working directory is gone"
        raise ConfigurationError(message, "Write the path in full.") from None


def own_folder(
    base: tuple[str, str],
    environ: Mapping[str, str],
    find: Callable[[], Path],
    *,
    lacking: str,
    remedy: str,
) -> Path:
    """Return the folder that the system keeps for our files of one kind.

    `base` is the variable of the XDG Base Directory Specification for it, and what the
    specification says where it is not set, below the home folder: that is where Linux has it. For
    other systems, and for a user whose home no variable names, `find` asks the system. `lacking`
    and `remedy` are for an error where there is none.

    Raises ConfigurationError: the variable names no absolute path, or there is no home folder.
    """
    variable, usual = base
    named = from_variable(variable, environ) if os.name != "nt" else None
    if named is not None:
        if not named.is_absolute():
            message = f"{variable} is a relative path: {visible(str(named))}"
            raise ConfigurationError(message, _IN_FULL)
        return named / OURS
    home = Path(environ.get("HOME", ""))
    if sys.platform == "linux" and home.is_absolute():
        return home / usual / OURS
    try:
        found = find()
    except RuntimeError:  # no HOME, and no entry in passwd, as in a container
        found = Path()
    if not found.is_absolute():
        raise ConfigurationError(f"{lacking}: this user has no home folder", remedy)
    return found


def server(environ: Mapping[str, str]) -> str | None:
    """Return the address of the database server that LINKSMS_STATE names, None if it is a path."""
    text = environ.get(STATE, "")
    return text if is_server(text) else None


def is_server(text: str) -> bool:
    """Return whether a text is the address of a database server, and not a path."""
    return text.startswith(_SERVER)


def relative_state(environ: Mapping[str, str], here: Path) -> str | None:
    """Return a warning if LINKSMS_STATE leads to another store from every working directory.

    `here` is the present one. A path that cannot be meant is left to `from_variable`.
    """
    text = environ.get(STATE, "")
    try:
        if not text or server(environ) or read(text, environ).is_absolute():
            return None
    except InvalidValueError:
        return None
    return (
        f"{STATE}={visible(text)} is a relative path: from here the store is {here / text}, from "
        "another working directory it is another one"
    )
