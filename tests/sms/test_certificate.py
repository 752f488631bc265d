"""When a certificate is late, and what is said of it."""

import time

import pytest

from linksms_cli.sms.certificate import CertificateFacts

DAY = 86_400.0


@pytest.mark.parametrize(
    ("life", "left", "said"),
    [
        (90 * DAY, 14 * DAY, None),
        (90 * DAY, 14 * DAY - 1, "expires on"),
        (90 * DAY, 0, "expires on"),  # RFC 5280: its last second belongs to its life
        (90 * DAY, 0.5, "expires on"),
        (90 * DAY, -1, "expired on"),
        (6 * DAY, 2 * DAY, None),
        (6 * DAY, DAY, "expires on"),
        (90 * DAY, 90 * DAY, None),
        (90 * DAY, 90 * DAY + 1, "not valid before"),
    ],
)
def test_it_is_late_by_days_or_by_a_part_of_its_life(
    life: float, left: float, said: str | None
) -> None:
    for start in (0.0, 1_800_000_000.0):
        facts = CertificateFacts(valid_from=start, valid_until=start + life)
        found = facts.lateness(start + life - left)
        assert (said in found) if said and found else found is said


@pytest.mark.parametrize("facts", [{"valid_from": 0.0}, {"valid_until": 0.0}, {}])
def test_without_both_times_nobody_knows(facts: dict[str, float]) -> None:
    assert CertificateFacts(**facts).lateness(1.0) is None  # type: ignore[arg-type]


def test_it_is_told_of_before_it_is_late_with_the_day_in_utc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts = CertificateFacts(valid_from=0.0, valid_until=20 * DAY - 1)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        expected = "the certificate expires on 1970-01-20: renew it, then send SIGHUP"
        assert list(facts.warnings(18 * DAY)) == [expected]
    finally:
        monkeypatch.undo()
        time.tzset()


def test_who_refuses_it_anyway_is_told_of_once() -> None:
    facts = CertificateFacts(refusal="unsuitable purpose", distrust="unknown issuer")
    assert list(facts.warnings(0.0)) == ["clients will refuse the certificate: unsuitable purpose"]
