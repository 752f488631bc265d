"""Look at the store itself: what it is and how much it holds."""

from collections.abc import Mapping

from linksms_cli.adapters.store import find_store
from linksms_cli.sms.holdings import StoreFacts


def facts(environ: Mapping[str, str]) -> StoreFacts:
    """Return what the store is and holds. Raises ConfigurationError and StoreError."""
    return find_store(environ).facts()
