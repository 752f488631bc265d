"""Look at the store itself: what it is and how much it holds."""

from collections.abc import Callable, Mapping

from linksms_cli.actions.wait import other_store
from linksms_cli.adapters.store import find_store
from linksms_cli.sms.holdings import StoreFacts


def facts(environ: Mapping[str, str], warn: Callable[[str], None]) -> StoreFacts:
    """Return what the store is and holds; `warn` of a receiver that works for another one.

    Raises ConfigurationError and StoreError.
    """
    store = find_store(environ)
    found = store.facts()
    if not found.has_receiver and (other := other_store(store)):
        warn(other)
    return found
