"""Stores with something of everything in them."""

from contextlib import closing

from linksms_cli.adapters.store import Store
from tests.adapters.store.test_face import (
    IDENTITY,
    accepted,
    callback,
    claimed,
    intent,
    receive,
    row,
)
from tests.reporting import INCOMING, report


def fill(store: Store) -> None:
    """Put in two messages under a key, an unfinished batch of one, and what came in for them."""
    with closing(store.outbox()) as outbox:
        claim = claimed(outbox, 2)
        one, _ = outbox.begin([intent(0, claim), intent(1, claim)])
        batch = outbox.begin_batch(IDENTITY, again=False)
        (two,) = outbox.advance([(one, accepted(0, "m0"))], [row(1, batch.number)])
        outbox.finish([(two, accepted(1, "m1"))])
    receive(
        store,
        callback(report(id="m0$0", segments=2)),
        callback(report(id="m0$1", segments=2)),
        callback(report(id="m0$1", segments=2)),
        callback(INCOMING),
        callback(b"neither"),
    )
