"""A batch as the store keeps it: what tells it from every other, and what each row came to."""

from typing import NamedTuple

from linksms_cli.sms.mt.submission import Submission


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
