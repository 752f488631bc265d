"""The certificate that a receiver shows: where it is kept, and what clients may say to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_DAY = 86_400
# A certificate that has less than this left is late by the habits of any authority, and one that
# is short-lived by nature if it has less than this part of its life left.
_LATE = 14 * _DAY
_LATE_PART = 0.2


class CertificateFiles(NamedTuple):
    """A certificate with its chain, and its key: two files in PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a certificate says of itself, and what a client says that looks at it.

    Times are seconds since 1970, None if nobody would say them. `refusal` is why any client refuses
    it, whomever it trusts, and `distrust` why one does that trusts whom this machine trusts.
    """

    valid_from: float | None = None
    valid_until: float | None = None
    refusal: str | None = None
    distrust: str | None = None

    def lateness(self, now: float) -> str | None:
        """Say that it is not valid at this time, or soon will not be."""
        if self.valid_from is None or self.valid_until is None:
            return None
        if now < self.valid_from:
            return f"the certificate is not valid before {date_of(self.valid_from)}"
        left = self.valid_until - now
        if left < 0:
            return f"the certificate expired on {date_of(self.valid_until)}"
        if left < min(_LATE, _LATE_PART * (self.valid_until - self.valid_from)):
            return f"the certificate expires on {date_of(self.valid_until)}"
        return None

    def warnings(self, now: float) -> Iterator[str]:
        """Say what keeps clients from accepting it, or soon will."""
        if late := self.lateness(now):
            yield f"{late}: renew it, then send SIGHUP"
        if self.refusal:
            yield f"clients will refuse the certificate: {self.refusal}"
        elif self.distrust:
            yield (
                f"this machine does not trust the certificate ({self.distrust}): if its authority "
                "is a public one, give a file that holds the whole chain"
            )


def date_of(seconds: float) -> str:
    """Return a time as a date in UTC."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
