"""The shells' completion scripts, as they came with the program."""

from pathlib import Path
from pkgutil import get_data

from linksms_cli.errors import ConfigurationError


def script(name: str) -> str:
    """Return the text of a completion script.

    Raises ConfigurationError if it did not come with the program.
    """
    try:
        # Inside the package once it is installed, zipped or not; beside it in a checkout.
        return (get_data("linksms_cli", f"completions/{name}") or b"").decode("utf-8")
    except OSError:
        path = Path(__file__).parents[2] / "completions" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    message = f"{name} is missing from this installation"
    raise ConfigurationError(message, "Install linksms-cli from its wheel.")
