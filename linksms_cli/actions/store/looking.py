"""Look at the store itself: what it is, how much it holds, and whether it is sound."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from linksms_cli.actions.wait import other_store
from linksms_cli.adapters.store import find_store
from linksms_cli.errors import StoreError
from linksms_cli.sms.check import findings
from linksms_cli.sms.check.findings import Finding
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


def check(environ: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Yield what each check finds, as soon as it does; `now` is in UTC.

    Raises ConfigurationError, and StoreError if there is no store.
    """
    store = find_store(environ)
    if not store.exists():
        message = f"there is no store in {store.place}, so there is nothing to check"
        raise StoreError(message, "Name the one that you mean in LINKSMS_STATE.")
    try:
        yield from store.check(now)
    except StoreError as failure:
        yield findings.misconfigured("database", failure.message, failure.hint)
