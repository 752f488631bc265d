"""The values of fields: numbers within the limit, and nothing else that looks like one."""

from typing import Any

import pytest

from linksms_cli.sms.dlr.formats import values


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(
            (999_999_999, 999_999_999),
            (-999_999_999, -999_999_999),
            (10**9, None),
            (-(10**9), None),
        ),
        *(("999999999", 999_999_999), ("-999999999", -999_999_999), ("1000000000", None)),
        *((" +1001.00\n", 1001), ("1001.5", None), ("1e3", None), ("", None), (None, None)),
        *((True, None), ("١٠٠١", None), ("9" * 5000, None)),
    ],
)
def test_a_whole_number_has_nine_digits_at_most(written: Any, number: int | None) -> None:
    assert values.integer(written) == number
