"""The options of `linksms listen`, panel by panel as its help shows them."""

from dataclasses import dataclass
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.commands.listen.options.door import DoorOptions
from linksms_cli.commands.listen.options.forwarding import ForwardOptions

END = "When to stop"
STORED = "Stored reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """What was typed: each option is declared here, or in one of the groups."""

    door: DoorOptions
    forward: ForwardOptions
    exit_with_reader: Annotated[
        bool,
        typer.Option(
            "--exit-with-reader",
            help="Stop, with exit code 1, when nobody reads stdout any more.",
            rich_help_panel=END,
        ),
    ] = False
    until_final: Annotated[
        str | None,
        typer.Option(
            metavar="MESSAGE_ID",
            help="Stop once this message is final; exit 0 delivered, 5 failed, 7 unknown.",
            rich_help_panel=END,
        ),
    ] = None
    exit_after: Annotated[
        int | None,
        typer.Option(
            parser=shared.whole(1),
            metavar="N",
            help="Stop after N new reports.",
            rich_help_panel=END,
        ),
    ] = None
    timeout: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Stop after this long (90s, 5m, 1h); exit 8 if still waiting for the above.",
            rich_help_panel=END,
        ),
    ] = None
    replay: Annotated[
        bool,
        typer.Option("--replay", help="Print the stored reports and exit.", rich_help_panel=STORED),
    ] = False
    raw: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            parser=shared.whole(1),
            help="Print the stored request of this number byte for byte, and exit.",
            rich_help_panel=STORED,
        ),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="With --replay: only reports since then (2h, yesterday, monday 09:00).",
            rich_help_panel=STORED,
        ),
    ] = None
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            envvar="LINKSMS_LISTEN_KEEP",
            show_envvar=False,
            help="Delete messages and reports older than this (90d), bit by bit while it runs.",
            rich_help_panel=STORED,
        ),
    ] = None
    forward_pending: Annotated[
        bool,
        typer.Option(
            "--forward-pending",
            help="Print what is still to be forwarded or was set aside, and exit.",
            rich_help_panel=STORED,
        ),
    ] = False
    forward_again: Annotated[
        bool,
        typer.Option(
            "--forward-again",
            help="Have what was set aside forwarded again, and exit.",
            rich_help_panel=STORED,
        ),
    ] = False
    target: Annotated[
        str | None,
        typer.Option(
            metavar="TARGET",
            help="With these two: only this target, by the name that they show.",
            rich_help_panel=STORED,
        ),
    ] = None
    verbose: Annotated[
        bool,
        typer.Option(
            "-v",
            "--verbose",
            help="Also print each report that was forwarded.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False
    json: shared.Json = False
