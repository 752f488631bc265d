"""What is due at a target, what an attempt came to, and what that means for the next one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
from linksms_cli.sms.timestamp import rfc3339

# Seconds between two attempts, and for how long a target is left alone at most if it asks for that.
PAUSES = Backoff(first=1.0, longest=300.0)
_LONGEST_WISH = 3600.0
# Nothing is due later than this, but by a clock that was put back since.
LATEST = timedelta(seconds=_LONGEST_WISH + 60)
# Answers of 4xx that say "later" and not "never" (RFC 9110, RFC 8470, RFC 6585).
_LATER = frozenset({408, 425, 429})


class State(StrEnum):
    """What became of a report at a target. Nothing is set aside for good: see `Forwards.again`."""

    WAITING = "waiting"
    FORWARDED = "forwarded"
    SET_ASIDE = "set_aside"


class Due(NamedTuple):
    """A request of LINK's whose turn it is at a target.

    `number` is that of its first content in the store, `attempts` how often it was tried before,
    `failed_since` when the first of these was. `webhook_id` is the same at each attempt.
    """

    number: int
    webhook_id: str
    attempts: int
    failed_since: str | None
    callback: Callback
    told: StoredCallback


class Attempted(NamedTuple):
    """A status, or why there was none; both are None if it was not made, or cut off by us.

    `retry_after` is for how many seconds the target asks to be left alone, if it does.
    """

    status: int | None
    failure: str | None
    retry_after: float | None = None
    elapsed_ms: int = 0

    @property
    def wish(self) -> float:
        """For how many seconds to leave the target alone: what it asks for, within reason."""
        succeeded = self.status is not None and 200 <= self.status < 300
        return 0.0 if succeeded else min(self.retry_after or 0.0, _LONGEST_WISH)


class Settled(NamedTuple):
    """What an attempt came to; `due_at` is when the next one is, if it is still waiting.

    Without `tried` nothing was attempted: it goes back to where it was.
    """

    number: int
    state: State
    at: str
    tried: bool = True
    status: int | None = None
    failure: str | None = None
    due_at: str | None = None

    @property
    def is_failure(self) -> bool:
        """Whether an attempt has failed in a way that another may not."""
        return self.tried and self.state is State.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardState:
    """What became of a report at one target, for whoever asks for the report."""

    target: str
    number: int
    state: State
    attempts: int
    status: int | None
    failure: str | None
    forwarded_at: str | None
    next_attempt_at: str | None


class Backlog(NamedTuple):
    """What is not forwarded to a target: requests that wait, and those that were set aside.

    `oldest_at` is when the oldest that waits came in, RFC 3339 in UTC; None if none waits.
    """

    target: str
    waiting: int
    oldest_at: str | None
    set_aside: int

    def age(self, now: datetime) -> float:
        """Return for how many seconds the oldest has waited."""
        if self.oldest_at is None:
            return 0.0
        return max((now - datetime.fromisoformat(self.oldest_at)).total_seconds(), 0.0)


def settled(
    due: Due,
    attempted: Attempted,
    *,
    now: datetime,
    patience: timedelta,
    chance: float,
) -> Settled:
    """Return what an attempt came to: only a 2xx is a success, a final 4xx is set aside at once.

    The rest is tried again after a pause, which has some `chance` (0 to 1) in it, until `patience`
    is over, and not before the target asks for it. Neither a status nor a failure: nothing was
    found out.
    """
    at = rfc3339(now)
    status, failure = attempted.status, attempted.failure
    if status is None and failure is None:
        return Settled(due.number, State.WAITING, at, tried=False, due_at=at)
    if status is not None and 200 <= status < 300:
        return Settled(due.number, State.FORWARDED, at, status=status)
    over = due.failed_since is not None and rfc3339(now - patience) >= due.failed_since
    if over or (status is not None and 400 <= status < 500 and status not in _LATER):
        return Settled(due.number, State.SET_ASIDE, at, status=status, failure=failure)
    pause = PAUSES.pause(due.attempts + 1) * (1 - chance / 4)
    return Settled(
        due.number,
        State.WAITING,
        at,
        status=status,
        failure=failure,
        due_at=rfc3339(now + timedelta(seconds=max(pause, attempted.wish))),
    )
