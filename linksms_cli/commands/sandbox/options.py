"""The options of `linksms sandbox`, panel by panel as its help shows them."""

from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.dlr.report import Format

ADDRESS = "Address"
BEHAVIOUR = "Behaviour"
REPORTS = "Delivery reports"
ADMIN = "Admin interface"

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
        help="Accept only this account. Default: accept any.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Latency = Annotated[
    str,
    typer.Option(
        metavar="SECONDS",
        help="Delay before each answer; 20..200 is a range in ms.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Rate = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=shared.whole(1),
        help="Messages per second; beyond that, answer code 3 (throttled).",
        rich_help_panel=BEHAVIOUR,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Refuse GET requests; the guide specifies POST.",
        rich_help_panel=BEHAVIOUR,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=shared.whole(0),
        help="Give the same ids, times and delays in every run.",
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
        help="Delay between an answer and its reports. [default: 0]",
        rich_help_panel=REPORTS,
    ),
]
DlrHeader = Annotated[
    list[str] | None,
    typer.Option(
        metavar="'NAME: VALUE'",
        help="Send this header with each report. Repeatable.",
        rich_help_panel=REPORTS,
    ),
]
DlrAuth = Annotated[
    str | None,
    typer.Option(
        metavar="USER:PASSWORD",
        help="Send Basic auth with each report, as a gate can.",
        rich_help_panel=REPORTS,
    ),
]

AdminToken = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help=f"Ask for this token; {TOKEN_VARIABLE} hides it better.",
        rich_help_panel=ADMIN,
    ),
]
AdminHost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="A name of this machine that tests may use. Repeatable.",
        rich_help_panel=ADMIN,
    ),
]
