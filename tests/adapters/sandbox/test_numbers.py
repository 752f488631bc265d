"""What each test number does."""

import pytest

from linksms_cli.adapters.sandbox.numbers import Plan, Tale, Trick, plan_for


@pytest.mark.parametrize("number", ["+99955501234", "+9995", "+46701234567", "+999500000000000"])
def test_a_plain_number_is_accepted_and_reported_delivered(number: str) -> None:
    expected = Plan(code=1005, taken=True, tale=Tale.PLAIN, report_code=1001)
    assert plan_for(number) == expected


@pytest.mark.parametrize(("number", "code"), [("+99900002104", 2104), ("+99900000000", 0)])
def test_9990_is_accepted_and_reports_its_code(number: str, code: int) -> None:
    assert plan_for(number) == Plan(code=1005, report_code=code, effect=f"report {code}")


@pytest.mark.parametrize(
    ("number", "code", "taken"),
    [
        ("+99910001000", 1000, True),
        ("+99910001001", 1001, True),
        ("+99910001005", 1005, True),
        ("+99910001009", 1009, False),
        ("+99910002104", 2104, False),
        ("+99910000004", 4, False),
        ("+99910007777", 7777, False),  # nobody knows it: not even the sandbox calls it success
    ],
)
def test_9991_is_answered_its_code(number: str, code: int, taken: bool) -> None:
    assert plan_for(number) == Plan(code=code, taken=taken)


def test_99920000001_to_013_are_the_tricks_in_the_order_of_the_contract() -> None:
    tricks = [plan_for(f"+999200000{number:02}").trick for number in range(1, 14)]
    assert tricks == [
        Trick.SILENT,
        Trick.RESET,
        Trick.UNREADABLE,
        Trick.SERVER_ERROR,
        Trick.REDIRECT,
        Trick.CUT,
        Trick.HTML,
        Trick.EMPTY,
        Trick.WITHOUT_ID,
        Trick.TRICKLED,
        Trick.HUGE,
        Trick.GZIP,
        Trick.SEMICOLON,
    ]


@pytest.mark.parametrize("status", [100, 200, 404, 429, 503, 999])
def test_99920000_and_a_status_is_answered_with_it(status: int) -> None:
    expected = Plan(code=None, status=status, taken=False, effect=f"HTTP {status}")
    assert plan_for(f"+99920000{status}") == expected


def test_9993_are_the_odd_reports_in_the_order_of_the_contract() -> None:
    tales = [plan_for(f"+9993000000{number}").tale for number in range(1, 9)]
    assert tales == [
        Tale.DUPLICATED,
        Tale.OUT_OF_ORDER,
        Tale.LATE,
        Tale.INVALID_JSON,
        Tale.UNKNOWN_CODE,
        Tale.LAST_FAILS,
        Tale.BEFORE_ANSWER,
        Tale.NO_REPORT,
    ]


@pytest.mark.parametrize(
    "number",
    [
        "+99920000000",
        "+99920000014",
        "+99920000099",
        "+99920001000",
        "+99930000000",
        "+99930000009",
        "+99930000010",
        "+9990000210",
        "+999000021040",
        "+99900102104",
        "+99940000001",
        "+99960000000",
    ],
)
def test_a_magic_number_that_names_nothing_is_refused_with_the_reason(number: str) -> None:
    plan = plan_for(number)
    assert (plan.code, plan.taken) == (2108, False)
    assert plan.reason is not None
    assert plan.reason.startswith(number)
