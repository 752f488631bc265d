"""What `linksms send` is asked to send: the order, from options, account and text."""

from collections.abc import Callable
from typing import NamedTuple

from linksms_cli.actions.send.terms import Route, Terms, ToAccount
from linksms_cli.commands.send import text
from linksms_cli.commands.send.options import SendOptions
from linksms_cli.errors import UsageError
from linksms_cli.output import Output
from linksms_cli.sms import duration, number
from linksms_cli.sms.country import Country
from linksms_cli.sms.mt import charge, udh
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order

# In a batch: requests under way at once, and tries after the first.
_CONCURRENCY = 8
_RETRIES = 5


class CheckedOptions(NamedTuple):
    """What the options of an order mean, where that is more than what was typed.

    `charge` is None where nothing is charged: by an amount of 0 too.
    """

    recipients: tuple[str, ...]
    udh: bytes | None
    tariff: Amount | None
    vat: str | None
    confirmed: Amount | None

    @property
    def charge(self) -> Amount | None:
        """What one message charges."""
        return self.tariff if self.tariff and self.tariff.hundredths else None


def check(asked: SendOptions, country_of_account: Callable[[], str | None]) -> CheckedOptions:
    """Check what can be refused before an account is looked for or stdin is read.

    The account's country is asked for if a recipient needs one.

    Raises UsageError for an option that says nothing that can be sent.
    """
    if asked.batch.file == "":
        raise UsageError("--batch is empty", "Name a file, or give - for stdin.")
    if not asked.to and not asked.batch.file:
        raise UsageError("no recipient", "Give one with --to, like --to +46701740605.")
    recipients = _recipients(asked, country_of_account)
    tariff = (
        charge.amount(asked.charge.tariff, "--tariff") if asked.charge.tariff is not None else None
    )
    if asked.charge.charge_only and not (tariff and tariff.hundredths):
        raise UsageError(
            "--charge-only charges nothing without a tariff", "Add one, like --tariff SEK1000."
        )
    if asked.charge.reference_id is not None and not asked.charge.reference_id.strip():
        raise UsageError("--reference-id is empty", "Give the id of the incoming SMS.")
    if asked.once is not None and not asked.once.strip():
        raise UsageError("--once needs a key", "Give one that names the event, like deploy-4711.")
    said = asked.charge.confirm_charge
    return CheckedOptions(
        recipients=recipients,
        udh=udh.parse(asked.udh) if asked.udh is not None else None,
        tariff=tariff,
        vat=charge.vat(asked.charge.vat) if asked.charge.vat is not None else None,
        confirmed=charge.amount(said, "--confirm-charge") if said else None,
    )


def _recipients(
    asked: SendOptions, country_of_account: Callable[[], str | None]
) -> tuple[str, ...]:
    typed = asked.to or ()
    if asked.country:
        return number.destinations(typed, Country(asked.country))
    try:
        return number.destinations(typed)
    except UsageError:
        if asked.sandbox or (code := country_of_account()) is None:
            raise
        return number.destinations(typed, Country(code))


def read_terms(asked: SendOptions) -> Terms:
    """Return on what terms it is sent. Raises UsageError for what is no duration."""
    timeout = duration.seconds(asked.timeout, "--timeout", longest=duration.LONGEST_ANSWER)
    if not timeout:
        raise UsageError("--timeout 0 leaves no time to send", "Give it seconds, like 30.")
    return Terms(
        timeout=timeout,
        retries=_RETRIES if asked.retry is None and asked.batch.file else asked.retry or 0,
        dry_run=asked.dry_run,
        resend_unknown=asked.resend_unknown,
        wait=duration.seconds(asked.wait, "--wait") if asked.wait is not None else None,
        concurrency=(asked.batch.concurrency or _CONCURRENCY) if asked.batch.file else 1,
    )


def read_order(asked: SendOptions, checked: CheckedOptions, route: Route, out: Output) -> Order:
    """Return the order, and show what a person should know of its sender and text.

    Where an option says nothing the account does. stdin is read here, after all that can be
    refused without it.

    Raises UsageError where there is no sender or no text, or none that can be sent.
    """
    source = source_of(asked, route, out)
    if source is None:
        raise _no_source(route)
    assessed = text.read(asked, out)
    return Order(
        recipients=checked.recipients,
        draft=Draft(
            source=source,
            text=assessed.text if assessed else None,
            udh=checked.udh.hex().upper() if checked.udh is not None else None,
            reference_id=asked.charge.reference_id,
            tariff=str(checked.tariff) if checked.tariff else None,
            vat=checked.vat,
            charge_only=True if asked.charge.charge_only else None,
            async_=async_of(asked, route),
        ),
        figures=assessed.measured if assessed else None,
        charge=checked.charge,
        confirmed=checked.confirmed,
        max_parts=asked.max_parts,
        key=asked.once,
        allow_duplicates=asked.allow_duplicates,
    )


def source_of(asked: SendOptions, route: Route, out: Output) -> str | None:
    """Return the sender that the option or the account names, cleaned; None if neither does."""
    value = asked.source
    if value is None and isinstance(route, ToAccount):
        value = route.settings.source
    if value is None:
        return None
    source = number.source(value)
    if source.warning:
        out.warning(source.warning)
    return source.address


def country_of(asked: SendOptions, route: Route) -> Country | None:
    """Return the country that the option or the account names, None if neither does."""
    code = asked.country
    if code is None and isinstance(route, ToAccount):
        code = route.settings.country
    return Country(code) if code else None


def _no_source(route: Route) -> UsageError:
    remedy = "Give one with --from, like --from LINK"
    if isinstance(route, ToAccount):
        name = route.settings.name
        remedy += f", or put a source into profile '{name}'" if name else ", or set LINKSMS_SOURCE"
    return UsageError("no sender", f"{remedy}.")


def async_of(asked: SendOptions, route: Route) -> bool | None:
    """Return whether the gateway is to answer before it has sent; None if nobody says."""
    if asked.async_ is None and isinstance(route, ToAccount):
        return route.settings.async_
    return asked.async_
