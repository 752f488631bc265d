"""The options of `linksms status`, panel by panel as its help shows them."""

from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms.search import CountField, OutcomeFilter

FILTERS = "Filters (all must match)"
LIST = "List"
ONE = "Messages by id"
STORE = "Store"

MessageIds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[MESSAGE_ID]...",
        help="Message ids, the beginning of one, or #57. Default: list the latest messages.",
        show_default=False,
    ),
]

To = Annotated[
    str | None,
    typer.Option(
        "-t",
        "--to",
        metavar="NUMBER",
        help="Recipient: a number, its beginning, or * and its last digits (*1234).",
        rich_help_panel=FILTERS,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "-f", "--from", metavar="SOURCE", help="Sent from this sender.", rich_help_panel=FILTERS
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="WHEN",
        help="Sent since then: 2h, yesterday, monday 09:00, 2026-11-26 09:00.",
        rich_help_panel=FILTERS,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="WHEN",
        help="Sent until then; a date includes that day.",
        rich_help_panel=FILTERS,
    ),
]
Outcome = Annotated[
    OutcomeFilter | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="delivered, failed, pending, overdue, rejected, not_sent or unknown.",
        rich_help_panel=FILTERS,
    ),
]
Code = Annotated[
    int | None,
    typer.Option(
        "--code",
        metavar="CODE",
        parser=shared.whole(0),
        help="Result code that decided the outcome.",
        rich_help_panel=FILTERS,
    ),
]
Operator = Annotated[
    str | None,
    typer.Option(
        "--operator",
        metavar="NAME",
        help="The operator in its latest report, like no.telenor.",
        rich_help_panel=FILTERS,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "-p",
        "--profile",
        metavar="NAME",
        help="Sent with this profile.",
        rich_help_panel=FILTERS,
    ),
]
Batch = Annotated[
    int | None,
    typer.Option(
        "--batch",
        metavar="N",
        parser=shared.whole(1),
        help="Sent by this batch.",
        rich_help_panel=FILTERS,
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key", metavar="KEY", help="Sent with --once under this key.", rich_help_panel=FILTERS
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        "--reference-id",
        metavar="ID",
        help="The reference in its latest report.",
        rich_help_panel=FILTERS,
    ),
]
OverdueAfter = Annotated[
    str,
    typer.Option(
        "--overdue-after",
        metavar="DURATION",
        envvar="LINKSMS_OVERDUE_AFTER",
        show_envvar=False,
        help="Treat a message as overdue if it is pending for longer than this.",
        rich_help_panel=FILTERS,
    ),
]

Limit = Annotated[
    int,
    typer.Option(
        "--limit",
        metavar="N",
        parser=shared.whole(0),
        help="List at most N messages; 0 lists all.",
        rich_help_panel=LIST,
    ),
]
CountBy = Annotated[
    list[CountField] | None,
    typer.Option(
        "--count-by",
        metavar="FIELD",
        help="Count messages by outcome, code, operator, hour, day, profile, batch. Repeatable.",
        rich_help_panel=LIST,
    ),
]
Follow = Annotated[
    bool,
    typer.Option("--follow", help="Keep showing what changes, until Ctrl-C.", rich_help_panel=LIST),
]
Csv = Annotated[
    bool, typer.Option("--csv", help="Print the list as CSV.", rich_help_panel=shared.OUTPUT)
]

Wait = Annotated[
    str | None,
    typer.Option(
        "--wait",
        metavar="DURATION",
        help="Wait up to this long (30s, 5m, 1h) until every part is final.",
        rich_help_panel=ONE,
    ),
]
Ticket = Annotated[
    bool,
    typer.Option("--ticket", help="Print a text to mail to LINK Support.", rich_help_panel=ONE),
]

ForgetBefore = Annotated[
    str | None,
    typer.Option(
        "--forget-before",
        metavar="DURATION",
        help="Delete messages and reports older than this (90d, 12h); keep once-keys.",
        rich_help_panel=STORE,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="With --forget-before: only show how much it would delete.",
        rich_help_panel=STORE,
    ),
]
Yes = Annotated[
    bool,
    typer.Option("-y", "--yes", help="With --forget-before: do not ask.", rich_help_panel=STORE),
]
