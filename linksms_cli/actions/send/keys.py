"""Take an order's once-key: nobody else sends under it meanwhile, and it stands for this order."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from linksms_cli.actions.send.terms import Terms
from linksms_cli.adapters.store import once_lock
from linksms_cli.adapters.store.ledger import StoredLedger
from linksms_cli.adapters.store.once import OnceConflictError, OnceKey
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem

_POLL = 0.05


@contextmanager
def taken_key(
    order: Order,
    account: Account,
    terms: Terms,
    ledger: StoredLedger,
    interrupted: Callable[[], bool],
) -> Iterator[Problem | None]:
    """Hold and claim the order's key while the block runs, or say why that cannot be."""
    key = OnceKey(account.base_url, account.service_id, order.key or "")
    with ExitStack() as stack:
        if not terms.dry_run:
            holding = _held(ledger.folder, key, timeout=terms.timeout, interrupted=interrupted)
            if not stack.enter_context(holding):
                yield Problem(
                    kind="once_busy",
                    message=f"another process is sending under the key {key.key!r}",
                    hint="Run the same command when it has ended: it tells what became of it.",
                )
                return
        problem: Problem | None = None
        try:
            ledger.claim(key, order.payload())
        except OnceConflictError:
            problem = Problem(
                kind="once_conflict",
                message=f"the key {key.key!r} was used for another message",
                hint="Use a new key for a new message.",
            )
        yield problem


@contextmanager
def _held(
    folder: Path, key: OnceKey, *, timeout: float, interrupted: Callable[[], bool]
) -> Iterator[bool]:
    """Hold a key against other live processes; wait for them up to `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        with once_lock.try_to_hold(folder, key.name) as held:
            if held or interrupted() or time.monotonic() >= deadline:
                yield held
                return
        time.sleep(_POLL)
