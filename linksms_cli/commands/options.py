"""Options that several commands share, each declared once, and how they read numbers."""

import re
from collections.abc import Callable
from typing import Annotated

import typer

OUTPUT = "Output"
ACCOUNT = "Account"

Json = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON object per line.", rich_help_panel=OUTPUT),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "-p",
        "--profile",
        metavar="NAME",
        help="Use this profile, whatever the environment says.",
        rich_help_panel=ACCOUNT,
    ),
]


def whole(least: int, most: int = 999_999_999) -> Callable[[str | int], int]:
    """Return the parser of an option whose value is a whole number in that range.

    Typer's own takes what int() takes, `1_0` and digits of every script among it, and calls
    anything else no valid "int range".
    """

    def read(typed: str | int) -> int:  # a default comes as it is
        word = str(typed)
        if re.fullmatch("[0-9]{1,9}", word) and least <= int(word) <= most:
            return int(word)
        message = f"{word!r} is not a whole number from {least} to {most}"
        raise typer.BadParameter(message)

    return read
