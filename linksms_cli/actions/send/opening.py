"""What a session opens with the first order that needs it: gateway, store and keys."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from linksms_cli.actions.send.terms import Observer, Terms, ToAccount
from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Outbox, Store, Stories
from linksms_cli.adapters.tls import tls_context
from linksms_cli.errors import StoreError
from linksms_cli.sms.account.profile import Settings

if TYPE_CHECKING:
    from linksms_cli.actions.send.keys import Keys
    from linksms_cli.sms.dlr.delivery import Delivery


class Opened(NamedTuple):
    """What a session sends through and remembers in; `outbox` is None if a dry run finds none.

    `signals` says how many have come.
    """

    settings: Settings
    gateway: Gateway
    store: Store | None
    outbox: Outbox | None
    signals: Callable[[], int]


class Opening:
    """Each is opened once, when it is asked for, and closed at the end of the session.

    Raises ConfigurationError where the CA bundle or the proxy cannot be used, and StoreError where
    the store cannot be opened.
    """

    def __init__(
        self,
        route: ToAccount,
        terms: Terms,
        observer: Observer,
        *,
        interrupted: Interruption,
        ends: ExitStack,
    ) -> None:
        self._route = route
        self._terms = terms
        self._observer = observer
        self._interrupted = interrupted
        self._ends = ends

    @cached_property
    def gateway(self) -> Gateway:
        """The gateway of the account."""
        settings = self._route.settings
        gateway = Gateway(
            settings.account,
            tls_context=lambda: tls_context(settings.ca_bundle),
            proxies=self._route.proxies,
            connections=self._terms.concurrency,
        )
        self._ends.callback(gateway.close)
        return gateway

    @cached_property
    def outbox(self) -> Outbox | None:
        """The store's outbox; None if nothing is remembered, or a dry run would have to make it."""
        store = self._route.store
        if store is None or (self._terms.dry_run and not store.exists()):
            return None
        outbox = store.outbox(read_only=self._terms.dry_run)
        self._ends.callback(outbox.close)
        return outbox

    @cached_property
    def keys(self) -> "Keys | None":
        """What holds and claims once-keys; None if nothing is remembered."""
        store, outbox = self._route.store, self.outbox
        if store is None or outbox is None:
            return None
        from linksms_cli.actions.send.keys import Keys, check_store

        check_store(store, outbox, self._observer.warn)
        return Keys(
            self._route.settings.account,
            self._terms,
            store=store,
            outbox=outbox,
            interrupted=self._interrupted,
        )

    def reported(self, message_id: str) -> "Delivery | None":
        """Return what reports say of a message; a warning says if they cannot be read."""
        try:
            return self.stories.delivery(message_id) if self.stories else None
        except StoreError as failure:
            self._observer.warn(f"the reports could not be read: {failure.message}")
            return None

    @cached_property
    def stories(self) -> "Stories | None":
        """The messages of the store; None if nothing is remembered."""
        store = self._route.store
        if store is None:
            return None
        stories = store.stories()
        self._ends.callback(stories.close)
        return stories
