"""The completion scripts: a template a shell, which holds its logic, and the tree as data in it."""

from pathlib import Path

from derived.completion import bash, fish, powershell, zsh
from derived.tree import Command

_TEMPLATES = Path(__file__).parent


def files(root: Command) -> dict[str, str]:
    """Return the scripts by their names."""
    return {
        "linksms.bash": bash.script(_template("linksms.bash"), root),
        "_linksms": zsh.script(_template("linksms.zsh"), root),
        "linksms.fish": fish.script(_template("linksms.fish"), root),
        "linksms.ps1": powershell.script(_template("linksms.ps1"), root),
    }


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
