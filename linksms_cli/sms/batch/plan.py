"""What a batch would do: how many rows go out, in how many parts, for what charge."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.order import Order


@dataclass(slots=True, kw_only=True)
class BatchPlan:
    """The figures of a batch, counted row by row.

    `already_sent` are the rows that this batch or another has sent before, `duplicates` those that
    stand above in the same file. Nothing is kept of a row but its counts, and of the `first` that
    would go out its order.
    """

    rows: int = 0
    sendable: int = 0
    refused: int = 0
    duplicates: int = 0
    already_sent: int = 0
    parts: int = 0
    by_encoding: Counter[str] = field(default_factory=Counter)
    by_parts: Counter[int] = field(default_factory=Counter)
    longest_row: int | None = None
    longest_parts: int = 0
    charges: Counter[str] = field(default_factory=Counter)
    first: tuple[int, Order] | None = None

    def count(self, row: int, order: Order) -> None:
        """Count a row that would go out."""
        self.sendable += 1
        self.first = self.first or (row, order)
        parts = order.parts or 0
        self.parts += parts
        self.by_parts[parts] += 1
        if order.figures:
            self.by_encoding[order.figures.encoding] += 1
        if parts > self.longest_parts:
            self.longest_row, self.longest_parts = row, parts
        if order.charge:
            self.charges[order.charge.currency] += order.charge.hundredths

    @property
    def charge_total(self) -> tuple[Amount, ...]:
        """What the batch would charge, an amount for each currency."""
        return tuple(
            Amount(currency=currency, hundredths=hundredths)
            for currency, hundredths in sorted(self.charges.items())
        )

    def record(self, rate: float | None) -> dict[str, Any]:
        """Return the plan as JSON has it."""
        total = self.charge_total
        return {
            "rows": self.rows,
            "sendable": self.sendable,
            "refused": self.refused,
            "duplicates": self.duplicates,
            "already_sent": self.already_sent,
            "parts": self.parts,
            "by_encoding": dict(self.by_encoding),
            "by_parts": {str(parts): self.by_parts[parts] for parts in sorted(self.by_parts)},
            "longest": {"row": self.longest_row, "parts": self.longest_parts}
            if self.longest_row
            else None,
            "charge_total": " + ".join(map(str, total)) if total else None,
            "seconds_at_rate": round(self.sendable / rate, 1) if rate else None,
        }
