"""`linksms send`: send a text to one or more recipients."""

import os
import sys
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from linksms_cli.actions.find_account import find_account
from linksms_cli.actions.sender import Terms
from linksms_cli.actions.submit import submit
from linksms_cli.commands import help as layout
from linksms_cli.commands import options
from linksms_cli.commands.reading import read_text
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import duration
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt import charge, number, udh
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.mt.number import Source
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import combined
from linksms_cli.sms.text import decoding, segments
from linksms_cli.sms.text.assessment import Assessment, assess, assess_replaced
from linksms_cli.views import figures, submission

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery

app = typer.Typer(**layout.APP)

MESSAGE = "Message"
CHARGE = "Charge"
SAFETY = "Safety"
TRYING = "Trying"


@app.command(
    cls=layout.Command,
    epilog="""
    linksms send -t +99955501234 -f LINK "The deploy is done"
    df -h / | linksms send -t +99955501234 -f 72401
    linksms send -t +99955501234 -f LINK --once deploy-4711 "4711 is live"
    linksms send --dry-run -t +99955501234 -f LINK "What would go out?"
    linksms send --sandbox -t +99955501234 -f LINK "Without an account"
    """,
)
def send(
    body: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT]", help="The message; - or nothing reads stdin.", show_default=False
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "-t", "--to", metavar="NUMBER", help="Recipient; repeatable.", rich_help_panel=MESSAGE
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--from",
            metavar="SOURCE",
            help="Sender: a number, a short number or a name of up to 11 characters.",
            rich_help_panel=MESSAGE,
        ),
    ] = None,
    async_: Annotated[
        bool | None,
        typer.Option(
            "--async/--no-async",
            help="Let the gateway answer before it has sent.",
            rich_help_panel=MESSAGE,
            show_default=False,
        ),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Put plain signs for typographic ones (’ “ – …), where that saves a part.",
            rich_help_panel=MESSAGE,
        ),
    ] = False,
    header: Annotated[
        str | None,
        typer.Option(
            "--udh",
            metavar="HEX",
            help="User data header of a part that you split yourself.",
            rich_help_panel=MESSAGE,
        ),
    ] = None,
    tariff: Annotated[
        str | None,
        typer.Option(
            "--tariff",
            metavar="SEK1000",
            help="Charge the recipient; in hundredths.",
            rich_help_panel=CHARGE,
        ),
    ] = None,
    vat: Annotated[
        str | None,
        typer.Option(
            "--vat", metavar="25.0", help="VAT on the charge, percent.", rich_help_panel=CHARGE
        ),
    ] = None,
    reference_id: Annotated[
        str | None,
        typer.Option(
            "--reference-id",
            metavar="ID",
            help="Id of the incoming SMS that a charge answers.",
            rich_help_panel=CHARGE,
        ),
    ] = None,
    charge_only: Annotated[
        bool,
        typer.Option("--charge-only", help="Charge without an SMS.", rich_help_panel=CHARGE),
    ] = False,
    confirm_charge: Annotated[
        str | None,
        typer.Option(
            "--confirm-charge",
            metavar="TOTAL",
            help="What the whole command may charge: SEK3000 for SEK1000 to three.",
            rich_help_panel=CHARGE,
        ),
    ] = None,
    once: Annotated[
        str | None,
        typer.Option(
            "--once",
            metavar="KEY",
            help="Send this only once under KEY, however often it is run.",
            rich_help_panel=SAFETY,
        ),
    ] = None,
    resend_unknown: Annotated[
        bool,
        typer.Option(
            "--resend-unknown",
            help="With --once: send again what may have been sent.",
            rich_help_panel=SAFETY,
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Check everything, send nothing.", rich_help_panel=SAFETY),
    ] = False,
    max_parts: Annotated[
        int | None,
        typer.Option(
            "--max-parts",
            metavar="N",
            parser=options.whole(1),
            help="Refuse a text of more parts.",
            rich_help_panel=SAFETY,
        ),
    ] = None,
    allow_duplicates: Annotated[
        bool,
        typer.Option(
            "--allow-duplicates",
            help="Send as often as a recipient is given.",
            rich_help_panel=SAFETY,
        ),
    ] = False,
    no_store: Annotated[
        bool,
        typer.Option(
            "--no-store",
            envvar="LINKSMS_NO_STORE",
            show_envvar=False,
            help="Remember nothing of this send.",
            rich_help_panel=SAFETY,
        ),
    ] = False,
    timeout: Annotated[
        str,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            help="How long each attempt may take in all.",
            rich_help_panel=TRYING,
        ),
    ] = "30",
    retry: Annotated[
        int,
        typer.Option(
            "--retry",
            metavar="N",
            parser=options.whole(0, 100),
            help="Try again where the first try provably had no effect.",
            rich_help_panel=TRYING,
        ),
    ] = 0,
    wait: Annotated[
        str | None,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Wait so long for delivery: 0 means delivered.",
            rich_help_panel=TRYING,
        ),
    ] = None,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox",
            help="Send to a gateway of our own that ends with the command.",
            rich_help_panel=options.ACCOUNT,
        ),
    ] = False,
    profile: options.Profile = None,
    json: options.Json = False,
    quiet: Annotated[
        bool,
        typer.Option("-q", "--quiet", help="Message ids only.", rich_help_panel=options.OUTPUT),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "-v", "--verbose", help="Each attempt, on stderr.", rich_help_panel=options.OUTPUT
        ),
    ] = False,
) -> int:
    """Send a text to one or more recipients.

    Each recipient gets exactly one result. A message that may have gone out is called unknown,
    and is not sent again.
    """
    out = Output(json=json, quiet=quiet, verbose=verbose, acts=True)
    recipients = _recipients(to)
    draft, price = _draft(
        header=header,
        tariff=tariff,
        vat=vat,
        reference_id=reference_id,
        charge_only=charge_only,
    )
    if once is not None:
        _check_key(once, no_store=no_store)
    patience = duration.seconds(timeout, "--timeout")
    if not patience:
        raise UsageError("--timeout 0 leaves no time to send", "Give it seconds, like 30.")
    delivery = duration.seconds(wait, "--wait") if wait is not None else None
    if delivery is not None and no_store and not sandbox:
        raise UsageError(
            "--wait reads delivery reports from the store, which --no-store switches off",
            "Leave one of them away.",
        )
    settings = None if sandbox else _settings(profile, out)
    if sandbox and profile:
        raise UsageError("--sandbox has no profile", "Give --sandbox or --profile, not both.")
    sender = _source(source, settings, out)
    content = _text(body, optional=charge_only)
    judged = _judge(content, plain=plain, header=header)
    order = Order(
        recipients=recipients,
        draft=replace(
            draft,
            source=sender.address,
            text=judged.text if judged else None,
            async_=settings.async_ if settings and async_ is None else async_,
        ),
        figures=judged.measured if judged else None,
        udh=udh.parse(header) if header is not None else None,
        charge=price,
        confirmed=charge.amount(confirm_charge, "--confirm-charge") if confirm_charge else None,
        max_parts=max_parts,
        key=once,
        allow_duplicates=allow_duplicates,
    )
    if judged:
        _tell_figures(judged, out)
    codes = []
    with out.progress("waiting for delivery") if delivery else nullcontext(_silently) as tell:
        terms = Terms(
            timeout=patience,
            retries=retry,
            dry_run=dry_run,
            resend_unknown=resend_unknown,
            warn=out.warning,
            detail=out.detail,
            wait=delivery,
            accepted=lambda result: out.hint(submission.as_accepted(result)),
            tell=lambda message_id, found: tell(_progress(message_id, found)),
        )
        results = submit(order, settings, terms, store=not no_store, environ=os.environ)
        first = next(results)
    for result in chain([first], results):
        words = submission.as_id(result) if quiet else submission.as_text(result)
        out.result(submission.as_record(result), words)
        codes.append(result.exit_code)
    return combined(codes)


