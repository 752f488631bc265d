"""All that one `send` asks for, and the guards that refuse it: the same for a dry run."""

from collections.abc import Iterator
from typing import NamedTuple

from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.message import Draft, Message
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.mt.udh import room
from linksms_cli.sms.text.segments import Segmentation


class Order(NamedTuple):
    """One text to one or more recipients.

    `recipients` are cleaned, in the order given, with those given twice. `draft` is the message
    that each of them gets. `figures` are None where there is no text. `charge` is what one
    message charges, None where it charges nothing; `confirmed` is what --confirm-charge named.
    """

    recipients: tuple[str, ...]
    draft: Draft
    figures: Segmentation | None
    charge: Amount | None = None
    confirmed: Amount | None = None
    max_parts: int | None = None
    key: str | None = None
    allow_duplicates: bool = False

    @property
    def parts(self) -> int | None:
        """Parts of one message: with a header of the sender's own, the text is one part."""
        if self.draft.udh is not None:
            return 1
        return self.figures.parts if self.figures else None

    @property
    def distinct(self) -> tuple[str, ...]:
        """The recipients that get a message each."""
        if self.allow_duplicates:
            return self.recipients
        return tuple(dict.fromkeys(self.recipients))

    def message_to(self, recipient: str) -> Message:
        """Return the message for one recipient."""
        return self.draft.to(recipient)

    def payload(self) -> list[list[tuple[str, str]]]:
        """Return every wire parameter but the credentials, in an order of its own.

        What a once-key stands for: naming the same recipients in another order is the same order.
        """
        return [self.message_to(recipient).parameters() for recipient in sorted(self.distinct)]


def refusals(order: Order, *, can_truncate: bool = True) -> Iterator[Problem]:
    """Yield why the whole order is refused, whoever gets it.

    `can_truncate` says whether there is an option that shortens its text.
    """
    yield from _too_long(order, "Shorten it, or add --truncate" if can_truncate else "Shorten it")
    yield from _charge_not_confirmed(order)


def not_allowed(recipient: str, settings: Settings) -> Problem | None:
    """Return why the guard of one place refuses a recipient, None if all allow it."""
    for guard in settings.guards:
        if guard.allows(recipient):
            continue
        hint = f"It allows {', '.join(guard.allowed)}: {guard.remedy}."
        whole = next(filter(recipient.startswith, guard.allowed), None)
        if whole:
            hint += f" {whole} is one number; {whole}* would allow longer ones too."
        message = f"{guard.origin} does not allow {recipient}"
        return Problem(kind="destination_not_allowed", message=message, hint=hint)
    return None


def _too_long(order: Order, remedy: str) -> Iterator[Problem]:
    figures = order.figures
    if figures is None:
        return
    if order.draft.udh is not None:
        left = room(bytes.fromhex(order.draft.udh), figures.encoding)
        if figures.units > left:
            message = f"the text takes {figures.units} units, but the header leaves room for {left}"
            yield Problem(kind="over_limit", message=message, hint="Shorten the text.")
        return
    if figures.over_limit:
        message = (
            f"the text takes {figures.units} units of {figures.encoding}, "
            f"and the gateway takes {figures.limit}"
        )
        hint = f"{remedy}; `linksms segments` shows what it takes."
        yield Problem(kind="over_limit", message=message, hint=hint)
    if order.max_parts is not None and figures.parts > order.max_parts:
        message = f"the text takes {figures.parts} parts, but --max-parts allows {order.max_parts}"
        hint = f"{remedy}; `linksms segments --explain` shows the parts."
        yield Problem(kind="max_parts", message=message, hint=hint)


def _charge_not_confirmed(order: Order) -> Iterator[Problem]:
    total = order.charge.times(len(order.distinct)) if order.charge else None
    said = order.confirmed
    if total is None:
        if said is not None and said.hundredths:
            message = f"--confirm-charge says {said}, but nothing is charged"
            yield Problem(
                kind="charge_not_confirmed",
                message=message,
                hint="Give the --tariff that was meant, or leave --confirm-charge out.",
            )
    elif said != total:
        count = len(order.distinct)
        message = f"this charges {total} in all ({order.charge} to each of {count})"
        if said is not None:
            message += f", but --confirm-charge says {said}"
        yield Problem(
            kind="charge_not_confirmed",
            message=message,
            hint=f"To charge it, add --confirm-charge {total}.",
        )
