"""A row becomes an order by the rules of a single send, or says why it cannot."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.batch.orders import OrderMaker, RowDefaults, RowOrder, RowRefusal
from linksms_cli.sms.batch.record import Record, unreadable
from linksms_cli.sms.batch.template import parse
from linksms_cli.sms.country import Country
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.result import Problem

DEFAULTS = RowDefaults(columns={}, template=None, source="LINK")
ROW = {"to": "+99955500001", "text": "Hej"}


def made(cells: dict[str, str], defaults: RowDefaults = DEFAULTS) -> RowOrder | RowRefusal:
    return OrderMaker(defaults).order(Record(1, cells))


def order(cells: dict[str, str], defaults: RowDefaults = DEFAULTS) -> RowOrder:
    one = made(cells, defaults)
    assert isinstance(one, RowOrder), one
    return one


def test_a_cell_comes_before_an_option() -> None:
    defaults = replace(DEFAULTS, tariff="SEK1000", vat="25.0", reference_id="option", async_=True)
    own = {"from": "72401", "tariff": "SEK500", "vat": "6", "reference_id": "cell"}
    by_cell, by_option = order({**ROW, **own}, defaults).order, order(ROW, defaults).order
    drafts = [
        (
            one.draft.source,
            one.draft.tariff,
            one.draft.vat,
            one.draft.reference_id,
            one.draft.async_,
        )
        for one in (by_cell, by_option)
    ]
    assert drafts == [
        ("72401", "SEK500", "6.0", "cell", True),
        ("LINK", "SEK1000", "25.0", "option", True),
    ]
    assert (str(by_cell.charge), str(by_option.charge)) == ("SEK500", "SEK1000")


def test_the_marks_by_which_a_spreadsheet_keeps_a_text_are_dropped() -> None:
    for typed in ("'+99955500001", '="+99955500001"', " +999 555\u00a000001 "):
        row = order({**ROW, "to": typed, "from": "'+99955500002"})
        assert (row.recipient, row.order.draft.source) == ("+99955500001", "+99955500002")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"text": "x"}, "no recipient"),
        ({"to": "+99955500001"}, "the text is empty"),
        ({**ROW, "text": " \n"}, "the text is empty"),
        ({**ROW, "to": "''+99955500001"}, "is not in international form"),
        ({**ROW, "from": "far too long a name"}, "takes 19 septets; a name holds 11"),
        ({**ROW, "tariff": "null"}, "the tariff 'null' is not three capital letters"),
        ({**ROW, "tariff": "10"}, "the tariff '10' is not three capital letters"),
        ({**ROW, "vat": "x"}, "'x' is not a percentage"),
        ({**ROW, "charge_only": "perhaps"}, "charge_only 'perhaps' is neither true nor false"),
        ({**ROW, "charge_only": "yes"}, "charge_only charges nothing without a tariff"),
        ({**ROW, "udh": "05"}, "the header"),
    ],
)
def test_what_is_wrong_is_said_of_the_row(cells: dict[str, str], message: str) -> None:
    one = made(cells)
    assert isinstance(one, RowRefusal)
    assert message in one.problem.message
    assert one.problem.kind == "row"
    assert one.problem.hint


def test_a_row_without_a_sender_is_refused() -> None:
    one = made(ROW, replace(DEFAULTS, source=None))
    assert isinstance(one, RowRefusal)
    assert one.problem.message == "no sender"


def test_a_row_that_could_not_be_read_keeps_its_reason() -> None:
    record = unreadable(7, "why", "what to do", ["+99955500001", "x"], {"to": "+99955500001"})
    assert record == Record(
        7,
        {"to": "+99955500001"},
        ["+99955500001", "x"],
        Problem(kind="row", message="why", hint="what to do"),
    )
    one = OrderMaker(DEFAULTS).order(record)
    assert isinstance(one, RowRefusal)
    assert (one.to, one.source, one.problem.message) == ("+99955500001", "LINK", "why")


def test_the_template_is_filled_and_may_lack_a_cell() -> None:
    defaults = replace(DEFAULTS, template=parse("Hi {name}"))
    assert order({"to": "+99955500001", "name": "Bo"}, defaults).order.draft.text == "Hi Bo"
    one = made({"to": "+99955500001"}, defaults)
    assert isinstance(one, RowRefusal)
    assert one.problem.message == "the template needs 'name', and the row has none"


def test_all_that_a_row_asks_for_is_in_its_order() -> None:
    cells = {**ROW, "tariff": "SEK500", "udh": "06050415810b0c", "key": " k "}
    made = order(cells, replace(DEFAULTS, max_parts=1)).order
    price = Amount(currency="SEK", hundredths=500)
    assert (made.recipients, made.draft.udh) == (("+99955500001",), "06050415810B0C")
    assert (made.charge, made.confirmed, made.max_parts, made.key) == (price, price, 1, "k")
    free = order({**ROW, "tariff": "SEK0"}).order
    assert (free.draft.tariff, free.charge, free.confirmed) == ("SEK0", None, None)
    assert (free.draft.udh, free.max_parts, free.key) == (None, None, None)


def test_characters_are_replaced_in_a_row_only_if_asked_for() -> None:
    typed = f"“{'Hej ' * 25}”"
    cells = {**ROW, "text": typed}
    made, replaced = order(cells).order, order(cells, replace(DEFAULTS, replace=True)).order
    assert made.draft.text == typed
    assert replaced.draft.text == f'"{"Hej " * 25}"'
    assert [one.figures and one.figures.encoding for one in (made, replaced)] == ["UCS-2", "GSM-7"]


def test_a_number_without_plus_is_of_the_country() -> None:
    cells = {**ROW, "to": "00 999 555 00001"}
    assert order(cells, replace(DEFAULTS, country=Country("SE"))).recipient == "+99955500001"
    refused = made(cells)
    assert isinstance(refused, RowRefusal)
    assert (refused.to, refused.source) == ("00 999 555 00001", "LINK")


def test_a_charge_without_a_text_needs_none() -> None:
    row = order({"to": "+99955500001", "charge_only": "true", "tariff": "SEK100"})
    assert (row.order.draft.text, row.order.draft.charge_only) == (None, True)


@pytest.mark.parametrize(
    ("written", "charge_only"),
    [
        *dict.fromkeys(["true", "yes", "1", " True ", "YES"], True).items(),
        *dict.fromkeys(["false", "no", "0", " ", "False", "NO"], None).items(),
    ],
)
def test_whether_a_row_only_charges_may_be_written_in_several_ways(
    written: str, charge_only: bool | None
) -> None:
    row = order({**ROW, "charge_only": written, "tariff": "SEK100"})
    assert row.order.draft.charge_only is charge_only


DIFFERENT = [
    ROW,
    {**ROW, "to": "+99955500002"},
    {**ROW, "text": "Hej!"},
    {**ROW, "from": "OTHER"},
    {**ROW, "tariff": "SEK100"},
    {**ROW, "key": "k"},
    {**ROW, "charge_only": "yes", "tariff": "SEK100"},
    {**ROW, "tariff": "SEK200"},
    {**ROW, "udh": "050003010201"},
    {**ROW, "udh": "050003010202"},
]


def test_rows_are_equal_by_what_they_send_or_by_their_key() -> None:
    twins = [tuple(order(cells).twin) for cells in DIFFERENT]
    assert len(set(twins)) == len(DIFFERENT)
    spelt = order({**ROW, "to": "+999 555-00001", "reference_id": "another"})
    assert tuple(spelt.twin) == twins[0]
    by_key = order({"to": "+99955500009", "text": "else", "key": "k"})
    assert tuple(by_key.twin) == twins[5]


@pytest.mark.parametrize(
    ("cells", "twin"),
    [
        (ROW, ("+99955500001", "Hej", "LINK", "", "", "")),
        ({**ROW, "key": "k"}, ("key", "k")),
        (
            {"to": "+99955500001", "tariff": "SEK100", "charge_only": "yes"},
            ("+99955500001", "", "LINK", "SEK100", "", "charge only"),
        ),
        (
            {**ROW, "udh": "050003010201"},
            ("+99955500001", "Hej", "LINK", "", "050003010201", ""),
        ),
    ],
)
def test_a_row_is_known_by_the_same_words_as_in_stores_of_before(
    cells: dict[str, str], twin: tuple[str, ...]
) -> None:
    # Stores keep a hash of them: with others, a batch would send again what went out before.
    assert order(cells).twin == twin


FIELDS = st.sampled_from(
    ["to", "text", "from", "reference_id", "tariff", "vat", "charge_only", "udh", "key"]
)


@given(st.dictionaries(FIELDS, st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)))
def test_any_row_is_an_order_or_a_reason(cells: dict[str, str]) -> None:
    one = made(cells)
    if isinstance(one, RowRefusal):
        assert one.problem.message
    else:
        assert one.recipient.startswith("+")
        assert one.order.draft.text or one.order.draft.charge_only
