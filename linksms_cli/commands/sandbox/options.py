"""The options of `linksms sandbox`, panel by panel as its help shows them."""

import os
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.dlr.report import Format

ADDRESS = "Address"
BEHAVIOUR = "Behaviour"
REPORTS = "Delivery reports"
ADMIN = "Admin interface"
FIRING = "Trying a receiver"

TOKEN_VARIABLE = "LINKSMS_SANDBOX_TOKEN"  # noqa: S105 - a variable's name

Host = Annotated[str, typer.Option(help="The address to listen on.", rich_help_panel=ADDRESS)]
Port = Annotated[
    int,
    typer.Option(
        parser=shared.whole(0, 65535),
        help="The port to listen on; 0 picks a free one.",
        rich_help_panel=ADDRESS,
    ),
]

Credentials = Annotated[
    str | None,
    typer.Option(
        metavar="SERVICE:USER:PASSWORD",
        help="Accept only this account. Default: any.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Latency = Annotated[
    str,
    typer.Option(
        metavar="SECONDS",
        help="Delay before answers: 0.5, or 20..200 (ms).",
        show_default=False,
        rich_help_panel=BEHAVIOUR,
    ),
]
Rate = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=shared.whole(1),
        help="Messages per second; beyond that, code 3.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Refuse GET; the guide specifies POST.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=shared.whole(0),
        help="Repeat ids, times and delays in every run.",
        rich_help_panel=BEHAVIOUR,
    ),
]

DlrUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Send delivery reports to this URL.", rich_help_panel=REPORTS),
]
DlrFormat = Annotated[
    Format | None,
    typer.Option(help="Format of the reports. [default: json]", rich_help_panel=REPORTS),
]
DlrDelay = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Delay after the answer. [default: 0]",
        rich_help_panel=REPORTS,
    ),
]
DlrHeader = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'NAME: VALUE'",
        help="Add this header to each report. Repeatable.",
        rich_help_panel=REPORTS,
    ),
]
DlrAuth = Annotated[
    str | None,
    typer.Option(
        metavar="USER:PASSWORD",
        help="Send Basic auth with each report.",
        rich_help_panel=REPORTS,
    ),
]

AdminToken = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help=f"Require this token (better: {TOKEN_VARIABLE}).",
        rich_help_panel=ADMIN,
    ),
]
AdminHost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Accept this host name too. Repeatable.",
        rich_help_panel=ADMIN,
    ),
]

Fire = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Send reports of every kind to this receiver, and grade its answers.",
        rich_help_panel=FIRING,
    ),
]
FireFormat = Annotated[
    list[Format] | None,
    typer.Option("--format", help="Send only this format. Repeatable.", rich_help_panel=FIRING),
]
FireHeader = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="'NAME: VALUE'",
        help="Add this header to each report. Repeatable.",
        rich_help_panel=FIRING,
    ),
]
ExpectBody = Annotated[
    bytes | None,
    typer.Option(
        parser=os.fsencode,  # byte for byte as it was typed
        metavar="TEXT",
        help="Require exactly this body in the answer.",
        rich_help_panel=FIRING,
    ),
]
Skip = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Skip this case; --json shows the names. Repeatable.",
        rich_help_panel=FIRING,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", help="Do not ask before firing at another machine.", rich_help_panel=FIRING
    ),
]
