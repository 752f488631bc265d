"""What is done with each report besides storing it: a panel of `linksms listen --help`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.forward.target import ForwardAs

FORWARDING = "Forwarding"

FORWARD_TO = "LINKSMS_LISTEN_FORWARD_TO"
FORWARD_SECRET = "LINKSMS_FORWARD_SECRET"  # noqa: S105 - a variable's name


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardOptions:
    """What was typed of forwarding."""

    exec: Annotated[
        str | None,
        typer.Option(
            metavar="COMMAND",
            envvar="LINKSMS_LISTEN_EXEC",
            show_envvar=False,
            help="Run this shell command for each report, which it gets as JSON on stdin.",
            rich_help_panel=FORWARDING,
        ),
    ] = None
    forward_to: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL",
            envvar=FORWARD_TO,
            show_envvar=False,
            help="POST each stored report to this URL until it answers 2xx. Repeatable.",
            rich_help_panel=FORWARDING,
        ),
    ] = None
    forward_as: Annotated[
        ForwardAs,
        typer.Option(
            envvar="LINKSMS_LISTEN_FORWARD_AS",
            show_envvar=False,
            help="Forward the event of --json, or the request as LINK sent it.",
            rich_help_panel=FORWARDING,
        ),
    ] = ForwardAs.EVENT
    header: Annotated[
        list[str] | None,
        typer.Option(
            "-H",
            "--header",
            metavar="NAME: VALUE",
            help="Add this header when forwarding; @FILE reads the value. Repeatable.",
            rich_help_panel=FORWARDING,
        ),
    ] = None
    forward_for: Annotated[
        str,
        typer.Option(
            metavar="DURATION",
            envvar="LINKSMS_LISTEN_FORWARD_FOR",
            show_envvar=False,
            help="Set a report aside after failing for this long (24h, 90m).",
            rich_help_panel=FORWARDING,
        ),
    ] = "24h"
    forward_timeout: Annotated[
        str,
        typer.Option(
            metavar="DURATION",
            envvar="LINKSMS_LISTEN_FORWARD_TIMEOUT",
            show_envvar=False,
            help="Time that a target has for its answer; then the report is sent again.",
            rich_help_panel=FORWARDING,
        ),
    ] = "90s"
    forward_ca_bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            parser=shared.path,
            envvar="LINKSMS_LISTEN_FORWARD_CA_BUNDLE",
            show_envvar=False,
            help="Trust only these authorities when forwarding: a PEM file.",
            rich_help_panel=FORWARDING,
        ),
    ] = None
