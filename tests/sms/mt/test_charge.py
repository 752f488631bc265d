"""Tariffs, VAT and the total that is confirmed."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.mt import charge
from linksms_cli.sms.mt.charge import Amount


def test_a_tariff_is_three_letters_and_hundredths() -> None:
    assert charge.amount("SEK1000", "--tariff") == Amount(currency="SEK", hundredths=1000)
    assert charge.amount("SEK0", "--tariff") == Amount(currency="SEK", hundredths=0)
    assert str(Amount(currency="SEK", hundredths=1000).times(3)) == "SEK3000"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("null", "Leave --tariff out to charge nothing."),
        ("sek1000", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        (" nok5", "Write it like NOK5 (hundredths: SEK1000 is 10 SEK)."),
        ("1000", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        ("SEK10.00", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        ("SEK-5", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        ("SEK01", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        ("SEK", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
        ("", "Write it like SEK1000 (hundredths: SEK1000 is 10 SEK)."),
    ],
)
def test_any_other_tariff_is_refused(typed: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        charge.amount(typed, "--tariff")
    assert caught.value.hint == hint
    assert caught.value.message == f"--tariff {typed!r} is not three capital letters and an amount"


def test_an_amount_that_is_too_large_is_told_so() -> None:
    assert charge.amount("SEK999999999", "--tariff").hundredths == 999_999_999
    for typed in ("SEK1000000000", "SEK" + "9" * 5000):
        with pytest.raises(UsageError) as caught:
            charge.amount(typed, "--confirm-charge")
        assert caught.value.message == (
            f"--confirm-charge {typed} is too much: up to SEK999999999 can be charged"
        )


@pytest.mark.parametrize(
    ("typed", "written"),
    [("25", "25.0"), ("25.0", "25.0"), ("0", "0.0"), ("100", "100.0"), ("6.2500", "6.2500")],
)
def test_vat_has_a_point_and_a_decimal(typed: str, written: str) -> None:
    assert charge.vat(typed) == written


@pytest.mark.parametrize(
    "typed",
    ["25,0", "25.", ".5", "-1", "100.1", "1e2", "nan", "", "25%", "0025", "6.25000"],
)
def test_any_other_vat_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is not a percentage"):
        charge.vat(typed)
