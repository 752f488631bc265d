"""Wait for the delivery reports of what was accepted, and store what each message came to."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from linksms_cli.actions.send.terms import Observer
from linksms_cli.actions.wait import await_delivery, warn_of_silence
from linksms_cli.adapters.store import Outbox, Store
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import is_repeat, repeat
from linksms_cli.sms.mt.waited import after_waiting, can_be_awaited, not_followed
from linksms_cli.sms.outcome import Outcome

if TYPE_CHECKING:
    from linksms_cli.sms.dlr.delivery import Delivery


def awaited(
    results: Iterator[Result],
    seconds: float,
    observer: Observer,
    store: Store,
    outbox: Outbox,
    interrupted: Callable[[], bool],
) -> Iterator[Result]:
    """Yield the results once what was accepted is final, or the wait is over."""
    warn_of_silence(store, observer.warn)
    sent = []
    failed: StoreError | None = None
    found: dict[str, Delivery | None] = {}
    # Opened before the first request leaves: a wait that cannot begin is no reason to send.
    with closing(store.stories()) as stories:
        for result in results:
            if result.outcome is Outcome.ACCEPTED and result.message_id:
                observer.accepted(result)
            sent.append(result)
        ids = [r.message_id for r in sent if can_be_awaited(r) and r.message_id]
        try:
            found = await_delivery(
                stories, ids, seconds=seconds, interrupted=interrupted, progress=observer.progress
            )
        except StoreError as failure:
            failed = failure
    settled: dict[str, Result] = {}
    for result in sent:
        if is_repeat(result) and result.to in settled:
            yield repeat(settled[result.to])
        elif not can_be_awaited(result):
            yield result
        elif failed:
            # What was sent has a result, whatever the store has come to since.
            settled[result.to] = not_followed(result, failed)
            yield settled[result.to]
        else:
            delivery = found.get(result.message_id or "")
            ended = after_waiting(result, delivery, seconds, interrupted=interrupted())
            if result.outcome is Outcome.ACCEPTED:
                _settle(ended, outbox, observer)
            settled[result.to] = ended
            yield ended


def _settle(result: Result, outbox: Outbox, observer: Observer) -> None:
    try:
        outbox.settle([result])
    except StoreError as failure:
        observer.warn(f"the outcome could not be stored: {failure.message}")
