"""Times as they are written."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.timestamp import in_utc, milliseconds, of_seconds, order, rfc3339

MOMENTS = st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2100-01-01"))
FRACTIONS = st.from_regex(r"(\.[0-9]{1,12})?", fullmatch=True, alphabet="0123456789.")


@pytest.fixture(autouse=True, scope="module")
def far_from_utc() -> Iterator[None]:
    """Put this machine where no time of its own is the time of UTC."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@given(st.integers(0, 4_000_000_000), st.integers(0, 999))
def test_seconds_are_written_like_any_other_moment(second: int, thousandths: int) -> None:
    moment = datetime.fromtimestamp(second, UTC).replace(microsecond=thousandths * 1000 + 500)
    assert of_seconds(second + thousandths / 1000 + 0.0005) == rfc3339(moment)


@given(local=MOMENTS, minutes=st.integers(-1439, 1439))
def test_a_moment_is_written_in_utc_and_counted_in_whole_milliseconds(
    local: datetime, minutes: int
) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    written = rfc3339(moment)
    assert in_utc(written) == written
    read = datetime.fromisoformat(written)
    assert timedelta() <= moment - read < timedelta(milliseconds=1)
    counted = milliseconds(written)
    assert isinstance(counted, int)
    assert counted == round(read.timestamp() * 1000)


@given(
    local=MOMENTS.map(lambda moment: moment.replace(microsecond=0)),
    fraction=FRACTIONS,
    minutes=st.integers(-1439, 1439),
    between=st.sampled_from("Tt "),
    colon=st.sampled_from([":", ""]),
)
def test_a_time_with_an_offset_is_read_in_utc_with_its_fraction(
    local: datetime, fraction: str, minutes: int, between: str, colon: str
) -> None:
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours:02}{colon}{rest:02}"
    expected = (local - timedelta(minutes=minutes)).isoformat()
    assert in_utc(f"{local.isoformat(between)}{fraction}{offset}") == f"{expected}{fraction}Z"
    assert in_utc(f"{local.isoformat(between)}{fraction}z") == f"{local.isoformat()}{fraction}Z"


@pytest.mark.parametrize(
    ("offset", "utc"),
    [
        ("+23:59", "2026-02-28T00:01:00Z"),
        ("-23:59", "2026-03-01T23:59:00Z"),
        ("+24:00", None),
        ("-00:60", None),
        ("+24:60", None),
        ("+1:00", None),
        ("", None),
    ],
)
def test_an_offset_is_less_than_a_day(offset: str, utc: str | None) -> None:
    assert in_utc(f"2026-03-01T00:00:00{offset}") == utc


def test_a_fraction_has_twelve_digits_at_most() -> None:
    assert in_utc("2026-03-01T01:00:00.123456789012+01:00") == "2026-03-01T00:00:00.123456789012Z"
    assert in_utc("2026-03-01T01:00:00.1234567890123Z") is None


@given(st.lists(st.tuples(st.integers(0, 2), FRACTIONS), min_size=2, max_size=2))
def test_times_are_in_order_however_long_their_fractions_are(
    times: list[tuple[int, str]],
) -> None:
    one, other = (order(f"2026-01-01T00:00:0{second}{rest}Z") for second, rest in times)
    first, last = (second + Fraction(f"0{rest or '.0'}") for second, rest in times)
    assert (one < other, one == other) == (first < last, first == last)
