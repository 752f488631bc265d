"""A submission as the store keeps it: its once-key, the intent before the request, its outcome."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from linksms_cli.sms.codes import Certainty, Retry
from linksms_cli.sms.mt.twin import Twin
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.segments import Encoding

Payload = Sequence[Sequence[tuple[str, str]]]


class OnceKey(NamedTuple):
    """A once-key and what it belongs to; `base_url` is in its canonical spelling."""

    base_url: str
    service_id: int
    key: str

    @property
    def name(self) -> str:
        """The key as its lock knows it: one line for each field."""
        return f"{self.base_url}\n{self.service_id}\n{self.key}"

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its name, for a second way to find it."""
        return hashlib.sha256(self.name.encode()).digest()


class OnceConflictError(Exception):
    """The key was used up by another payload, which reached so many recipients."""

    def __init__(self, reached: int) -> None:
        super().__init__()
        self.reached = reached


class Intent(NamedTuple):
    """A submission that is about to be made.

    `claim` is the store's number of the once-key that it goes out under, if it does; `slot` tells
    the recipients of one order apart. `parameters` are those on the wire without the credentials:
    the store keeps no more of them than a keyed hash.

    Of a row of a batch, `batch` is the store's number of it, `row` counts from 1, and `twin` is
    what makes a row of another batch its equal.
    """

    base_url: str
    service_id: int
    profile: str | None
    destination: str
    source: str
    encoding: Encoding | None
    parts: int | None
    claim: int | None
    slot: int
    parameters: Sequence[tuple[str, str]]
    batch: int | None = None
    row: int | None = None
    twin: Twin | None = None


class Submission(NamedTuple):
    """A submission as the store holds it. `outcome` is unknown where nobody saw its end.

    Times are RFC 3339 in UTC: `created_at` is when the intent was stored.
    """

    to: str
    source: str
    outcome: Outcome
    result_code: int | None
    description: str | None
    message_id: str | None
    final: bool
    delivered: Certainty
    billed: Certainty
    retry: Retry
    encoding: Encoding | None
    parts: int | None
    profile: str | None
    created_at: str
    sent_at: str | None
    updated_at: str
    elapsed_ms: int | None
    problem: str | None = None
    problem_kind: str | None = None
    base_url: str | None = None
    service_id: int | None = None
