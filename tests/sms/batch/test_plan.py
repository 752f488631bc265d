"""The figures of a plan: parts, alphabets, charges, the longest row, and the first one."""

from linksms_cli.sms.batch.orders import OrderMaker, RowDefaults, RowOrder
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.batch.record import Record


def planned(*rows: dict[str, str]) -> BatchPlan:
    maker = OrderMaker(RowDefaults(columns={}, template=None, source="LINK"))
    plan = BatchPlan()
    for number, cells in enumerate(rows, 1):
        made = maker.order(Record(number, {"to": f"+9995550000{number}", **cells}))
        assert isinstance(made, RowOrder)
        plan.rows += 1
        plan.count(number, made.order)
    return plan


def test_everything_is_counted() -> None:
    plan = planned(
        {"text": "Hi"},
        {"text": "x" * 200, "tariff": "SEK1000"},
        {"text": "ąę", "tariff": "SEK500"},
        {"text": "y" * 200, "tariff": "NOK1"},
        {"charge_only": "yes", "tariff": "NOK2"},
    )
    assert plan.record(2.5) == {
        "rows": 5,
        "sendable": 5,
        "refused": 0,
        "duplicates": 0,
        "already_sent": 0,
        "parts": 6,
        "by_encoding": {"GSM-7": 3, "UCS-2": 1},
        "by_parts": {"0": 1, "1": 2, "2": 2},
        "longest": {"row": 2, "parts": 2},
        "charge_total": "NOK3 + SEK1500",
        "seconds_at_rate": 2.0,
    }
    assert plan.record(3)["seconds_at_rate"] == 1.7
    assert plan.first is not None
    assert (plan.first[0], plan.first[1].draft.text) == (1, "Hi")


def test_a_plan_of_nothing_has_no_longest_row_and_no_charge() -> None:
    record = BatchPlan(rows=3, refused=3).record(None)
    empty = ("sendable", "parts", "by_encoding", "by_parts", "longest", "charge_total")
    assert [record[name] for name in empty] == [0, 0, {}, {}, None, None]
    assert record["seconds_at_rate"] is None
