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
