"""Stores with something of everything in them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from linksms_cli.adapters.store import Store
from linksms_cli.sms.forward.due import Settled, State
from linksms_cli.sms.forward.target import ForwardAs, Target
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

TARGET = Target(url="http://127.0.0.1/secret", form=ForwardAs.EVENT, name="http://127.0.0.1/…")


def fill(store: Store) -> None:
    """Put in two messages under a key, an unfinished batch of one, and what came in for them.

    Of the four that are forwarded, the first is done and the second waits behind it.
    """
    now = datetime(2026, 7, 1, 10, 1, tzinfo=UTC)
    with closing(store.forwards(TARGET, "nobody")):
        _put_in(store)
    with closing(store.forwards(TARGET, "one")) as forwards:
        lease = timedelta(minutes=1)
        due = forwards.advance((), held=(), limit=1, now=now, lease=lease)
        done = [Settled(one.number, State.FORWARDED, "2026-07-01T10:01:00.000Z") for one in due]
        forwards.advance(done, held=(), limit=0, now=now, lease=lease)


def _put_in(store: Store) -> None:
    with closing(store.outbox()) as outbox:
        claim = claimed(outbox, 2)
        one, _ = outbox.begin([intent(0, claim), intent(1, claim)])
        batch = outbox.begin_batch(IDENTITY, again=False)
        (two,) = outbox.advance([(one, accepted(0, "m0"))], [row(1, batch.number)])
        assert isinstance(two, int)
        outbox.finish([(two, accepted(1, "m1"))])
    receive(
        store,
        callback(report(id="m0$0", segments=2)),
        callback(report(id="m0$1", segments=2)),
        callback(report(id="m0$1", segments=2)),
        callback(INCOMING),
        callback(b"neither"),
    )
