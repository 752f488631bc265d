"""What a message came to, in one word: the same word for a send, a report and a story."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a send came to."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"  # accepted, then finally not delivered
    PENDING = "pending"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    PLANNED = "planned"
    SKIPPED = "skipped"


def in_words(outcome: Outcome) -> str:
    """Return an outcome as it goes into a sentence about a message that was sent."""
    return "finally not delivered" if outcome is Outcome.FAILED else outcome
