"""The options of `linksms send`, panel by panel as its help shows them."""

from dataclasses import dataclass
from typing import Annotated

import typer

from linksms_cli.commands import options as shared
from linksms_cli.commands.send.options.batching import BatchOptions
from linksms_cli.commands.send.options.charging import ChargeOptions
from linksms_cli.sms import country
from linksms_cli.sms.text.truncation import Kept
from linksms_cli.sms.value import InvalidValueError

MESSAGE = "Message"
SAFETY = "Safety"
TRYING = "Trying"


def _country(typed: str) -> str:
    try:
        return country.read(typed)
    except InvalidValueError as wrong:
        raise typer.BadParameter(f"it {wrong.problem}. {(wrong.hint or '').rstrip('.')}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOptions:
    """What was typed: each option is declared here, or in one of the groups."""

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

    batch: BatchOptions
    charge: ChargeOptions
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