def _silently(_text: str) -> None:
    """Tell nobody: a send that does not wait is over before a spinner has turned."""


def _progress(message_id: str, delivery: "Delivery") -> str:
    from linksms_cli.views.status import as_progress

    return as_progress(message_id, delivery)


def _recipients(to: list[str] | None) -> tuple[str, ...]:
    if not to:
        raise UsageError("no recipient", "Give one with --to, like --to +46701740605.")
    return tuple(number.destination(typed) for typed in to)


def _draft(
    *,
    header: str | None,
    tariff: str | None,
    vat: str | None,
    reference_id: str | None,
    charge_only: bool,
) -> tuple[Message, Amount | None]:
    """Return the message but for recipient, source and text, and what it charges."""
    amount = charge.amount(tariff, "--tariff") if tariff is not None else None
    price = amount if amount and amount.hundredths else None
    if charge_only and price is None:
        raise UsageError(
            "--charge-only charges nothing without a tariff", "Add one, like --tariff SEK1000."
        )
    if reference_id is not None and not reference_id.strip():
        raise UsageError("--reference-id is empty", "Give the id of the incoming SMS.")
    draft = Message(
        destination="",
        source="",
        udh=udh.parse(header).hex().upper() if header is not None else None,
        reference_id=reference_id,
        tariff=str(amount) if amount else None,
        vat=charge.vat(vat) if vat is not None else None,
        charge_only=True if charge_only else None,
    )
    return draft, price


def _check_key(key: str, *, no_store: bool) -> None:
    if not key.strip():
        raise UsageError("--once needs a key", "Give one that names the event, like deploy-4711.")
    if no_store:
        raise UsageError(
            "--once remembers its key in the store, which --no-store switches off",
            "Leave one of them away.",
        )


def _settings(profile: str | None, out: Output) -> Settings:
    found = find_account(profile, os.environ, tell=out.hint)
    for notice in found.notices:
        out.hint(notice)
    for warning in found.warnings:
        out.warning(warning)
    return found.settings


def _source(typed: str | None, settings: Settings | None, out: Output) -> Source:
    value = typed if typed is not None else settings.source if settings else None
    if value is None:
        where = ""
        if settings:
            profile = f"put a source into profile '{settings.name}'"
            where = f", or {profile if settings.name else 'set LINKSMS_SOURCE'}"
        raise UsageError("no sender", f"Give one with --from, like --from LINK{where}.")
    source = number.source(value)
    if source.warning:
        out.warning(source.warning)
    return source


def _text(body: str | None, *, optional: bool) -> str | None:
    if optional and body is None:
        return None
    stdin = sys.stdin.buffer if sys.stdin else None
    content = read_text(body, stdin)
    if decoding.is_blank(content) and not optional:
        raise UsageError("the text is empty", "Give the words to send.")
    return content


def _judge(content: str | None, *, plain: bool, header: str | None) -> Assessment | None:
    """Judge the text; with a header of the sender's own it is one part, whatever it takes."""
    if content is None:
        return None
    if header is not None:
        from linksms_cli.sms.text.advice import advise

        return advise(content, segments.measure(content)._replace(parts=1, parts_if_67=None))
    return assess_replaced(content) if plain else assess(content)


def _tell_figures(judged: Assessment, out: Output) -> None:
    out.hint(figures.as_line(judged.measured))
    if count := figures.by_3gpp(judged.measured):
        out.hint(count)
    if judged.replaced is not None:
        from linksms_cli.views import judgement

        for line in judgement.savings(judged):
            out.hint(line)
    for warning in judged.warnings:
        out.warning(warning)
