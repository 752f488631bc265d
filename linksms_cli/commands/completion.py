"""Completion: the scripts for shells that do not find them, and what these ask at a TAB."""

import os
from enum import StrEnum

from linksms_cli.output import Output


class Shell(StrEnum):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


_FILES = {
    Shell.BASH: "linksms.bash",
    Shell.ZSH: "_linksms",
    Shell.FISH: "linksms.fish",
    Shell.POWERSHELL: "linksms.ps1",
}


def show_script(shell: Shell) -> None:
    """Print the completion script of a shell."""
    from linksms_cli.actions.complete import script

    Output().text(script(_FILES[shell]).rstrip("\n"))


def answer(kind: str) -> None:
    """Print the words of a kind for a shell: one a line, a tab, and a few words about it."""
    from linksms_cli.actions.complete import complete

    Output().text("\n".join(f"{word}\t{text}" for word, text in complete(kind, os.environ)))
