"""The options of `linksms send`, panel by panel as its help shows them."""

from typing import Annotated

import typer

from linksms_cli.commands import options as shared

MESSAGE = "Message"
CHARGE = "Charge"
SAFETY = "Safety"
TRYING = "Trying"

Text = Annotated[
    str | None,
    typer.Argument(
        metavar="[TEXT]",
        help="The message. Leave it out, or give -, to read it from stdin.",
        show_default=False,
    ),
]

To = Annotated[
    list[str] | None,
    typer.Option(
        "-t",
        "--to",
        metavar="NUMBER",
        help="Recipient, like +46701740605. Repeatable.",
        rich_help_panel=MESSAGE,
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--from",
        metavar="SOURCE",
        help="Sender: a number, a short number, or a name of up to 11 GSM-7 septets.",
        rich_help_panel=MESSAGE,
    ),
]
Async = Annotated[
    bool | None,
    typer.Option(
        "--async/--no-async",
        help="Have the gateway queue the message and answer at once.",
        rich_help_panel=MESSAGE,
        show_default=False,
    ),
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="Replace typographic characters (’ “ – …) with plain ones if that saves a part.",
        rich_help_panel=MESSAGE,
    ),
]
Udh = Annotated[
    str | None,
    typer.Option(
        "--udh",
        metavar="HEX",
        help="User data header of a part you split off yourself.",
        rich_help_panel=MESSAGE,
    ),
]

Tariff = Annotated[
    str | None,
    typer.Option(
        "--tariff",
        metavar="SEK1000",
        help="Charge the recipient (in hundredths: SEK1000 = SEK 10).",
        rich_help_panel=CHARGE,
    ),
]
Vat = Annotated[
    str | None,
    typer.Option(
        "--vat", metavar="25.0", help="VAT on the charge, in percent.", rich_help_panel=CHARGE
    ),
]
ReferenceId = Annotated[
    str | None,
    typer.Option(
        "--reference-id",
        metavar="ID",
        help="Id of the incoming SMS that this charge answers.",
        rich_help_panel=CHARGE,
    ),
]
ChargeOnly = Annotated[
    bool,
    typer.Option(
        "--charge-only", help="Charge the recipient without sending an SMS.", rich_help_panel=CHARGE
    ),
]
ConfirmCharge = Annotated[
    str | None,
    typer.Option(
        "--confirm-charge",
        metavar="TOTAL",
        help="Exact total that this command may charge, for all recipients together.",
        rich_help_panel=CHARGE,
    ),
]

Once = Annotated[
    str | None,
    typer.Option(
        "--once",
        metavar="KEY",
        help="Send only once under KEY, however often this runs.",
        rich_help_panel=SAFETY,
    ),
]
ResendUnknown = Annotated[
    bool,
    typer.Option(
        "--resend-unknown",
        help="With --once: send again even if it may have been sent.",
        rich_help_panel=SAFETY,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Check everything and show the plan, but send nothing.",
        rich_help_panel=SAFETY,
    ),
]
MaxParts = Annotated[
    int | None,
    typer.Option(
        "--max-parts",
        metavar="N",
        parser=shared.whole(1),
        help="Refuse texts that need more than N parts.",
        rich_help_panel=SAFETY,
    ),
]
AllowDuplicates = Annotated[
    bool,
    typer.Option(
        "--allow-duplicates",
        help="Send one message for every --to, even if a number is repeated.",
        rich_help_panel=SAFETY,
    ),
]
NoStore = Annotated[
    bool,
    typer.Option(
        "--no-store",
        envvar="LINKSMS_NO_STORE",
        show_envvar=False,
        help="Do not record this message.",
        rich_help_panel=SAFETY,
    ),
]

Timeout = Annotated[
    str,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help="Time limit for each attempt, in all.",
        rich_help_panel=TRYING,
    ),
]
Retry = Annotated[
    int,
    typer.Option(
        "--retry",
        metavar="N",
        parser=shared.whole(0, 100),
        help="Retry up to N times, only if the first attempt provably had no effect.",
        rich_help_panel=TRYING,
    ),
]
Wait = Annotated[
    str | None,
    typer.Option(
        "--wait",
        metavar="DURATION",
        help="Wait up to this long (30s, 5m, 1h) for delivery reports; exit 0 only if delivered.",
        rich_help_panel=TRYING,
    ),
]

Sandbox = Annotated[
    bool,
    typer.Option(
        "--sandbox",
        help="Send to a built-in test gateway; no account needed, no SMS sent.",
        rich_help_panel=shared.ACCOUNT,
    ),
]

Quiet = Annotated[
    bool,
    typer.Option(
        "-q",
        "--quiet",
        help="Print message ids only, and no hints or warnings; failures are still reported.",
        rich_help_panel=shared.OUTPUT,
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "-v", "--verbose", help="Show each attempt on stderr.", rich_help_panel=shared.OUTPUT
    ),
]
