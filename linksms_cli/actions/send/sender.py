"""Take turns one after the other: the intent, the request, its outcome, then the next."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.actions.send.turns import Turn, Turns
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.verdict import Verdict
from linksms_cli.sms.outcome import Outcome

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery

_POLL = 0.1


class Sender:
    """Sends through one gateway and remembers in one outbox, which the caller closes.

    `reported` returns what reports have said of a message id since it was sent.
    """

    def __init__(
        self,
        settings: Settings,
        terms: Terms,
        observer: Observer,
        *,
        gateway: Gateway,
        outbox: Outbox | None,
        reported: "Callable[[str], Delivery | None]",
        interrupted: Callable[[], bool],
    ) -> None:
        self._turns = Turns(settings, terms, observer)
        self._terms = terms
        self._observer = observer
        self._gateway = gateway
        self._outbox = outbox
        self._reported = reported
        self._interrupted = interrupted

    def take(self, turn: Turn) -> Result:
        """Return one recipient's result, sending to it where nothing stands against that."""
        if refusal := self._turns.refusal(turn):
            return refusal
        recipient, result_of = turn.recipient, self._turns.result_of(turn)
        earlier = turn.earlier
        if earlier and not (earlier.outcome is Outcome.UNKNOWN and self._terms.resend_unknown):
            reported = self._reported(earlier.message_id) if earlier.message_id else None
            return result_of.skipped(recipient, earlier, reported)
        if self._terms.dry_run:
            return result_of.planned(recipient)
        if self._turns.stopped_by:
            return result_of.stopped(recipient, self._turns.stopped_by)
        if self._interrupted():
            return result_of.interrupted(recipient)
        return self._send(turn)

    def _send(self, turn: Turn) -> Result:
        try:
            number = self._begin(turn)
        except StoreError as failure:
            return self._turns.not_stored(turn, failure)
        started = time.monotonic()
        verdict, sent_at = self._attempt(turn)
        elapsed = time.monotonic() - started
        concluded = self._turns.conclude(turn, verdict, sent_at=sent_at, elapsed=elapsed)
        result = concluded._replace(number=number or None)
        try:
            self._finish(number, result)
        except StoreError as failure:
            self._observer.warn(f"the outcome could not be stored: {failure.message}")
        return result

    def _attempt(self, turn: Turn) -> tuple[Verdict, str | None]:
        """Make the attempt, again where it provably had no effect and --retry allows.

        Return the last attempt's verdict, and when its request left.
        """
        attempt = 0
        while True:
            attempt += 1
            exchange = self._gateway.submit(
                turn.message, timeout=self._terms.timeout, interrupted=self._interrupted
            )
            verdict = self._turns.verdict(turn, exchange)
            pause = self._turns.pause(turn, exchange, verdict, attempt)
            if pause is None or not self._wait(pause):
                return verdict, exchange.sent_at

    def _wait(self, seconds: float) -> bool:
        """Wait, and return whether nothing interrupted it."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._interrupted():
            time.sleep(min(_POLL, left))
        return not self._interrupted()

    def _begin(self, turn: Turn) -> int:
        if self._outbox is None:
            return 0
        (number,) = self._outbox.begin([self._turns.intent(turn)])
        return number

    def _finish(self, number: int, result: Result) -> None:
        if self._outbox is not None:
            self._outbox.finish([(number, result)])
