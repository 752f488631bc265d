"""The options of `linksms listen`, panel by panel as its help shows them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.forward.target import ForwardAs

ADDRESS = "Address"
ADMISSION = "Who may send reports"
END = "When to stop"
FORWARDING = "Forwarding"
STORED = "Stored reports"

PASSWORD = "LINKSMS_LISTEN_PASSWORD"  # noqa: S105 - a variable's name
HEADER = "LINKSMS_LISTEN_HEADER"
FORWARD_TO = "LINKSMS_LISTEN_FORWARD_TO"
FORWARD_SECRET = "LINKSMS_FORWARD_SECRET"  # noqa: S105 - a variable's name


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """What was typed: each option is declared here."""

    host: Annotated[
        str,
        typer.Option(
            envvar="LINKSMS_LISTEN_HOST",
            show_envvar=False,
            help="The address to listen on.",
            rich_help_panel=ADDRESS,
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        typer.Option(
            parser=shared.whole(0, 65535),
            envvar="LINKSMS_LISTEN_PORT",
            show_envvar=False,
            help="The port to listen on; 0 picks a free one.",
            rich_help_panel=ADDRESS,
        ),
    ] = 8080
    path: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            envvar="LINKSMS_LISTEN_PATH",
            show_envvar=False,
            help="URL path for reports; choose one that cannot be guessed.",
            rich_help_panel=ADDRESS,
        ),
    ] = "/dlr"
    reply_body: Annotated[
        bytes | None,
        typer.Option(
            parser=os.fsencode,  # byte for byte as it was typed
            metavar="TEXT",
            envvar="LINKSMS_LISTEN_REPLY_BODY",
            show_envvar=False,
            help="Response body, if LINK Support has configured one for you.",
            rich_help_panel=ADDRESS,
        ),
    ] = None
    tls_cert: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            parser=shared.path,
            envvar="LINKSMS_LISTEN_TLS_CERT",
            show_envvar=False,
            help="Speak TLS with this certificate and its chain (PEM).",
            rich_help_panel=ADDRESS,
        ),
    ] = None
    tls_key: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            parser=shared.path,
            envvar="LINKSMS_LISTEN_TLS_KEY",
            show_envvar=False,
            help="The certificate's key (PEM). SIGHUP reads both files again.",
            rich_help_panel=ADDRESS,
        ),
    ] = None
    auth: Annotated[
        str | None,
        typer.Option(
            metavar="USER",
            envvar="LINKSMS_LISTEN_AUTH",
            show_envvar=False,
            help=f"Require Basic auth as USER; set the password in {PASSWORD}.",
            rich_help_panel=ADMISSION,
        ),
    ] = None
    require_header: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            envvar="LINKSMS_LISTEN_REQUIRE_HEADER",
            show_envvar=False,
            help=f"Require this request header; set its value in {HEADER}.",
            rich_help_panel=ADMISSION,
        ),
    ] = None
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="link|CIDR",
            envvar="LINKSMS_LISTEN_ALLOW",
            show_envvar=False,
            help="Accept reports only from LINK's addresses, or from this network. Repeatable.",
            rich_help_panel=ADMISSION,
        ),
    ] = None
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
    public_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="LINKSMS_LISTEN_PUBLIC_URL",
            show_envvar=False,
            help="The URL to give LINK Support, if it is a proxy's or another name's.",
            rich_help_panel=ADDRESS,
        ),
    ] = None
    metrics: Annotated[
        bool,
        typer.Option(
            "--metrics",
            envvar="LINKSMS_LISTEN_METRICS",
            show_envvar=False,
            help="Serve GET /metrics for Prometheus, to those who may send reports.",
            rich_help_panel=ADDRESS,
        ),
    ] = False
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CIDR",
            envvar="LINKSMS_LISTEN_TRUSTED_PROXY",
            show_envvar=False,
            help="Believe X-Forwarded-For from this address or network. Repeatable.",
            rich_help_panel=ADMISSION,
        ),
    ] = None
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
