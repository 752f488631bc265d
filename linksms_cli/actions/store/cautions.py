"""What a person should know of the store itself."""

from collections.abc import Mapping

from linksms_cli.adapters.store import find_store


def weakness(environ: Mapping[str, str]) -> str | None:
    """Return why the store cannot keep processes apart, as a warning; None if nothing is known."""
    store = find_store(environ)
    if store.weakness is None:
        return None
    return (
        f"the store in {store.place} {store.weakness}: two machines may damage it or send twice; "
        "name a folder on a local disk in LINKSMS_STATE"
    )
