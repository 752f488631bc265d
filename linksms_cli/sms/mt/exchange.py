"""What one attempt at a submission came to, as far as it can be proved."""

from enum import StrEnum
from typing import NamedTuple

from linksms_cli.sms.mt.answer import Answer

# "Maximum throttling exceeded" (guide, "Result Codes").
THROTTLED = 3


class Fault(StrEnum):
    """What broke an attempt. Whether the request had gone out is said apart."""

    NAME = "name"  # the host's name has no address
    CONNECTION = "connection"  # refused, unreachable, reset
    TLS = "tls"
    PROXY = "proxy"  # the proxy cannot be reached, or refused to connect
    TIMEOUT = "timeout"
    CUT = "cut"  # the answer began and did not end
    TOO_LONG = "too_long"  # an answer beyond any the gateway gives
    UNREADABLE = "unreadable"  # not HTTP, or not decodable
    INTERRUPTED = "interrupted"
    RESOURCES = "resources"  # this machine cannot start an attempt


class Exchange(NamedTuple):
    """An attempt at a submission.

    `sent` is False only where it is certain that no byte of the request left this machine. Either
    `fault` says what broke, with `detail` in words that hold no secret, or there is an HTTP
    `status` and perhaps a well-formed `answer`. `may_have_answered` says that no answer arrived
    complete, but that what arrived of the body could be the start of one. `retry_after` is what the
    server asked for, in seconds. `sent_at` is RFC 3339 in UTC; `elapsed` is in seconds.
    """

    sent: bool
    elapsed: float
    fault: Fault | None = None
    detail: str = ""
    status: int | None = None
    retry_after: float | None = None
    answer: Answer | None = None
    may_have_answered: bool = False
    sent_at: str | None = None

    @property
    def is_throttled(self) -> bool:
        """Whether the gateway asks for fewer messages: result code 3, or HTTP 429."""
        if self.answer:
            return self.answer.code == THROTTLED
        return self.status == 429
