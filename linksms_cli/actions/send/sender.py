"""Send to one recipient after the other, and stop where going on makes no sense."""

import time
from collections.abc import Callable

from linksms_cli.actions.send.terms import Teller, Terms
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.gateway.backoff import LONGEST_PAUSE, Backoff
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.mt.order import Order, not_allowed
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import ResultOf
from linksms_cli.sms.mt.submission import Intent, Submission
from linksms_cli.sms.mt.verdict import Verdict, decide, missing_id
from linksms_cli.sms.number import shortened
from linksms_cli.sms.outcome import Outcome

_POLL = 0.1


class Sender:
    """Sends one order through one gateway, which the caller closes."""

    def __init__(
        self,
        order: Order,
        settings: Settings,
        terms: Terms,
        teller: Teller,
        *,
        gateway: Gateway,
        outbox: Outbox | None,
        claim: int | None,
        interrupted: Callable[[], bool],
    ) -> None:
        self._order = order
        self._settings = settings
        self._terms = terms
        self._teller = teller
        self._gateway = gateway
        self._outbox = outbox
        self._claim = claim
        self._interrupted = interrupted
        self._result_of = ResultOf(order=order, profile=settings.name)
        self._stopped_by: Result | None = None

    def one(self, recipient: str, slot: int) -> Result:
        """Return one recipient's result, sending to it where nothing stands against that.

        `slot` is the recipient's place in the order's payload.
        """
        problem = not_allowed(recipient, self._settings)
        if problem:
            return self._result_of.refused(recipient, problem)
        earlier = self._earlier(slot)
        if earlier and not (earlier.outcome is Outcome.UNKNOWN and self._terms.resend_unknown):
            return self._result_of.skipped(recipient, earlier)
        if self._terms.dry_run:
            return self._result_of.planned(recipient)
        if self._stopped_by:
            return self._result_of.stopped(recipient, self._stopped_by)
        if self._interrupted():
            return self._result_of.interrupted(recipient)
        return self._send(recipient, slot)

    def _send(self, recipient: str, slot: int) -> Result:
        try:
            number = self._begin(recipient, slot)
        except StoreError as failure:
            self._stopped_by = self._result_of.not_stored(recipient, failure)
            return self._stopped_by
        started = time.monotonic()
        verdict, sent_at = self._attempt(self._order.message_to(recipient))
        elapsed = time.monotonic() - started
        result = self._result_of.decided(recipient, verdict, sent_at, elapsed)
        if verdict.stops_the_rest:
            self._stopped_by = result
        if warning := missing_id(recipient, verdict):
            self._teller.warn(warning)
        try:
            self._finish(number, result)
        except StoreError as failure:
            self._teller.warn(f"the outcome could not be stored: {failure.message}")
        return result

    def _attempt(self, message: Message) -> tuple[Verdict, str | None]:
        """Make the attempt, again where it provably had no effect and --retry allows.

        Returns the last attempt's verdict, and when its request left.
        """
        # That a charge had no effect is the gateway's word alone: it is never tried again.
        left = 0 if self._order.charge else self._terms.retries
        backoff = Backoff()
        while True:
            exchange = self._gateway.submit(
                message, timeout=self._terms.timeout, interrupted=self._interrupted
            )
            verdict = decide(exchange)
            self._teller.detail(_described(message, exchange))
            if not (verdict.may_retry and left):
                return verdict, exchange.sent_at
            pause = backoff.pause(exchange.retry_after)
            if pause > max(self._terms.timeout, LONGEST_PAUSE) or not self._wait(pause):
                return verdict, exchange.sent_at
            left -= 1

    def _wait(self, seconds: float) -> bool:
        """Wait, and say whether nothing interrupted it."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._interrupted():
            time.sleep(min(_POLL, left))
        return not self._interrupted()

    def _earlier(self, slot: int) -> Submission | None:
        if self._outbox is None or self._claim is None:
            return None
        return self._outbox.earlier(self._claim, slot)

    def _begin(self, recipient: str, slot: int) -> int:
        if self._outbox is None:
            return 0
        (number,) = self._outbox.begin([self._intent(recipient, slot)])
        return number

    def _finish(self, number: int, result: Result) -> None:
        if self._outbox is not None:
            self._outbox.finish([(number, result)])

    def _intent(self, recipient: str, slot: int) -> Intent:
        figures, account = self._order.figures, self._settings.account
        return Intent(
            base_url=account.base_url,
            service_id=account.service_id,
            profile=self._settings.name,
            destination=recipient,
            source=self._order.draft.source,
            encoding=figures.encoding if figures else None,
            parts=self._order.parts,
            claim=self._claim,
            slot=slot,
            parameters=self._order.message_to(recipient).parameters(),
        )


def _described(message: Message, exchange: Exchange) -> str:
    """Describe one attempt in words that give away neither the number nor the account."""
    status = f"HTTP {exchange.status}" if exchange.status else "no answer"
    if exchange.answer:
        status += f", code {exchange.answer.code}"
    fault = f", {exchange.fault}: {exchange.detail}" if exchange.fault else ""
    gone = f"sent at {exchange.sent_at}" if exchange.sent else "nothing left this machine"
    milliseconds = round(exchange.elapsed * 1000)
    return f"{shortened(message.destination)}: {gone}, {status}{fault}, {milliseconds} ms"
