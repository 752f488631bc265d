"""Copy the whole store to another place."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from linksms_cli.adapters.store import Store, find_store, store_at, store_in
from linksms_cli.errors import StoreError, UsageError
from linksms_cli.sms import paths
from linksms_cli.sms.holdings import StoreCopied

_GO_ON = "Stop it, copy the store, and start it again with LINKSMS_STATE set to the copy."


def copy(to: str, environ: Mapping[str, str], progress: Callable[[int, int], None]) -> StoreCopied:
    """Copy the store to a folder or a database, as a whole or not at all.

    `progress` is told how many of how many rows are there.

    Raises ConfigurationError if there is no such place, and StoreError if there is no store, if
    somebody uses one of the two, or if the other one is not empty.
    """
    began = time.monotonic()
    source = find_store(environ)
    target = store_at(to, "--to") if paths.is_server(to) else store_in(Path(to))
    if _is_the_same(source.place, target.place):
        raise UsageError(f"the store is in {source.place} already", "Name another place in --to.")
    if not source.exists():
        message = f"there is no store in {source.place}, so there is nothing to copy"
        raise StoreError(message, "Name the one that you mean in LINKSMS_STATE.")
    _refuse_a_receiver(source)
    if target.exists():
        _refuse_a_receiver(target)
    with source.original() as original, target.replica() as replica:
        done = 0
        for piece in original.pieces():
            replica.add(piece)
            done += len(piece.rows)
            progress(done, original.total)
    return StoreCopied(
        origin=source.place,
        facts=target.facts(),
        rows=done,
        seconds=time.monotonic() - began,
    )


def _is_the_same(place: str, other: str) -> bool:
    """Return whether two places are one, which a link may name in two ways."""
    return place == other or os.path.realpath(place) == os.path.realpath(other)


def _refuse_a_receiver(store: Store) -> None:
    if store.has_receiver():
        raise StoreError(f"a receiver is running on the store in {store.place}", _GO_ON)
