"""The options of `linksms status`, panel by panel as its help shows them."""

from dataclasses import dataclass
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.search import CountField, OutcomeFilter

FILTERS = "Filters (all must match)"
LIST = "List"
ONE = "Messages by id"
STORE = "Store"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions:
    """What was typed: each option is declared here."""

    message_ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MESSAGE_ID]...",
            help="Message ids, the beginning of one, or #57. Default: list the latest messages.",
            show_default=False,
        ),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            "-t",
            "--to",
            metavar="NUMBER",
            help="Recipient: a number, its beginning, or * and its last digits (*1234).",
            rich_help_panel=FILTERS,
        ),
    ] = None
    source: Annotated[
        str | None,
        typer.Option(
            "-f", "--from", metavar="SOURCE", help="Sent from this sender.", rich_help_panel=FILTERS
        ),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="WHEN",
            help="Sent since then: 2h, yesterday, monday 09:00, 2026-11-26 09:00.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="WHEN",
            help="Sent until then; a date includes that day.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    outcome: Annotated[
        OutcomeFilter | None,
        typer.Option(
            "--outcome",
            metavar="OUTCOME",
            help="delivered, failed, pending, overdue, rejected, not_sent or unknown.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    code: Annotated[
        int | None,
        typer.Option(
            "--code",
            metavar="CODE",
            parser=shared.whole(0),
            help="Result code that decided the outcome.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    operator: Annotated[
        str | None,
        typer.Option(
            "--operator",
            metavar="NAME",
            help="The operator in its latest report, like no.telenor.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    profile: Annotated[
        str | None,
        typer.Option(
            "-p",
            "--profile",
            metavar="NAME",
            help="Sent with this profile.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch",
            metavar="N",
            parser=shared.whole(1),
            help="Sent by this batch.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", help="Sent with --once under this key.", rich_help_panel=FILTERS
        ),
    ] = None
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference-id",
            metavar="ID",
            help="The reference in its latest report.",
            rich_help_panel=FILTERS,
        ),
    ] = None
    overdue_after: Annotated[
        str,
        typer.Option(
            "--overdue-after",
            metavar="DURATION",
            envvar="LINKSMS_OVERDUE_AFTER",
            show_envvar=False,
            help="Treat a message as overdue if it is pending for longer than this.",
            rich_help_panel=FILTERS,
        ),
    ] = "48h"
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            metavar="N",
            parser=shared.whole(0),
            help="List at most N messages; 0 lists all.",
            rich_help_panel=LIST,
        ),
    ] = 20
    count_by: Annotated[
        list[CountField] | None,
        typer.Option(
            "--count-by",
            metavar="FIELD",
            help="Count messages by outcome, code, operator, hour, day, profile or batch. "
            "Repeatable.",
            rich_help_panel=LIST,
        ),
    ] = None
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Keep showing what changes, until Ctrl-C.", rich_help_panel=LIST
        ),
    ] = False
    wait: Annotated[
        str | None,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Wait up to this long (30s, 5m, 1h) until every part is final.",
            rich_help_panel=ONE,
        ),
    ] = None
    ticket: Annotated[
        bool,
        typer.Option("--ticket", help="Print a text to mail to LINK Support.", rich_help_panel=ONE),
    ] = False
    forget_before: Annotated[
        str | None,
        typer.Option(
            "--forget-before",
            metavar="DURATION",
            help="Delete messages and reports older than this (90d, 12h); keep once-keys.",
            rich_help_panel=STORE,
        ),
    ] = None
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="With --forget-before: only show how much it would delete.",
            rich_help_panel=STORE,
        ),
    ] = False
    yes: Annotated[
        bool,
        typer.Option(
            "-y", "--yes", help="With --forget-before: do not ask.", rich_help_panel=STORE
        ),
    ] = False
    csv: Annotated[
        bool, typer.Option("--csv", help="Print the list as CSV.", rich_help_panel=shared.OUTPUT)
    ] = False
    json: shared.Json = False
