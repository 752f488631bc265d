"""The plan of a dry run, as a person reads it: who would send what to whom, and for what charge."""

from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.figures import as_line
from linksms_cli.views.layout import LABEL, Tone, counted, labelled, paint


def as_plan(order: Order, settings: Settings | None, *, width: int) -> str:
    """Return a page; `settings` are None for a sandbox of the command's own."""
    rows = [
        ("Account", [as_account(settings)]),
        ("Profile", [as_profile(settings)]),
        ("Sender", [order.draft.source]),
        ("Text", _text(order, width - LABEL)),
        ("Parts", [_parts(order)]),
        ("Charge", [_charge(order)]),
    ]
    head = paint("Dry run: nothing is sent.", Tone.STRONG)
    return "\n".join([head, *(line for name, lines in rows for line in labelled(name, lines))])


def as_account(settings: Settings | None) -> str:
    """Return who would send and where, without the password."""
    if settings is None:
        return "a test gateway that ends with the command"
    account = settings.account
    return visible(f"{account.service_id}/{account.username} at {account.base_url}")


def as_profile(settings: Settings | None) -> str:
    """Return which profile that is, if it is one."""
    if settings is None:
        return "none"
    if settings.name is None:
        return "none: the account is in the environment"
    return f"{settings.name}{' (the default)' if settings.is_default else ''}"


def _text(order: Order, room: int) -> list[str]:
    import textwrap

    text = order.draft.text
    if text is None:
        return ["none"]
    lines = [textwrap.wrap(visible(line), room) or [""] for line in text.splitlines()]
    return [line for wrapped in lines for line in wrapped]


def _parts(order: Order) -> str:
    if order.figures is None or order.parts is None:
        return "none"
    line = as_line(order.figures)
    count = len(order.distinct)
    return line if count == 1 else f"{line}; {counted(order.parts * count, 'part')} in all"


def _charge(order: Order) -> str:
    if order.charge is None:
        return "none"
    count = len(order.distinct)
    if count == 1:
        return f"{order.charge}"
    return f"{order.charge} to each of {count} recipients, {order.charge.times(count)} in all"
