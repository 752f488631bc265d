"""When a certificate is late, and what is said of it."""

import pytest

from linksms_cli.sms.certificate import CertificateFacts

DAY = 86_400.0


@pytest.mark.parametrize(
    ("life", "left", "said"),
    [
        (90 * DAY, 14 * DAY, None),
        (90 * DAY, 14 * DAY - 1, "expires on"),
        (90 * DAY, -1, "expired on"),
        (6 * DAY, 2 * DAY, None),
        (6 * DAY, DAY, "expires on"),
        (90 * DAY, 90 * DAY + 1, "not valid before"),
    ],
)
def test_it_is_late_by_days_or_by_a_part_of_its_life(
    life: float, left: float, said: str | None
) -> None:
    facts = CertificateFacts(valid_from=0.0, valid_until=life)
    found = facts.lateness(life - left)
    assert (said in found) if said and found else found is said


def test_who_refuses_it_anyway_is_told_of_once() -> None:
    facts = CertificateFacts(refusal="unsuitable purpose", distrust="unknown issuer")
    assert list(facts.warnings(0.0)) == ["clients will refuse the certificate: unsuitable purpose"]
