"""How a batch is sent, and what it is known by."""

from dataclasses import dataclass
from hashlib import sha256

from linksms_cli.actions.send.batch.file import BatchFile
from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.batch.orders import RowDefaults
from linksms_cli.sms.mt.batch import BatchIdentity
from linksms_cli.sms.mt.charge import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTerms:
    """How a batch is sent, besides the terms of every send.

    `confirmed` is what --confirm-charge names for the whole batch, `rate` is in messages a second.
    """

    template: str | None
    confirmed: Amount | None
    rate: float | None
    max_failures: int | None
    again: bool
    allow_duplicates: bool


def identify(
    file: BatchFile, defaults: RowDefaults, template: str | None, account: Account
) -> BatchIdentity:
    """Return what a batch is known by: its bytes, and all that changes the wire."""
    changes = (
        base_url.canonical(account.base_url),
        account.service_id,
        template,
        sorted(defaults.columns.items()),
        file.rows.delimiter,
        defaults.source,
        defaults.country.code if defaults.country else None,
        defaults.tariff,
        defaults.vat,
        defaults.reference_id,
        defaults.charge_only,
        defaults.async_,
        defaults.replace,
    )
    return BatchIdentity(sha256(file.source.sha256 + repr(changes).encode()).digest())
