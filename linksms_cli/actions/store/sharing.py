"""Say who on this machine may use the store."""

from collections.abc import Mapping

from linksms_cli.adapters.store import find_store
from linksms_cli.sms.holdings import StoreShared


def share(group: str | None, environ: Mapping[str, str]) -> StoreShared:
    """Share the store with a group, or with nobody for None. Raises UsageError and StoreError."""
    store = find_store(environ)
    return store.stop_sharing() if group is None else store.share(group)
