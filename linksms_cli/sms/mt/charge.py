"""What a premium message charges its recipient: tariff, VAT, and the total to confirm."""

import re
from typing import NamedTuple

from linksms_cli.errors import UsageError

# Patterns, compiled at their first use: most sends charge nothing.
_TARIFF = "([A-Z]{3})(0|[1-9][0-9]*)"
# More hundredths are a mistake, whatever the currency.
_MOST = 999_999_999
_VAT = r"[0-9]{1,3}(\.[0-9]{1,4})?"


class Amount(NamedTuple):
    """Money as the gateway writes it: a currency and hundredths of it (SEK1000 is 10 SEK)."""

    currency: str
    hundredths: int

    def __str__(self) -> str:
        return f"{self.currency}{self.hundredths}"

    def times(self, count: int) -> "Amount":
        """Return what `count` messages charge."""
        return Amount(currency=self.currency, hundredths=self.hundredths * count)


def amount(typed: str, option: str) -> Amount:
    """Return an amount from three letters and hundredths of the currency.

    Raises UsageError that names `option`. `null` is an error: no tariff is said by giving none.
    """
    found = re.fullmatch(_TARIFF, typed)
    if found:
        if len(found[2]) > len(str(_MOST)):
            message = f"{option} {typed} is too much: up to {found[1]}{_MOST} can be charged"
            raise UsageError(message, "The amount is in hundredths: SEK1000 is 10 SEK.")
        return Amount(currency=found[1], hundredths=int(found[2]))
    message = f"{option} {typed!r} is not three capital letters and an amount"
    if typed.lower() == "null":
        raise UsageError(message, f"Leave {option} out to charge nothing.")
    meant = typed.strip().upper()
    example = meant if re.fullmatch(_TARIFF, meant) else "SEK1000"
    raise UsageError(message, f"Write it like {example} (hundredths: SEK1000 is 10 SEK).")


def vat(typed: str) -> str:
    """Return a VAT percentage as the guide writes it, with a point and a decimal (25 -> 25.0).

    Raises UsageError where it is not a percentage.
    """
    if re.fullmatch(_VAT, typed) and float(typed) <= 100:
        return typed if "." in typed else f"{typed}.0"
    raise UsageError(f"--vat {typed!r} is not a percentage", "Write it like 25.0.")
