"""What one send asks for, and the guards that refuse it."""

from typing import Any

import pytest

from linksms_cli.sms.account.guard import Guard
from linksms_cli.sms.account.profile import Account, Settings
from linksms_cli.sms.mt import charge
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.order import Order, not_allowed, refusals
from linksms_cli.sms.text import segments

ONE, TWO = "+99951", "+99952"
CONCATENATION = "050003CC0201"


def order(text: str | None = "hello", udh: str | None = None, **values: Any) -> Order:
    figures = segments.measure(text) if text is not None else None
    made = Order(
        recipients=(ONE, TWO, ONE),
        draft=Draft(source="LINK", text=text, udh=udh),
        figures=figures,
    )
    return made._replace(**values)


def refused(asked: Order) -> list[tuple[str, str]]:
    return [(problem.kind, problem.message) for problem in refusals(asked)]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (order("a" * 160), 1),
        (order("a" * 161), 2),
        (order("ж" * 71), 2),
        (order("a" * 153, CONCATENATION), 1),
        (order(None), None),
    ],
)
def test_the_parts_of_one_message(asked: Order, parts: int | None) -> None:
    assert asked.parts == parts


def test_a_recipient_given_twice_gets_one_message_unless_two_are_asked_for() -> None:
    assert order().distinct == (ONE, TWO)
    assert order(allow_duplicates=True).distinct == (ONE, TWO, ONE)


def test_the_payload_does_not_depend_on_the_order_of_recipients() -> None:
    forth, back = order(recipients=(ONE, TWO)), order(recipients=(TWO, ONE, TWO))
    assert forth.payload() == back.payload()
    assert [dict(one)["Destination"] for one in forth.payload()] == [ONE, TWO]
    assert order("other").payload() != order().payload()


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (order("a" * 1377), []),
        (order("a" * 1378), ["over_limit"]),
        (order("ж" * 567), []),
        (order("ж" * 568), ["over_limit"]),
        (order("a" * 306, max_parts=2), []),
        (order("a" * 307, max_parts=2), ["max_parts"]),
        (order("a" * 1378, max_parts=2), ["over_limit", "max_parts"]),
        # With a header of the sender's own the text is one part: what counts is its room.
        (order("a" * 153, CONCATENATION, max_parts=1), []),
        (order("a" * 154, CONCATENATION, max_parts=1), ["over_limit"]),
        (order("ж" * 67, CONCATENATION), []),
        (order("ж" * 68, CONCATENATION), ["over_limit"]),
        (order(None, max_parts=1), []),
    ],
)
def test_a_text_that_is_too_long_is_refused(asked: Order, kinds: list[str]) -> None:
    assert [kind for kind, _ in refused(asked)] == kinds


def amount(typed: str) -> charge.Amount:
    return charge.amount(typed, "--tariff")


@pytest.mark.parametrize(
    ("tariff", "confirmed", "duplicates", "says"),
    [
        ("SEK1000", "SEK2000", False, None),
        ("SEK1000", "SEK3000", True, None),
        (None, None, False, None),
        (None, "SEK0", False, None),
        ("SEK1000", None, False, "this charges SEK2000 in all (SEK1000 to each of 2)"),
        (
            *("SEK1000", "SEK1000", False),
            "this charges SEK2000 in all (SEK1000 to each of 2), but --confirm-charge says SEK1000",
        ),
        (
            *("SEK1000", "NOK2000", False),
            "this charges SEK2000 in all (SEK1000 to each of 2), but --confirm-charge says NOK2000",
        ),
        (
            *("SEK1000", "SEK2000", True),
            "this charges SEK3000 in all (SEK1000 to each of 3), but --confirm-charge says SEK2000",
        ),
        (None, "SEK1000", False, "--confirm-charge says SEK1000, but nothing is charged"),
    ],
)
def test_a_charge_goes_out_only_if_exactly_it_was_confirmed(
    tariff: str | None, confirmed: str | None, duplicates: bool, says: str | None
) -> None:
    asked = order(
        charge=amount(tariff) if tariff else None,
        confirmed=amount(confirmed) if confirmed else None,
        allow_duplicates=duplicates,
    )
    assert refused(asked) == ([("charge_not_confirmed", says)] if says else [])


def test_the_hint_names_what_would_confirm_the_charge() -> None:
    [problem] = refusals(order(charge=amount("SEK1000")))
    assert problem.hint == "To charge it, add --confirm-charge SEK2000."


def allowing(*guards: Guard) -> Settings:
    account = Account(base_url="https://h/x", service_id=1, username="u", password="p")
    return Settings(name="work", account=account, guards=guards)


LONG = "+9995000000001"
EVERYBODY_IN_999 = Guard(origin="profile 'work'", allowed=("+999*",))
ONE_NUMBER = Guard(origin="LINKSMS_ALLOWED_DESTINATIONS", allowed=("+46701", LONG))


@pytest.mark.parametrize(
    ("guards", "recipient", "refuses"),
    [
        ([], TWO, None),
        ([EVERYBODY_IN_999], TWO, None),
        ([ONE_NUMBER], LONG, None),
        ([EVERYBODY_IN_999, ONE_NUMBER], LONG, None),
        # A number must pass all guards; the first that refuses is named.
        ([EVERYBODY_IN_999, ONE_NUMBER], TWO, "LINKSMS_ALLOWED_DESTINATIONS"),
        ([ONE_NUMBER, EVERYBODY_IN_999], TWO, "LINKSMS_ALLOWED_DESTINATIONS"),
        ([EVERYBODY_IN_999, ONE_NUMBER], "+46701", "profile 'work'"),
    ],
)
def test_a_recipient_must_pass_every_guard(
    guards: list[Guard], recipient: str, refuses: str | None
) -> None:
    found = not_allowed(recipient, allowing(*guards))
    assert (found is None) is (refuses is None)
    if found:
        assert found.kind == "destination_not_allowed"
        assert found.message == f"{refuses} does not allow {recipient}"


def test_a_refusal_says_what_is_allowed_and_how_to_change_it() -> None:
    found = not_allowed(TWO, allowing(ONE_NUMBER))
    assert found
    assert found.hint == f"It allows +46701, {LONG}: change it to send there."
    found = not_allowed("+46702", allowing(EVERYBODY_IN_999))
    assert found
    assert found.hint == "It allows +999*: change its allowed_destinations to send there."


def test_a_number_that_was_meant_as_a_beginning_is_explained() -> None:
    found = not_allowed(f"{LONG}2", allowing(ONE_NUMBER))
    assert found
    assert found.hint == (
        f"It allows +46701, {LONG}: change it to send there."
        f" {LONG} is one number; {LONG}* would allow longer ones too."
    )
