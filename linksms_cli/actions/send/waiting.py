"""Wait until what was accepted is final, and store what it came to."""

from collections.abc import Callable, Iterator
from contextlib import closing

from linksms_cli.actions.send.terms import Teller
from linksms_cli.actions.wait import await_delivery, warn_of_silence
from linksms_cli.adapters.store import Outbox, Store
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.result_of import after_waiting, is_repeat, repeat
from linksms_cli.sms.outcome import Outcome


def awaited(
    results: Iterator[Result],
    seconds: float,
    teller: Teller,
    store: Store,
    outbox: Outbox,
    interrupted: Callable[[], bool],
) -> Iterator[Result]:
    """Yield the results once what was accepted is final, or the wait is over."""
    warn_of_silence(store, teller.warn)
    sent = []
    for result in results:
        if result.outcome is Outcome.ACCEPTED and result.message_id:
            teller.accepted(result)
        sent.append(result)
    ids = [r.message_id for r in sent if r.outcome is Outcome.ACCEPTED and r.message_id]
    with closing(store.stories()) as stories:
        found = await_delivery(
            stories, ids, seconds=seconds, interrupted=interrupted, tell=teller.progress
        )
    settled_by_recipient: dict[str, Result] = {}
    for result in sent:
        if result.outcome is Outcome.ACCEPTED:
            delivery = found.get(result.message_id or "")
            settled = after_waiting(result, delivery, seconds, interrupted=interrupted())
            try:
                outbox.settle([settled])
            except StoreError as failure:
                teller.warn(f"the outcome could not be stored: {failure.message}")
            settled_by_recipient[settled.to] = settled
            yield settled
        elif is_repeat(result) and result.to in settled_by_recipient:
            yield repeat(settled_by_recipient[result.to])
        else:
            yield result
