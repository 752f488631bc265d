"""Where a receiver listens, and who may report to it: two panels of `linksms listen --help`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import options as shared

ADDRESS = "Address"
ADMISSION = "Who may send reports"

PASSWORD = "LINKSMS_LISTEN_PASSWORD"  # noqa: S105 - a variable's name
HEADER = "LINKSMS_LISTEN_HEADER"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOptions:
    """What was typed of an address, and of who is let in."""

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
