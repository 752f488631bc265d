"""Send to one recipient: ask the guards, store the intent, make the request, store the outcome."""

import time
from collections.abc import Callable
from random import random
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.store import Outbox
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.mt.order import Order, not_allowed
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import ResultOf
from linksms_cli.sms.mt.submission import Intent, Submission
from linksms_cli.sms.mt.verdict import Verdict, decide, missing_id
from linksms_cli.sms.number import shortened
from linksms_cli.sms.outcome import Outcome

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery

_POLL = 0.1
# Between attempts, unless the gateway asks for more.
PAUSES = Backoff(first=0.5, longest=30.0)


class Turn(NamedTuple):
    """One recipient's turn in an order.

    `slot` is its place in the order's payload; `claim` is the store's number of the once-key that
    the order goes out under, and `earlier` what has been sent under it to this recipient.
    """

    order: Order
    recipient: str
    slot: int
    claim: int | None
    earlier: Submission | None


class Sender:
    """Sends through one gateway and remembers in one outbox, which the caller closes.

    `reported` returns what reports have said of a message id since it was sent.

    It knows nothing of the order of turns: the first failure that all others would share (refused
    credentials, a store that is full) stops those that come after it.
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
        self._settings = settings
        self._terms = terms
        self._observer = observer
        self._gateway = gateway
        self._outbox = outbox
        self._reported = reported
        self._interrupted = interrupted
        self._stopped_by: Result | None = None

    def take(self, turn: Turn) -> Result:
        """Return one recipient's result, sending to it where nothing stands against that."""
        recipient = turn.recipient
        result_of = ResultOf(order=turn.order, profile=self._settings.name)
        problem = not_allowed(recipient, self._settings)
        if problem:
            return result_of.refused(recipient, problem)
        earlier = turn.earlier
        if earlier and not (earlier.outcome is Outcome.UNKNOWN and self._terms.resend_unknown):
            reported = self._reported(earlier.message_id) if earlier.message_id else None
            return result_of.skipped(recipient, earlier, reported)
        if self._terms.dry_run:
            return result_of.planned(recipient)
        if self._stopped_by:
            return result_of.stopped(recipient, self._stopped_by)
        if self._interrupted():
            return result_of.interrupted(recipient)
        return self._send(turn, result_of)

    def _send(self, turn: Turn, result_of: ResultOf) -> Result:
        try:
            number = self._begin(turn)
        except StoreError as failure:
            self._stopped_by = result_of.not_stored(turn.recipient, failure)
            return self._stopped_by
        started = time.monotonic()
        verdict, sent_at = self._attempt(turn)
        elapsed = time.monotonic() - started
        result = result_of.decided(turn.recipient, verdict, sent_at, elapsed)
        if verdict.stops_the_rest:
            self._stopped_by = result
        if warning := missing_id(turn.recipient, verdict):
            self._observer.warn(warning)
        try:
            self._finish(number, result)
        except StoreError as failure:
            self._observer.warn(f"the outcome could not be stored: {failure.message}")
        return result

    def _attempt(self, turn: Turn) -> tuple[Verdict, str | None]:
        """Make the attempt, again where it provably had no effect and --retry allows.

        Return the last attempt's verdict, and when its request left.
        """
        message = turn.order.message_to(turn.recipient)
        # That a charge had no effect is the gateway's word alone: it is never tried again.
        tries = 1 if turn.order.charge else 1 + self._terms.retries
        for attempt in range(1, tries + 1):
            exchange = self._gateway.submit(
                message, timeout=self._terms.timeout, interrupted=self._interrupted
            )
            verdict = decide(exchange)
            self._observer.detail(_described(message, exchange))
            if not verdict.may_retry or attempt == tries:
                break
            chance = random()  # noqa: S311 - no secret
            pause = PAUSES.pause(attempt, chance, exchange.retry_after)
            if pause > max(self._terms.timeout, PAUSES.longest) or not self._wait(pause):
                break
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
        (number,) = self._outbox.begin([self._intent(turn)])
        return number

    def _finish(self, number: int, result: Result) -> None:
        if self._outbox is not None:
            self._outbox.finish([(number, result)])

    def _intent(self, turn: Turn) -> Intent:
        order, account = turn.order, self._settings.account
        return Intent(
            base_url=account.base_url,
            service_id=account.service_id,
            profile=self._settings.name,
            destination=turn.recipient,
            source=order.draft.source,
            encoding=order.figures.encoding if order.figures else None,
            parts=order.parts,
            claim=turn.claim,
            slot=turn.slot,
            parameters=order.message_to(turn.recipient).parameters(),
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
