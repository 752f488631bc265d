"""What is told of forwarding to one target: each success if it is asked for, failures rarely."""

import time
from collections.abc import Callable

from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.receiving import (
    ForwardFailed,
    ReceivedMessage,
    ReceivedReport,
    ReceiverTrouble,
    ReportForwarded,
)
from linksms_cli.sms.forward.due import Due, Settled, State
from linksms_cli.sms.forward.target import Target

ForwardEvent = ReportForwarded | ForwardFailed | ReceiverTrouble

# Seconds between two events about failures at a target.
_TOLD_EVERY = 60.0


class ForwardTeller:
    """Tells what happens at a target, of failures at most one a minute."""

    def __init__(
        self, target: Target, tell: Callable[[ForwardEvent], None], *, verbose: bool
    ) -> None:
        self._name = target.name
        self._tell = tell
        self._verbose = verbose
        self._is_told_of_store = False
        self._next = 0.0
        self._failures = 0
        self._untold: Callable[[int], ForwardFailed] | None = None

    def trouble(self, failure: StoreError) -> None:
        """Tell once that the store cannot be used."""
        if not self._is_told_of_store:
            self._tell(ReceiverTrouble(message=f"{failure.message}; nothing is forwarded"))
        self._is_told_of_store = True

    def mended(self) -> None:
        """Tell that the store can be used again."""
        if self._is_told_of_store:
            self._tell(ReceiverTrouble(message="reports are forwarded again"))
        self._is_told_of_store = False

    def gave_up(self, count: int) -> None:
        """Tell that so much was set aside unseen."""
        message = f"{count} reports for {self._name} waited too long and are set aside"
        self._tell(ReceiverTrouble(message=message))

    def settled(self, due: Due, one: Settled, elapsed_ms: int) -> None:
        """Tell of an attempt."""
        if one.state is State.FORWARDED:
            if self._verbose:
                self._tell(self._success(due, one, elapsed_ms))
        elif one.tried:
            self._failures += 1
            self._untold = lambda failures: self._failure(due, one, failures)
            self.catch_up()

    def catch_up(self) -> None:
        """Tell of the latest failure, if the time has come."""
        now = time.monotonic()
        if self._untold and now >= self._next:
            self._tell(self._untold(self._failures))
            self._untold, self._failures, self._next = None, 0, now + _TOLD_EVERY

    def _success(self, due: Due, one: Settled, elapsed_ms: int) -> ReportForwarded:
        return ReportForwarded(
            target=self._name,
            number=due.number,
            id=_id(due),
            webhook_id=due.webhook_id,
            attempt=due.attempts + 1,
            status=one.status or 0,
            elapsed_ms=elapsed_ms,
            forwarded_at=one.at,
        )

    def _failure(self, due: Due, one: Settled, failures: int) -> ForwardFailed:
        return ForwardFailed(
            target=self._name,
            number=due.number,
            id=_id(due),
            webhook_id=due.webhook_id,
            attempt=due.attempts + 1,
            status=one.status,
            error=one.failure,
            set_aside=one.state is State.SET_ASIDE,
            next_attempt_at=one.due_at,
            failures=failures,
            failed_at=one.at,
        )


def _id(due: Due) -> str | None:
    match due.told:
        case ReceivedReport(report=report):
            return report.id
        case ReceivedMessage(message=message):
            return message.message_id
    return None
