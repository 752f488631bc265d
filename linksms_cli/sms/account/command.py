"""The words of a password_command: split as a shell would, with nothing left that needs one."""

import re
import shlex
from collections.abc import Mapping
from pathlib import PurePath

from linksms_cli.sms import paths
from linksms_cli.sms.value import InvalidValueError

WITH_A_SHELL = "It runs without a shell. If it needs one, write: sh -c '...'."

_SHELLS = {"sh", "bash", "dash", "ksh", "zsh", "fish"}
# What stands in single quotes, in double quotes, behind a backslash, or bare.
_PIECE = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|.""", re.DOTALL)
_VARIABLE = re.compile(r"\$[A-Za-z0-9_{(?!@*#$-]|`")
# Pipes, and what stands alone or at a word's end to join commands or to lead output elsewhere. A
# `&` within a word is left alone: a URL has some.
_SYNTAX = re.compile(r"[|]|(?<!\S)[0-9&]*[<>]+|(?<!\S)[;&]+|[;&]+(?!\S)")


def split(command: str, environ: Mapping[str, str]) -> list[str]:
    """Return the words of a command; `~` at the beginning of one is the home folder.

    Raises InvalidValueError: a quote is not closed, or a shell would be needed. Neither is the
    command quoted, which may hold a secret, nor more of it than the sign that needs the shell.
    """
    try:
        words = shlex.split(command)
    except ValueError as wrong:
        raise InvalidValueError(f"cannot be read: {wrong}", WITH_A_SHELL) from None
    if not words:
        raise InvalidValueError("is empty")
    runs_a_shell = PurePath(words[0]).name in _SHELLS
    if sign := _needs_a_shell(command, variables_in_quotes=not runs_a_shell):
        raise InvalidValueError(f"contains '{sign}', which only a shell understands", WITH_A_SHELL)
    return [str(paths.read(word, environ)) if _is_in_home(word) else word for word in words]


def _needs_a_shell(command: str, *, variables_in_quotes: bool) -> str | None:
    """Return the first sign outside quotes that only a shell understands.

    A shell replaces variables between double quotes too; if a shell is what is run, that one does.
    """
    bare = []
    for piece in _PIECE.findall(command):
        if piece[0] == '"' and variables_in_quotes and (found := _VARIABLE.search(piece)):
            return found[0][0]
        bare.append(piece if len(piece) == 1 else "_" * len(piece))
    text = "".join(bare)
    found = _VARIABLE.search(text) or _SYNTAX.search(text)
    return found[0].lstrip("0123456789")[0] if found else None


def _is_in_home(word: str) -> bool:
    return word == "~" or word.startswith("~/")
