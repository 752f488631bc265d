"""Hold and claim the once-key of an order, so that nobody else sends under it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from linksms_cli.actions.send.terms import Terms
from linksms_cli.adapters.store import Outbox, Store
from linksms_cli.errors import StoreError
from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.order import Order
from linksms_cli.sms.mt.result import Problem
from linksms_cli.sms.mt.submission import OnceConflictError, OnceKey

_POLL = 0.05


def check_store(store: Store, outbox: Outbox, warn: Callable[[str], None]) -> None:
    """Warn if a store knows no earlier key. Raises StoreError where no key can protect at all."""
    if store.weakness:
        raise StoreError(
            f"--once cannot protect: the store in {store.place} {store.weakness}",
            "Name a folder on a local disk in LINKSMS_STATE.",
        )
    if outbox.replaced:
        warn(
            f"another store lay in {store.place} before: this one knows nothing of what was sent "
            "under its keys"
        )
    if outbox.created:
        warn(
            f"the store was made just now in {store.place}: "
            "the key protects from now on, and only where this store is kept"
        )


class Keys:
    """Takes the keys of one account's orders."""

    def __init__(
        self,
        account: Account,
        terms: Terms,
        *,
        store: Store,
        outbox: Outbox,
        interrupted: Callable[[], bool],
    ) -> None:
        self._account = account
        self._terms = terms
        self._store = store
        self._outbox = outbox
        self._interrupted = interrupted

    @contextmanager
    def taken(self, order: Order, key: str) -> Iterator[int | Problem | None]:
        """Hold and claim a key for an order while the block runs, or say why that cannot be.

        The block is given the claim; None where a dry run finds the key free.
        """
        account = self._account
        once_key = OnceKey(base_url.canonical(account.base_url), account.service_id, key)
        with ExitStack() as stack:
            if self._terms.dry_run or stack.enter_context(self._held(once_key)):
                yield self._claim(once_key, order)
                return
            yield Problem(
                kind="once_busy",
                message=f"another process is sending under the key {key!r}",
                hint="Run this command again once that process has finished: it will show the "
                "result.",
            )

    def _claim(self, key: OnceKey, order: Order) -> int | Problem | None:
        try:
            return self._outbox.claim(key, order.payload())
        except OnceConflictError as conflict:
            reached = f"{conflict.reached} recipient{'s' if conflict.reached != 1 else ''}"
            return Problem(
                kind="once_conflict",
                message=f"the key {key.key!r} was used for another message",
                hint=f"It has reached {reached}. Use a new key for a new message; to correct this "
                "one, keep the text and those who were reached: they are skipped.",
            )

    @contextmanager
    def _held(self, key: OnceKey) -> Iterator[bool]:
        """Hold a key against other live processes; wait for them as long as an attempt may take."""
        deadline = time.monotonic() + self._terms.timeout
        while True:
            with self._store.hold(key) as held:
                if held or self._interrupted() or time.monotonic() >= deadline:
                    yield held
                    return
            time.sleep(_POLL)
