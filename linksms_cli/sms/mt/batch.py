"""A batch as the store keeps it: what tells it from every other, and what each row came to."""

from typing import NamedTuple

from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome

# Wrong credentials and "Quota Exceeded" (guide, "Result Codes").
_OF_THE_ACCOUNT = {100, 101, 102, 103, 106}


class BatchIdentity(NamedTuple):
    """What a batch is known by.

    `digest` is the SHA-256 of its bytes and of all that changes what goes on the wire: the
    template, the sender, the account, the options.
    """

    digest: bytes

    @property
    def name(self) -> str:
        """The batch as its lock knows it."""
        return f"batch\n{self.digest.hex()}"


class StoredBatch(NamedTuple):
    """A batch that the store has begun. Times are RFC 3339 in UTC.

    `again` says that it was begun anew, so that rows that were sent before are sent once more.
    `finished_at` is None while a row has no outcome.
    """

    number: int
    again: bool
    created_at: str
    finished_at: str | None


class StoredRow(NamedTuple):
    """The latest submission of one row of a batch, rows counted from 1."""

    row: int
    submission: Submission


def is_settled(outcome: Outcome, result_code: int | None, kind: str | None) -> bool:
    """Return whether a row needs no further try: it has an outcome that is its own.

    A message that was not sent, or was rejected because of the account, is to be sent once that is
    put right. `kind` is that of its problem.
    """
    if outcome is Outcome.NOT_SENT:
        return False
    return kind != "credentials" and result_code not in _OF_THE_ACCOUNT
