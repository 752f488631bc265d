"""A header that somebody gives: one line that is one header, and whose value is not repeated."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.header import read_header


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("X-Token: s3cret", "X-Token", "s3cret"),
        ("x-token:s3cret", "x-token", "s3cret"),
        ("X-Link: http://h:1/ ", "X-Link", "http://h:1/"),
        ("X-Name: \tJörg", "X-Name", "Jörg"),
        ("X-Nothing:", "X-Nothing", ""),
    ],
)
def test_a_header_is_a_name_and_a_value(typed: str, name: str, value: str) -> None:
    assert read_header(typed, "--forward-header") == (name, value)


@pytest.mark.parametrize(
    "typed",
    [
        "SECRET",
        ": SECRET",
        "X Token: SECRET",
        "X-Token : SECRET",
        "X-Tökén: SECRET",
        "X-Token: SECRET\r\nHost: other",
        "X-Token: SECRET\n",
        "X-Token\n: SECRET",
        "X-Token: SECRET\x00",
        "X-Token: SECRET€",
    ],
)
def test_anything_else_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_header(typed, "--forward-header")
    assert caught.value.message == "--forward-header is not a header"
    assert "SECRET" not in str(caught.value.hint)
