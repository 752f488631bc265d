"""What the plan of a batch prints: whole pages."""

from typing import Any

import pytest

from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.batch.plan import BatchPlan
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.sms.text.segments import measure
from linksms_cli.views.batch_plan import PlanPage, as_page
from tests.actions.send.batch.test_stops import result

SETTINGS = Settings(
    name="alerts",
    account=Account(
        base_url="https://gateway.example.org/smscsimplehttp",
        service_id=7,
        username="alice",
        password="s3cret",
    ),
)


def about(**changes: Any) -> PlanPage:
    values: dict[str, Any] = {
        "settings": SETTINGS,
        "file": "customers.csv",
        "shape": "CSV with the columns to and text",
        "source": "LINK",
        "has_sources": False,
        "refused": (),
        "rejected": None,
        "rate": None,
    }
    return PlanPage(**(values | changes))


def order(text: str | None, charge: Amount | None = None, to: str = "+99955501234") -> Order:
    figures = None if text is None else measure(text)
    return Order(
        recipients=(to,), draft=Draft(source="LINK", text=text), figures=figures, charge=charge
    )


def plan(*orders: Order, **more: Any) -> BatchPlan:
    """Return the plan of these orders, in rows from 2 on, and of so many rows that do not go."""
    made = BatchPlan(rows=len(orders) + sum(more.values()), **more)
    for row, one in enumerate(orders, 2):
        made.count(row, one)
    return made


def page(made: BatchPlan, width: int = 80, **changes: Any) -> str:
    return stripped(as_page(made, about(**changes), width=width))


def labelled(name: str, made: BatchPlan, width: int = 80, **changes: Any) -> list[str]:
    """Return the lines beside a name."""
    lines = page(made, width, **changes).splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"  {name:9}"))
    end = start + 1
    while end < len(lines) and lines[end].startswith(" " * 11):
        end += 1
    return [line[11:] for line in lines[start:end]]


def refused(why: str, hint: str | None = None) -> Any:
    return result(Outcome.REFUSED)._replace(error=Problem("over_limit", why, hint))


def test_one_row_that_goes_out() -> None:
    assert (
        page(plan(order("Hello")))
        == """\
Dry run: nothing is sent.
  Account  7/alice at https://gateway.example.org/smscsimplehttp
  Profile  alerts
  Sender   LINK
  File     customers.csv
           CSV with the columns to and text
  Rows     1 in all
           1 would be sent
  Example  row 2 to +99955501234 from LINK
           Hello
  Parts    1 in all; messages: 1 in GSM-7
  Charge   none
To send it, run the same command without --dry-run."""
    )


def test_all_there_is_to_say_of_many_rows() -> None:
    kronor, euros = Amount("SEK", 1000), Amount("EUR", 199)
    made = plan(
        order("Hello", kronor),
        order("Hello", kronor),
        order("a" * 161, euros),
        order("ж" * 140),
        refused=1,
        duplicates=1200,
        already_sent=3,
    )
    assert (
        page(
            made,
            settings=None,
            has_sources=True,
            refused=[(6, refused("the text takes 2000 units", "Shorten it."))],
            rate=2.0,
        )
        == """\
Dry run: nothing is sent.
  Account  a test gateway that ends with the command
  Profile  none
  Sender   LINK, if a row does not name another
  File     customers.csv
           CSV with the columns to and text
  Rows     1,208 in all
               4 would be sent
               1 refused
           1,200 the same as a row above
               3 sent before
  Example  row 2 to +99955501234 from LINK
           Hello
  Parts    7 in all; messages: 3 in GSM-7, 1 in UCS-2
           2 messages of 1 part
           1 message of 2 parts
           1 message of 3 parts
           the longest is row 5 with 3
  Charge   EUR199 (1.99) + SEK2000 (20.00) in all
  Time     2.0 s at 2 messages a second, or longer
  Refused  row 6  the text takes 2000 units. Shorten it.
To send it, run the same command without --dry-run."""
    )


def test_if_nothing_goes_out_the_page_is_short() -> None:
    assert (
        page(plan(refused=1), source=None, refused=[(2, refused("no number"))])
        == """\
Dry run: nothing is sent.
  Account  7/alice at https://gateway.example.org/smscsimplehttp
  Profile  alerts
  Sender   as each row says
  File     customers.csv
           CSV with the columns to and text
  Rows     1 in all
           1 refused
  Charge   none
  Refused  row 2  no number"""
    )


def test_a_file_and_its_shape_cannot_hide_anything() -> None:
    shape = "CSV with the columns to and " + "x" * 30 + "\u202e and text"
    assert labelled("File", plan(), 60, file="a\x1b[31m.csv", shape=shape) == [
        "a\\x1b[31m.csv",
        "CSV with the columns to and",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\u202e and text",
    ]


