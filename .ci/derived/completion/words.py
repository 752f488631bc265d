"""Words that completion knows without asking the program: result codes, and keys of profiles."""

from linksms_cli.sms import codes as table
from linksms_cli.sms.account.keys import Key

# What the password's key would do is refused on the command line: it is asked for.
_NEVER_TYPED = {Key.PASSWORD}


def codes() -> list[tuple[str, str]]:
    """Return every result code with its description, short enough for a list on a screen."""
    return [(str(one.code), _short(one.description or one.meaning)) for one in table.table()]


def settings() -> list[tuple[str, str]]:
    """Return what can be set in a profile, each with its equals sign."""
    return [(f"{key}=", "") for key in Key if key not in _NEVER_TYPED]


def _short(text: str) -> str:
    """Return the part before the explanation that some of the guide's descriptions carry."""
    return text.split(", ", maxsplit=1)[0] if len(text) > 60 else text
