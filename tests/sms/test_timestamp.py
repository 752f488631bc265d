"""Times as they are written."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.timestamp import of_seconds, rfc3339


@given(st.integers(0, 4_000_000_000), st.integers(0, 999))
def test_seconds_are_written_like_any_other_moment(second: int, thousandths: int) -> None:
    moment = datetime.fromtimestamp(second, UTC).replace(microsecond=thousandths * 1000 + 500)
    assert of_seconds(second + thousandths / 1000 + 0.0005) == rfc3339(moment)
