"""What the sandbox is started with, as it is typed."""

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.header import read_header
from linksms_cli.sms.sandbox.settings import Credentials, Latency, ReportTarget, read_auth


@pytest.mark.parametrize(
    ("typed", "least", "most", "shown"),
    [
        ("0", 0, 0, "0 s"),
        ("2", 2, 2, "2 s"),
        ("150ms", 0.15, 0.15, "0.15 s"),
        ("20..200", 0.02, 0.2, "20 to 200 ms"),
        ("0..9", 0, 0.009, "0 to 9 ms"),
        ("50ms..2s", 0.05, 2, "0.05 to 2 s"),
        ("0.5..1.5", 0.5, 1.5, "0.5 to 1.5 s"),
        ("1..1s", 1, 1, "1 s"),
        ("50ms..1s", 0.05, 1, "0.05 to 1 s"),
    ],
)
def test_a_latency_is_a_duration_or_a_range(
    typed: str, least: float, most: float, shown: str
) -> None:
    latency = Latency.parse(typed, "--latency")
    assert (latency.least, latency.most) == pytest.approx((least, most))
    assert str(latency) == shown


@pytest.mark.parametrize(
    "typed", ["", "..", "1..", "..1", "1..2..3", "x", "2s..1s", "-1..1", "999999999d"]
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="--latency"):
        Latency.parse(typed, "--latency")


@pytest.mark.parametrize(
    ("typed", "header"),
    [
        ("X-Token: a b", ("X-Token", "a b")),
        ("X:", ("X", "")),
        ("X: \xe5:b", ("X", "\xe5:b")),
    ],
)
def test_a_header_is_a_name_and_a_value(typed: str, header: tuple[str, str]) -> None:
    assert read_header(typed, "--dlr-header") == header


@pytest.mark.parametrize(
    "typed", ["s3cret", ": s3cret", "X y: s3cret", "X: s3cret\r\nY: z", "X: €"]
)
def test_a_header_that_is_none_is_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as failure:
        read_header(typed, "--dlr-header")
    assert failure.value.message == "--dlr-header is not a header"


def test_a_user_has_a_password_that_may_hold_colons() -> None:
    assert read_auth("link:a:b", "--dlr-auth") == ("link", "a:b")
    for typed in ("s3cret", ":s3cret", "s3cret:"):
        with pytest.raises(UsageError) as failure:
            read_auth(typed, "--dlr-auth")
        assert failure.value.message == "--dlr-auth is not a user and a password"


def test_credentials_have_a_password_that_may_hold_colons() -> None:
    assert Credentials.parse("1234:user:a:b") == Credentials(
        service_id=1234, username="user", password="a:b"
    )
    assert Credentials.parse(f"{'9' * 18}:u:p").service_id == 10**18 - 1


@pytest.mark.parametrize(
    "typed",
    [
        *("", "s3cret", "1234:s3cret", "1234::s3cret", "1234:s3cret:", "x:u:s3cret", "²:u:s3cret"),
        *(f"{'1' * digits}:u:s3cret" for digits in (19, 5000)),  # Python reads no 5000 digits
    ],
)
def test_other_credentials_are_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(UsageError) as failure:
        Credentials.parse(typed)
    assert failure.value.message == "--credentials is not a service id, a user and a password"
    assert "s3cret" not in (failure.value.hint or "")


def test_a_target_of_reports_needs_a_url_and_does_not_repeat_it() -> None:
    with pytest.raises(UsageError) as failure:
        ReportTarget(url="s3cret")
    assert failure.value.message.startswith("--dlr-url ")
    assert "s3cret" not in f"{failure.value.message}{failure.value.hint}"
    assert ReportTarget(url="http://127.0.0.1:8080/dlr").delay == 0
