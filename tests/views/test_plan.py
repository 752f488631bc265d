"""What `send --dry-run` prints: whole pages."""

from typing import Any

import pytest

from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt.charge import Amount
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.sms.text.segments import measure
from linksms_cli.views import plan as view

ACCOUNT = Account(
    base_url="https://gateway.example.org/smscsimplehttp",
    service_id=7,
    username="al\x1b[31mice",
    password="s3cret",
)
ALERTS = Settings(name="alerts", account=ACCOUNT)
RECIPIENTS = ("+99955501234", "+99955501235", "+99955501234")


def order(text: str | None = "Hello", count: int = 1, **more: Any) -> Order:
    """Return an order of a text to the first recipients; the third is the first again."""
    udh = more.pop("udh", None)
    return Order(
        recipients=RECIPIENTS[:count],
        draft=Draft(source="LINK", text=text, udh=udh),
        figures=None if text is None else measure(text),
        **more,
    )


def page(one: Order, settings: Settings | None = ALERTS, width: int = 80) -> str:
    return stripped(view.as_plan(one, settings, width=width))


def test_it_says_who_sends_what_and_the_parts() -> None:
    assert (
        page(order())
        == """\
Dry run: nothing is sent.
  Account  7/al\\x1b[31mice at https://gateway.example.org/smscsimplehttp
  Profile  alerts
  Sender   LINK
  Text     Hello
  Parts    1 part GSM-7, 5 of 1377 units
  Charge   none"""
    )


def test_a_sandbox_of_its_own_has_no_account() -> None:
    assert (
        page(order(), None)
        == """\
Dry run: nothing is sent.
  Account  a test gateway that ends with the command
  Profile  none
  Sender   LINK
  Text     Hello
  Parts    1 part GSM-7, 5 of 1377 units
  Charge   none"""
    )


@pytest.mark.parametrize(
    ("name", "is_default", "said"),
    [
        ("alerts", False, "alerts"),
        ("alerts", True, "alerts (the default)"),
        (None, False, "none: the account is in the environment"),
    ],
)
def test_it_says_which_profile_that_is(name: str | None, is_default: bool, said: str) -> None:
    settings = Settings(name=name, account=ACCOUNT, is_default=is_default)
    assert view.as_profile(settings) == said


def test_each_recipient_is_charged_and_takes_its_parts() -> None:
    one = order("ж" * 71, 2, charge=Amount(currency="SEK", hundredths=1000))
    assert (
        page(one)
        == f"""\
Dry run: nothing is sent.
  Account  7/al\\x1b[31mice at https://gateway.example.org/smscsimplehttp
  Profile  alerts
  Sender   LINK
  Text     {"ж" * 69}
           жж
  Parts    2 parts UCS-2, 71 of 567 units; 4 parts in all
  Charge   SEK1000 to each of 2 recipients, SEK2000 in all"""
    )


def test_a_recipient_that_is_named_twice_counts_once() -> None:
    charge = Amount(currency="SEK", hundredths=50)
    lines = page(order(count=3, charge=charge)).splitlines()
    assert lines[-2:] == [
        "  Parts    1 part GSM-7, 5 of 1377 units; 2 parts in all",
        "  Charge   SEK50 to each of 2 recipients, SEK100 in all",
    ]
    lines = page(order(count=3, charge=charge, allow_duplicates=True)).splitlines()
    assert lines[-2:] == [
        "  Parts    1 part GSM-7, 5 of 1377 units; 3 parts in all",
        "  Charge   SEK50 to each of 3 recipients, SEK150 in all",
    ]


def test_one_recipient_pays_what_one_message_charges() -> None:
    one = order(charge=Amount(currency="SEK", hundredths=1000))
    assert page(one).splitlines()[-1] == "  Charge   SEK1000"


def test_without_a_text_there_are_no_parts() -> None:
    assert page(order(None)).splitlines()[-3:] == [
        "  Text     none",
        "  Parts    none",
        "  Charge   none",
    ]


def test_with_a_header_of_its_own_a_text_is_one_part() -> None:
    lines = page(order("a" * 120, 2, udh="060504158200")).splitlines()
    assert lines[-2] == "  Parts    1 part GSM-7, 120 of 1377 units; 2 parts in all"


def test_a_text_keeps_its_lines_and_stays_within_the_width() -> None:
    text = "one two three\n\nfour five six seven\x07 eight"
    assert page(order(text), width=31).splitlines()[4:9] == [
        "  Text     one two three",
        "           ",
        "           four five six",
        "           seven\\x07 eight",
        "  Parts    1 part UCS-2, 41 of 567 units",
    ]
