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


def not_forwarded(target: str | None, environ: Mapping[str, str]) -> Iterator[ForwardState]:
    """Yield what is still to be forwarded, or was set aside; `target` is the name of the only one.

    Raises StoreError.
    """
    store = find_store(environ)
    if store.exists():
        yield from (one for one in store.not_forwarded() if target in {None, one.target})


def forward_again(target: str | None, environ: Mapping[str, str]) -> Mapping[str, int]:
    """Have what was set aside tried again, at one target or all; return how much that is at each.

    Raises StoreError.
    """
    store = find_store(environ)
    return store.forward_again(target) if store.exists() else {}
