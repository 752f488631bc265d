"""Retry-After: every form that RFC 9110 gives it, and whatever else a server may say."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3 import Retry
from urllib3.exceptions import InvalidHeader

from linksms_cli.adapters.http.retry_after import LONGEST, seconds

SOON = st.integers(-3, 2 * int(LONGEST))
FORMS = {
    "IMF-fixdate": "%a, %d %b %Y %H:%M:%S GMT",
    "RFC 850": "%A, %d-%b-%y %H:%M:%S GMT",
    "asctime": "%a %b %e %H:%M:%S %Y",
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("1", 1),
        (" 120\t", 120),
        ("999999999", LONGEST),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("9" * 5000, None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Friday, 31-Dec-99 23:59:59 GMT", 0),
        ("Fri Dec 31 23:59:60 1999", 0),
        ("fri, 31 dec 2999 23:59:59 gmt", LONGEST),
        ("Sun, 31 Feb 2999 23:59:59 GMT", None),
        ("Fri, 31 Xyz 2999 23:59:59 GMT", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
    ],
)
def test_what_is_read(value: str | None, expected: float | None) -> None:
    assert seconds(value) == expected


@given(SOON, st.sampled_from(list(FORMS.values())))
def test_a_date_is_read_in_each_of_its_forms(ahead: int, form: str) -> None:
    asked = datetime.now(UTC) + timedelta(seconds=ahead)
    read = seconds(asked.strftime(form))
    assert read is not None
    expected = max(0.0, min(LONGEST, int(asked.timestamp()) - time.time()))
    assert read == pytest.approx(expected, abs=2)


@given(SOON.map(str) | SOON.map(lambda ahead: format_datetime(later(ahead), usegmt=True)))
@example(" 7 ")
def test_it_is_read_as_urllib3_reads_it(value: str) -> None:
    try:
        expected: float | None = Retry().parse_retry_after(value)
    except InvalidHeader:
        expected = None
    assert seconds(value) == (expected if expected is None else pytest.approx(expected, abs=2))


@given(st.text() | st.text("0123456789 :,-GMTSunJan", max_size=40))
def test_whatever_it_says_is_a_number_or_nothing(value: str) -> None:
    read = seconds(value)
    assert read is None or 0 <= read <= LONGEST


def later(ahead: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=ahead)
