"""Options that several commands share, each declared once."""

from typing import Annotated

import typer

OUTPUT = "Output"
ACCOUNT = "Account"

Json = Annotated[
    bool,
    typer.Option("--json", help="One JSON object a line on stdout.", rich_help_panel=OUTPUT),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "-p",
        "--profile",
        metavar="NAME",
        help="The profile to use, whatever the environment says.",
        rich_help_panel=ACCOUNT,
    ),
]