def test_an_example_has_six_lines_at_most() -> None:
    assert labelled("Example", plan(order("1\n\n3\n4\n5\n6"))) == [
        "row 2 to +99955501234 from LINK",
        *("1", "", "3", "4", "5", "6"),
    ]
    assert labelled("Example", plan(order("1\n2\n3\n4\n5\n6\n7"))) == [
        "row 2 to +99955501234 from LINK",
        *("1", "2", "3", "4", "5", "6", "…"),
    ]


def test_an_example_may_have_no_text() -> None:
    made = plan(order(None))
    assert labelled("Example", made) == ["row 2 to +99955501234 from LINK"]
    assert "  Parts" not in page(made)


def test_a_long_text_is_an_example_within_the_width() -> None:
    assert labelled("Example", plan(order("one two three four five")), 24) == [
        "row 2 to +99955501234 from LINK",
        *("one two three", "four five"),
    ]


def test_the_first_row_that_goes_out_is_the_example() -> None:
    made = plan(order("Hello"), order("Hej", to="+99955501235"))
    assert labelled("Example", made)[0] == "row 2 to +99955501234 from LINK"


@pytest.mark.parametrize(
    ("longest", "last"),
    [
        (4, "1 message of 4 parts"),
        (5, "1 message of 5 parts"),
        (6, "2 messages of 5 parts or more"),
    ],
)
def test_messages_of_many_parts_are_counted_together(longest: int, last: str) -> None:
    made = plan(*(order("a" * 153 * parts) for parts in range(2, longest + 1)), order("a"))
    lines = labelled("Parts", made)
    assert lines[-2] == last
    assert lines[-1] == f"the longest is row {longest} with {longest}"


def test_messages_of_one_length_are_one_group() -> None:
    made = plan(order("a" * 300), order("b" * 300))
    assert labelled("Parts", made) == [
        "4 in all; messages: 2 in GSM-7",
        "2 messages of 2 parts",
        "the longest is row 2 with 2",
    ]


def test_large_figures_have_commas() -> None:
    made = BatchPlan(rows=12_000, sendable=12_000, parts=24_000)
    made.by_parts[2], made.by_encoding["GSM-7"] = 12_000, 12_000
    made.charges["SEK"] = 123_456_705
    assert labelled("Rows", made) == ["12,000 in all", "12,000 would be sent"]
    assert labelled("Parts", made)[:2] == [
        "24,000 in all; messages: 12,000 in GSM-7",
        "12,000 messages of 2 parts",
    ]
    assert labelled("Charge", made) == ["SEK123456705 (1,234,567.05) in all"]


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (1.0, "1 min 30 s at 1 message a second, or longer"),
        (2.5, "36 s at 2.5 messages a second, or longer"),
    ],
)
def test_a_rate_says_how_long_it_takes(rate: float, said: str) -> None:
    assert labelled("Time", BatchPlan(rows=90, sendable=90), rate=rate) == [said]


def test_what_to_do_is_said_once_for_neighbours() -> None:
    shown = [
        (9, refused("the text takes 2000 units", "Shorten it.")),
        (10, refused("the text takes 3000 units", "Shorten it.")),
        (11, refused("no number")),
        (12, refused("the text takes 2000 units", "Shorten it.")),
    ]
    assert labelled("Refused", plan(refused=4), refused=shown) == [
        "row 9   the text takes 2000 units. Shorten it.",
        "row 10  the text takes 3000 units",
        "row 11  no number",
        "row 12  the text takes 2000 units. Shorten it.",
    ]


def test_why_a_row_fails_stays_in_its_column_and_cannot_hide_anything() -> None:
    shown = [(123, refused("'\x1b[31m' is not a number"))]
    assert labelled("Refused", plan(refused=1), 36, refused=shown) == [
        "row 123  '\\x1b[31m' is",
        "         not a number",
    ]


@pytest.mark.parametrize(
    ("count", "rejected", "last"),
    [
        (2, None, "… and 1 more row: --rejected FILE writes all"),
        (3001, None, "… and 3,000 more rows: --rejected FILE writes all"),
        (3, "left.csv", "… and 2 more rows: all are in left.csv"),
    ],
)
def test_the_rows_that_are_not_shown_are_counted(
    count: int, rejected: str | None, last: str
) -> None:
    shown = [(2, refused("no number"))]
    lines = labelled("Refused", plan(refused=count), refused=shown, rejected=rejected)
    assert lines == ["row 2  no number", last]


def test_a_row_that_fails_for_no_more_than_a_blank_has_its_line() -> None:
    assert labelled("Refused", plan(refused=1), refused=[(2, refused(" "))]) == ["row 2  "]
