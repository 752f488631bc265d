"""Options that several commands share, each declared once, and how they read numbers."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linksms_cli.sms.value import InvalidValueError

if TYPE_CHECKING:
    from datetime import datetime

OUTPUT = "Output"
ACCOUNT = "Account"
TEXT = "Text"

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
StripAnsi = Annotated[
    bool,
    typer.Option(
        "--strip-ansi",
        help="Remove terminal colours and other escape sequences from the text.",
        rich_help_panel=TEXT,
    ),
]


def when(
    typed: str, option: str, *, is_end: bool = False, now: "datetime | None" = None
) -> "datetime":
    """Read a moment by the clock and in the time zone of this machine; return it in UTC."""
    from datetime import UTC, datetime

    from linksms_cli.sms import moment

    return moment.read(
        typed,
        option,
        now=now or datetime.now().astimezone(),
        to_utc=lambda local: local.astimezone(UTC),
        is_end=is_end,
    )


def path(typed: str) -> Path:
    """Read the path that an option names, by the rule of every path: `~` is the home folder."""
    # Its patterns take long to compile, and most commands have no path.
    from linksms_cli.sms import paths

    try:
        return paths.read(typed, os.environ)
    except InvalidValueError as wrong:
        hint = f". {wrong.hint.rstrip('.')}" if wrong.hint else ""
        raise typer.BadParameter(f"{typed!r} {wrong.problem}{hint}") from None


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


def positive(typed: str | float) -> float:
    """Return a number above 0, with decimals or without, of up to nine digits."""
    word = str(typed)
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", word) and float(word) > 0:
        return float(word)
    raise typer.BadParameter(f"{word!r} is not a number above 0")
