"""A row becomes an order by the rules that a single send goes by, or says why it cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from linksms_cli.errors import UsageError
from linksms_cli.sms import number
from linksms_cli.sms.batch.columns import field_columns
from linksms_cli.sms.batch.record import Record
from linksms_cli.sms.batch.template import Template
from linksms_cli.sms.country import Country
from linksms_cli.sms.mt import charge, udh
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.text import decoding, segments
from linksms_cli.sms.text.assess import assess_replaced
from linksms_cli.sms.text.segments import Segmentation

_YES = {"true", "yes", "1"}
_NO = {"false", "no", "0", ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDefaults:
    """What a row goes by where it has no cell of its own, checked already.

    `columns` names the column of a field that `--column` says. With a `template` the text is that,
    else it stands in the row. Numbers without `+` are from the `country`, if there is one.
    """

    columns: Mapping[str, str]
    template: Template | None
    source: str | None
    country: Country | None = None
    tariff: str | None = None
    vat: str | None = None
    reference_id: str | None = None
    charge_only: bool = False
    async_: bool | None = None
    replace: bool = False
    max_parts: int | None = None


class RowOrder(NamedTuple):
    """The order of a row, and what makes a row of this or another file its equal.

    No guard has looked at the order: what went out before is not refused later.
    """

    order: Order
    twin: Sequence[str]

    @property
    def recipient(self) -> str:
        """Who gets it."""
        return self.order.recipients[0]


class RowRefusal(NamedTuple):
    """Why a row is refused, and what stands in it for the recipient and the sender."""

    to: str
    source: str
    problem: Problem


class OrderMaker:
    """Makes the orders of one batch."""

    def __init__(self, defaults: RowDefaults) -> None:
        self._defaults = defaults
        self._columns = field_columns(defaults.columns)
        self._source = lru_cache(maxsize=256)(lambda typed: number.source(typed).address)
        self._measured = lru_cache(maxsize=1024)(
            _replaced if defaults.replace else lambda text: (text, segments.measure(text))
        )

    def order(self, record: Record) -> RowOrder | RowRefusal:
        """Return the order of a row, or why there is none."""
        cells = record.cells
        to = self._cell(cells, "to") or ""
        source = self._cell(cells, "from") or self._defaults.source or ""
        if record.problem:
            return RowRefusal(to, source, record.problem)
        try:
            return self._made(cells, to, source)
        except UsageError as failure:
            problem = Problem(kind="row", message=failure.message, hint=failure.hint)
            return RowRefusal(to, source, problem)

    def _made(self, cells: Mapping[str, str], to: str, source: str) -> RowOrder:
        if not to:
            raise UsageError("no recipient", "Write one like +46701740605.")
        if not source:
            raise UsageError("no sender", "Give one with --from, or in a column 'from'.")
        recipient = number.destination(_unmarked(to), self._defaults.country)
        draft, figures = self._draft(cells, self._source(_unmarked(source)))
        tariff = charge.amount(draft.tariff, "the tariff") if draft.tariff else None
        price = tariff if tariff and tariff.hundredths else None
        if draft.charge_only and price is None:
            raise UsageError("charge_only charges nothing without a tariff", "Add a tariff.")
        key = self._cell(cells, "key")
        # The total of the batch is confirmed as a whole, before its first row goes out.
        order = Order(
            recipients=(recipient,),
            draft=draft,
            figures=figures,
            charge=price,
            confirmed=price,
            max_parts=self._defaults.max_parts,
            key=key,
        )
        return RowOrder(order, ("key", key) if key else _twin(recipient, draft))

    def _draft(self, cells: Mapping[str, str], source: str) -> tuple[Draft, Segmentation | None]:
        defaults = self._defaults
        charge_only = self._flag(cells, "charge_only")
        text, figures = self._text(cells, optional=charge_only)
        header = self._cell(cells, "udh")
        octets = udh.parse(header) if header else None
        vat = self._cell(cells, "vat") or defaults.vat
        draft = Draft(
            source=source,
            text=text,
            udh=octets.hex().upper() if octets is not None else None,
            reference_id=self._cell(cells, "reference_id") or defaults.reference_id,
            tariff=self._cell(cells, "tariff") or defaults.tariff,
            vat=charge.vat(vat) if vat else None,
            charge_only=True if charge_only else None,
            async_=defaults.async_,
        )
        return draft, figures

    def _text(
        self, cells: Mapping[str, str], *, optional: bool
    ) -> tuple[str | None, Segmentation | None]:
        template = self._defaults.template
        try:
            text = template.filled(cells) if template else cells.get(self._columns["text"])
        except KeyError as missing:
            message = f"the template needs {missing}, and the row has none"
            raise UsageError(message, "Fill the cell.") from None
        if text is None or decoding.is_blank(text):
            if optional:
                return None, None
            raise UsageError("the text is empty", "Give the words to send.")
        return self._measured(text)

    def _cell(self, cells: Mapping[str, str], name: str) -> str | None:
        written = cells.get(self._columns[name])
        return written.strip() if written else None

    def _flag(self, cells: Mapping[str, str], name: str) -> bool:
        written = self._cell(cells, name)
        if written is None:
            return self._defaults.charge_only
        if written.lower() not in _YES | _NO:
            raise UsageError(f"{name} {written!r} is neither true nor false", "Write true.")
        return written.lower() in _YES


def _replaced(text: str) -> tuple[str, Segmentation]:
    assessed = assess_replaced(text)
    return assessed.text, assessed.measured


def _unmarked(cell: str) -> str:
    """Return a number without the marks by which spreadsheets keep it a text: '+46… and ="+46…"."""
    if cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1]
    return cell.removeprefix("'")


def _twin(recipient: str, draft: Draft) -> tuple[str, ...]:
    only = "charge only" if draft.charge_only else ""
    return (recipient, draft.text or "", draft.source, draft.tariff or "", draft.udh or "", only)
