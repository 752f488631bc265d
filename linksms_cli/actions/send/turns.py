"""What each recipient's turn goes by, whether one is taken or many are under way at once.

Guards come first, then the intent, the request, and the result that the table of verdicts decides.
"""

import os
from typing import NamedTuple

from linksms_cli.actions.send.terms import Observer, Terms
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Settings
from linksms_cli.sms.backoff import Backoff
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.message import Message
from linksms_cli.sms.mt.order import Order, not_allowed
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import ResultOf, sent_before
from linksms_cli.sms.mt.submission import Intent, Submission
from linksms_cli.sms.mt.twin import Twin
from linksms_cli.sms.mt.verdict import Verdict, decide, missing_id
from linksms_cli.sms.number import shortened

# Between attempts, unless the gateway asks for more.
PAUSES = Backoff(first=0.5, longest=30.0)


class RowPlace(NamedTuple):
    """Where a turn stands in a batch: the store's number of the batch, and the row from 1.

    `twin` is what makes a row of another batch its equal.
    """

    batch: int
    row: int
    twin: Twin


class Turn(NamedTuple):
    """One recipient's turn in an order.

    `slot` is its place in the order's payload; `claim` is the store's number of the once-key that
    the order goes out under, and `earlier` what has been sent under it to this recipient. `place`
    is its row of a batch.
    """

    order: Order
    recipient: str
    slot: int = 0
    claim: int | None = None
    earlier: Submission | None = None
    place: RowPlace | None = None

    @property
    def message(self) -> Message:
        """What is sent."""
        return self.order.message_to(self.recipient)


class Turns:
    """The rules of one account's turns.

    `stopped_by` is the first failure that all others would share: refused credentials, a gateway
    that is none, a store that is full. No turn after it is tried.
    """

    def __init__(self, settings: Settings, terms: Terms, observer: Observer) -> None:
        self._settings = settings
        self._terms = terms
        self._observer = observer
        self.stopped_by: Result | None = None

    def result_of(self, turn: Turn) -> ResultOf:
        """Return what makes the results of a turn."""
        return ResultOf(order=turn.order, profile=self._settings.name)

    def refusal(self, turn: Turn) -> Result | None:
        """Return the result of a turn whose recipient a guard refuses, None if all allow it."""
        problem = not_allowed(turn.recipient, self._settings)
        return self.result_of(turn).refused(turn.recipient, problem) if problem else None

    def intent(self, turn: Turn) -> Intent:
        """Return what is stored before a turn's request leaves."""
        order, account, place = turn.order, self._settings.account, turn.place
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
            parameters=turn.message.parameters(),
            batch=place.batch if place else None,
            row=place.row if place else None,
            twin=place.twin if place else None,
        )

    def sent_elsewhere(self, turn: Turn, twin: Submission) -> Result:
        """Return the result of a row whose equal in another batch keeps it from being sent."""
        before = sent_before(twin, kind="twin", by="another batch")
        return self.result_of(turn).as_row(turn.recipient, before)

    def not_stored(self, turn: Turn, failure: StoreError) -> Result:
        """Return the result of a turn whose intent could not be stored; it stops the rest."""
        self.stopped_by = self.result_of(turn).not_stored(turn.recipient, failure)
        return self.stopped_by

    def verdict(self, turn: Turn, exchange: Exchange) -> Verdict:
        """Return the verdict on an attempt, and show the attempt to who wants to see each."""
        self._observer.detail(_described(turn.recipient, exchange))
        return decide(exchange)

    def pause(self, turn: Turn, exchange: Exchange, verdict: Verdict, attempt: int) -> float | None:
        """Return the seconds to wait before the attempt after number `attempt`, None if it is the
        last: the table forbids another, the tries are used up, or the gateway asks for too long.
        """
        # That a charge had no effect is the gateway's word alone: it is never tried again.
        tries = 1 if turn.order.charge else 1 + self._terms.retries
        if not verdict.may_retry or attempt >= tries:
            return None
        pause = PAUSES.pause(attempt, chance(), exchange.retry_after)
        return pause if pause <= max(self._terms.timeout, PAUSES.longest) else None

    def conclude(
        self, turn: Turn, verdict: Verdict, *, sent_at: str | None, elapsed: float
    ) -> Result:
        """Return the result of a turn after its last attempt; it may stop the rest."""
        result = self.result_of(turn).decided(turn.recipient, verdict, sent_at, elapsed)
        if verdict.stops_the_rest:
            self.stopped_by = result
        if warning := missing_id(turn.recipient, verdict):
            self._observer.warn(warning)
        return result


def chance() -> float:
    """Return a number from 0 to 1 by chance, without `random`: few sends need one."""
    return int.from_bytes(os.urandom(4)) / (1 << 32)


def _described(recipient: str, exchange: Exchange) -> str:
    """Describe one attempt in words that give away neither the number nor the account."""
    status = f"HTTP {exchange.status}" if exchange.status else "no answer"
    if exchange.answer:
        status += f", code {exchange.answer.code}"
    fault = f", {exchange.fault}: {exchange.detail}" if exchange.fault else ""
    gone = f"sent at {exchange.sent_at}" if exchange.sent else "nothing left this machine"
    milliseconds = round(exchange.elapsed * 1000)
    return f"{shortened(recipient)}: {gone}, {status}{fault}, {milliseconds} ms"
