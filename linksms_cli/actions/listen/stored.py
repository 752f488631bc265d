"""Look at what was received: told again, byte for byte, or by what became of it at the targets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from linksms_cli.adapters.store import find_store
from linksms_cli.sms.dlr.receiving import Callback, StoredCallback
from linksms_cli.sms.forward.due import ForwardState
from linksms_cli.sms.timestamp import rfc3339

# Events that are shown at once, at most.
_PIECE = 500


def replay(
    since: datetime | None, environ: Mapping[str, str]
) -> Iterator[Sequence[StoredCallback]]:
    """Yield what the store holds, in pieces, as it was told when it came, from the oldest on.

    Raises StoreError.
    """
    store = find_store(environ)
    if not store.exists():
        return
    callbacks = store.callbacks(since=rfc3339(since) if since else "")
    while piece := list(islice(callbacks, _PIECE)):
        yield piece


def request(number: int, environ: Mapping[str, str]) -> Callback | None:
    """Return the request that was stored under a number, None if none is. Raises StoreError."""
    store = find_store(environ)
    return store.request(number) if store.exists() else None


def not_forwarded(environ: Mapping[str, str]) -> Iterator[ForwardState]:
    """Yield what is still to be forwarded, or was set aside. Raises StoreError."""
    store = find_store(environ)
    if store.exists():
        yield from store.not_forwarded()
