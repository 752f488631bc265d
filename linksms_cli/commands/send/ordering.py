"""What `linksms send` is asked to send: the order, from options, account and text."""

import sys
from dataclasses import replace

from linksms_cli.commands.reading import read_text
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import number
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt import charge, udh
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.text import decoding, segments
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.sms.text.assessment import Assessment
from linksms_cli.views import figures


def read_order(
    *,
    to: list[str] | None,
    header: str | None,
    tariff: str | None,
    vat: str | None,
    reference_id: str | None,
    charge_only: bool,
    confirm_charge: str | None,
    once: str | None,
    max_parts: int | None,
    allow_duplicates: bool,
) -> Order:
    """Return the order as far as its options say it: what is missing is its sender and text.

    Raises UsageError for an option that says nothing that can be sent.
    """
    if not to:
        raise UsageError("no recipient", "Give one with --to, like --to +46701740605.")
    recipients = tuple(number.destination(typed) for typed in to)
    amount = charge.amount(tariff, "--tariff") if tariff is not None else None
    price = amount if amount and amount.hundredths else None
    if charge_only and price is None:
        raise UsageError(
            "--charge-only charges nothing without a tariff", "Add one, like --tariff SEK1000."
        )
    if reference_id is not None and not reference_id.strip():
        raise UsageError("--reference-id is empty", "Give the id of the incoming SMS.")
    if once is not None and not once.strip():
        raise UsageError("--once needs a key", "Give one that names the event, like deploy-4711.")
    octets = udh.parse(header) if header is not None else None
    return Order(
        recipients=recipients,
        draft=Message(
            destination="",
            source="",
            udh=octets.hex().upper() if octets is not None else None,
            reference_id=reference_id,
            tariff=str(amount) if amount else None,
            vat=charge.vat(vat) if vat is not None else None,
            charge_only=True if charge_only else None,
        ),
        figures=None,
        udh=octets,
        charge=price,
        confirmed=charge.amount(confirm_charge, "--confirm-charge") if confirm_charge else None,
        max_parts=max_parts,
        key=once,
        allow_duplicates=allow_duplicates,
    )


def complete(
    order: Order,
    settings: Settings | None,
    out: Output,
    *,
    source: str | None,
    body: str | None,
    plain: bool,
    async_: bool | None,
) -> Order:
    """Return the order with its sender and its text, and tell what is to be known of them.

    Where an option says nothing the account does; a sandbox has no `settings`. stdin is read here,
    after all that can be refused without it.

    Raises UsageError where there is no sender or no text, or none that can be sent.
    """
    sender = _source(source, settings, out)
    judged = _judge(_text(body, optional=bool(order.draft.charge_only)), order.udh, plain=plain)
    if judged:
        _tell_figures(judged, out)
    draft = replace(
        order.draft,
        source=sender,
        text=judged.text if judged else None,
        async_=settings.async_ if settings and async_ is None else async_,
    )
    return order._replace(draft=draft, figures=judged.measured if judged else None)


def _source(typed: str | None, settings: Settings | None, out: Output) -> str:
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
    return source.address


def _text(body: str | None, *, optional: bool) -> str | None:
    if optional and body is None:
        return None
    stdin = sys.stdin.buffer if sys.stdin else None
    content = read_text(body, stdin)
    if decoding.is_blank(content) and not optional:
        raise UsageError("the text is empty", "Give the words to send.")
    return content


def _judge(content: str | None, header: bytes | None, *, plain: bool) -> Assessment | None:
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
        from linksms_cli.views.segments import page

        for line in page.savings(judged):
            out.hint(line)
    for warning in judged.warnings:
        out.warning(warning)
