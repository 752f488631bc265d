"""The options of `linksms send`, panel by panel as its help shows them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.sms import country
from linksms_cli.sms.text.truncation import Kept
from linksms_cli.sms.value import InvalidValueError

MESSAGE = "Message"
BATCH = "Batch"
CHARGE = "Charge"
SAFETY = "Safety"
TRYING = "Trying"


def _country(typed: str) -> str:
    try:
        return country.read(typed)
    except InvalidValueError as wrong:
        raise typer.BadParameter(f"it {wrong.problem}. {(wrong.hint or '').rstrip('.')}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """What was typed: each option is declared here, and read from here when the order is made."""

    body: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]",
            help="The message. Leave it out, or give -, to read it from stdin.",
            show_default=False,
        ),
    ] = None
    to: Annotated[
        list[str] | None,
        typer.Option(
            "-t",
            "--to",
            metavar="NUMBER",
            help="Recipient, like +46701740605. Repeatable.",
            rich_help_panel=MESSAGE,
        ),
    ] = None
    country: Annotated[
        str | None,
        typer.Option(
            "--country",
            metavar="CC",
            parser=_country,
            help="Read numbers without + as people in this country (SE, NO, ...) write them.",
            rich_help_panel=MESSAGE,
        ),
    ] = None
    source: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--from",
            metavar="SOURCE",
            help="Sender: a number, a short number, or a name of up to 11 GSM-7 septets.",
            rich_help_panel=MESSAGE,
        ),
    ] = None
    async_: Annotated[
        bool | None,
        typer.Option(
            "--async/--no-async",
            help="Have the gateway queue the message and answer at once.",
            rich_help_panel=MESSAGE,
            show_default=False,
        ),
    ] = None
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Replace typographic characters (’ “ – …) with plain ones if that saves a part.",
            rich_help_panel=shared.TEXT,
        ),
    ] = False
    truncate: Annotated[
        Kept | None,
        typer.Option(
            "--truncate",
            metavar="[head|tail]",
            help="If the text is too long, keep its head (or tail) and say how much is missing.",
            rich_help_panel=shared.TEXT,
        ),
    ] = None
    strip_ansi: shared.StripAnsi = False
    udh: Annotated[
        str | None,
        typer.Option(
            "--udh",
            metavar="HEX",
            help="User data header of a part you split off yourself.",
            rich_help_panel=MESSAGE,
        ),
    ] = None

    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="PATH",
            help="Send one message per row of a CSV, JSON Lines or number file (- is stdin); "
            "TEXT may hold {column}.",
            rich_help_panel=BATCH,
        ),
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="NAME=COLUMN",
            help="Read NAME (to, text, from, ...) from this column. Repeatable.",
            rich_help_panel=BATCH,
        ),
    ] = None
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter",
            metavar="CHARACTER",
            help="Delimiter of a CSV file, if it is not recognised.",
            rich_help_panel=BATCH,
        ),
    ] = None
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            metavar="N",
            parser=shared.positive,
            help="Send no more than N messages a second.",
            rich_help_panel=BATCH,
        ),
    ] = None
    concurrency: Annotated[
        int | None,
        typer.Option(
            "--concurrency",
            metavar="N",
            parser=shared.whole(1, 256),
            help="Keep up to N requests under way at once (8).",
            rich_help_panel=BATCH,
        ),
    ] = None
    max_failures: Annotated[
        int | None,
        typer.Option(
            "--max-failures",
            metavar="N",
            parser=shared.whole(1),
            help="Stop after N rejections in a row.",
            rich_help_panel=BATCH,
        ),
    ] = None
    rejected: Annotated[
        Path | None,
        typer.Option(
            "--rejected",
            metavar="PATH",
            parser=shared.path,
            help="Write the rows that were refused or rejected, with reasons, to this file.",
            rich_help_panel=BATCH,
        ),
    ] = None
    again: Annotated[
        bool,
        typer.Option(
            "--again",
            help="Send a finished batch, or rows that were sent, once more.",
            rich_help_panel=BATCH,
        ),
    ] = False

    tariff: Annotated[
        str | None,
        typer.Option(
            "--tariff",
            metavar="SEK1000",
            help="Charge each recipient; SEK1000 is SEK 10.00.",
            rich_help_panel=CHARGE,
        ),
    ] = None
    vat: Annotated[
        str | None,
        typer.Option(
            "--vat", metavar="25.0", help="VAT on the charge, in percent.", rich_help_panel=CHARGE
        ),
    ] = None
    reference_id: Annotated[
        str | None,
        typer.Option(
            "--reference-id",
            metavar="ID",
            help="Id of the incoming SMS that this charge answers.",
            rich_help_panel=CHARGE,
        ),
    ] = None
    charge_only: Annotated[
        bool,
        typer.Option(
            "--charge-only",
            help="Charge the recipient without sending an SMS.",
            rich_help_panel=CHARGE,
        ),
    ] = False
    confirm_charge: Annotated[
        str | None,
        typer.Option(
            "--confirm-charge",
            metavar="TOTAL",
            help="Exact total that this command may charge, for all recipients together.",
            rich_help_panel=CHARGE,
        ),
    ] = None

    once: Annotated[
        str | None,
        typer.Option(
            "--once",
            metavar="KEY",
            help="Send only once under KEY, however often this runs.",
            rich_help_panel=SAFETY,
        ),
    ] = None
    resend_unknown: Annotated[
        bool,
        typer.Option(
            "--resend-unknown",
            help="With --once or --batch: send again even if it may have been sent.",
            rich_help_panel=SAFETY,
        ),
    ] = False
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Check everything and show the plan, but send nothing.",
            rich_help_panel=SAFETY,
        ),
    ] = False
    max_parts: Annotated[
        int | None,
        typer.Option(
            "--max-parts",
            metavar="N",
            parser=shared.whole(1),
            help="Refuse texts that need more than N parts.",
            rich_help_panel=SAFETY,
        ),
    ] = None
    allow_duplicates: Annotated[
        bool,
        typer.Option(
            "--allow-duplicates",
            help="Send one message for every --to, even if a number is repeated.",
            rich_help_panel=SAFETY,
        ),
    ] = False
    no_store: Annotated[
        bool,
        typer.Option(
            "--no-store",
            envvar="LINKSMS_NO_STORE",
            show_envvar=False,
            help="Do not record this message.",
            rich_help_panel=SAFETY,
        ),
    ] = False

    timeout: Annotated[
        str,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="Time limit for each attempt, in all.",
            rich_help_panel=TRYING,
        ),
    ] = "30"
    retry: Annotated[
        int | None,
        typer.Option(
            "--retry",
            metavar="N",
            parser=shared.whole(0, 100),
            help="Retry up to N times, only if the first attempt provably had no effect "
            "(0; 5 in a batch).",
            rich_help_panel=TRYING,
        ),
    ] = None
    wait: Annotated[
        str | None,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Wait up to this long (30s, 5m, 1h) for delivery reports; "
            "exit 0 only if delivered.",
            rich_help_panel=TRYING,
        ),
    ] = None

    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="Send to a built-in test gateway; no account needed, no SMS sent.",
            rich_help_panel=shared.ACCOUNT,
        ),
    ] = False
    profile: shared.Profile = None

    json: shared.Json = False
    quiet: Annotated[
        bool,
        typer.Option(
            "-q",
            "--quiet",
            help="Print message ids only, and no hints or warnings; failures are still reported.",
            rich_help_panel=shared.OUTPUT,
        ),
    ] = False
    verbose: Annotated[
        bool,
        typer.Option(
            "-v", "--verbose", help="Show each attempt on stderr.", rich_help_panel=shared.OUTPUT
        ),
    ] = False
