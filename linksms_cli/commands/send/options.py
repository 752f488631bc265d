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
        metavar="[TEXT]", help="The message; - or nothing reads stdin.", show_default=False
    ),
]

To = Annotated[
    list[str] | None,
    typer.Option(
        "-t", "--to", metavar="NUMBER", help="Recipient; repeatable.", rich_help_panel=MESSAGE
    ),
]
From = Annotated[
    str | None,
    typer.Option(
        "-f",
        "--from",
        metavar="SOURCE",
        help="Sender: a number, a short number or a name of up to 11 characters.",
        rich_help_panel=MESSAGE,
    ),
]
Async = Annotated[
    bool | None,
    typer.Option(
        "--async/--no-async",
        help="Let the gateway answer before it has sent.",
        rich_help_panel=MESSAGE,
        show_default=False,
    ),
]
Replace = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="Put plain signs for typographic ones (’ “ – …), where that saves a part.",
        rich_help_panel=MESSAGE,
    ),
]
Udh = Annotated[
    str | None,
    typer.Option(
        "--udh",
        metavar="HEX",
        help="User data header of a part that you split yourself.",
        rich_help_panel=MESSAGE,
    ),
]

Tariff = Annotated[
    str | None,
    typer.Option(
        "--tariff",
        metavar="SEK1000",
        help="Charge the recipient; in hundredths.",
        rich_help_panel=CHARGE,
    ),
]
Vat = Annotated[
    str | None,
    typer.Option(
        "--vat", metavar="25.0", help="VAT on the charge, percent.", rich_help_panel=CHARGE
    ),
]
ReferenceId = Annotated[
    str | None,
    typer.Option(
        "--reference-id",
        metavar="ID",
        help="Id of the incoming SMS that a charge answers.",
        rich_help_panel=CHARGE,
    ),
]
ChargeOnly = Annotated[
    bool,
    typer.Option("--charge-only", help="Charge without an SMS.", rich_help_panel=CHARGE),
]
ConfirmCharge = Annotated[
    str | None,
    typer.Option(
        "--confirm-charge",
        metavar="TOTAL",
        help="What the whole command may charge: SEK3000 for SEK1000 to three.",
        rich_help_panel=CHARGE,
    ),
]

Once = Annotated[
    str | None,
    typer.Option(
        "--once",
        metavar="KEY",
        help="Send this only once under KEY, however often it is run.",
        rich_help_panel=SAFETY,
    ),
]
ResendUnknown = Annotated[
    bool,
    typer.Option(
        "--resend-unknown",
        help="With --once: send again what may have been sent.",
        rich_help_panel=SAFETY,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", help="Check everything, send nothing.", rich_help_panel=SAFETY),
]
MaxParts = Annotated[
    int | None,
    typer.Option(
        "--max-parts",
        metavar="N",
        parser=shared.whole(1),
        help="Refuse a text of more parts.",
        rich_help_panel=SAFETY,
    ),
]
AllowDuplicates = Annotated[
    bool,
    typer.Option(
        "--allow-duplicates",
        help="Send as often as a recipient is given.",
        rich_help_panel=SAFETY,
    ),
]
NoStore = Annotated[
    bool,
    typer.Option(
        "--no-store",
        envvar="LINKSMS_NO_STORE",
        show_envvar=False,
        help="Remember nothing of this send.",
        rich_help_panel=SAFETY,
    ),
]

Timeout = Annotated[
    str,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help="How long each attempt may take in all.",
        rich_help_panel=TRYING,
    ),
]
Retry = Annotated[
    int,
    typer.Option(
        "--retry",
        metavar="N",
        parser=shared.whole(0, 100),
        help="Try again where the first try provably had no effect.",
        rich_help_panel=TRYING,
    ),
]
Wait = Annotated[
    str | None,
    typer.Option(
        "--wait",
        metavar="DURATION",
        help="Wait up to this long; exit code 0 then means delivered.",
        rich_help_panel=TRYING,
    ),
]

Sandbox = Annotated[
    bool,
    typer.Option(
        "--sandbox",
        help="Send to a gateway of our own that ends with the command.",
        rich_help_panel=shared.ACCOUNT,
    ),
]

Quiet = Annotated[
    bool,
    typer.Option("-q", "--quiet", help="Message ids only.", rich_help_panel=shared.OUTPUT),
]
Verbose = Annotated[
    bool,
    typer.Option("-v", "--verbose", help="Each attempt, on stderr.", rich_help_panel=shared.OUTPUT),
]
