"""The shells' completion scripts, as they came with the program."""

from pathlib import Path

from linksms_cli.errors import ConfigurationError

_PACKAGE = Path(__file__).parent.parent
# Inside the package once it is installed; beside it in a checkout.
_FOLDERS = (_PACKAGE / "completions", _PACKAGE.parent / "completions")


def script(name: str) -> str:
    """Return the text of a completion script.

    Raises ConfigurationError where it did not come with the program.
    """
    for folder in _FOLDERS:
        path = folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    message = f"{name} is missing from this installation"
    raise ConfigurationError(message, "Install linksms-cli from its wheel.")
