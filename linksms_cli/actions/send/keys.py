"""Take an order's once-key: nobody else sends under it meanwhile, and it stands for this order."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from linksms_cli.actions.send.terms import Terms
from linksms_cli.adapters.store import Outbox, Store
from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.mt.submission import OnceConflictError, OnceKey

_POLL = 0.05


@contextmanager
def taken_key(
    order: Order,
    account: Account,
    terms: Terms,
    store: Store,
    outbox: Outbox,
    interrupted: Callable[[], bool],
) -> Iterator[int | Problem | None]:
    """Hold and claim the order's key while the block runs, or say why that cannot be.

    The block is given the claim; None where a dry run finds the key free.
    """
    key = OnceKey(base_url.canonical(account.base_url), account.service_id, order.key or "")
    with ExitStack() as stack:
        if not terms.dry_run:
            holding = _held(store, key, timeout=terms.timeout, interrupted=interrupted)
            if not stack.enter_context(holding):
                yield Problem(
                    kind="once_busy",
                    message=f"another process is sending under the key {key.key!r}",
                    hint="Run the same command when it has ended: it tells what became of it.",
                )
                return
        yield _claimed(key, order, outbox)


def _claimed(key: OnceKey, order: Order, outbox: Outbox) -> int | Problem | None:
    try:
        return outbox.claim(key, order.payload())
    except OnceConflictError as conflict:
        reached = f"{conflict.reached} recipient{'s' if conflict.reached != 1 else ''}"
        return Problem(
            kind="once_conflict",
            message=f"the key {key.key!r} was used for another message",
            hint=f"It has reached {reached}. Use a new key for a new message; to correct this one, "
            "keep the text and those who were reached: they are skipped.",
        )


@contextmanager
def _held(
    store: Store, key: OnceKey, *, timeout: float, interrupted: Callable[[], bool]
) -> Iterator[bool]:
    """Hold a key against other live processes; wait for them up to `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        with store.hold(key) as held:
            if held or interrupted() or time.monotonic() >= deadline:
                yield held
                return
        time.sleep(_POLL)
