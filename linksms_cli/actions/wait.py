"""Wait until messages are final, and warn if no receiver can end the wait."""

import time
from collections.abc import Callable, Iterable

from linksms_cli.adapters.store import Store, Stories
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.text.decoding import visible

# How often the store is asked whether anybody has committed: one look at a counter in shared
# memory, some 10 µs, so a report is seen within 50 ms and waiting takes no time of the processor.
_LOOK = 0.05


def warn_of_silence(store: Store, warn: Callable[[str], None]) -> None:
    """Warn of a wait in vain, where no live receiver works for the store."""
    if store.has_receiver():
        return
    if other := other_store(store):
        warn(f"{other}, or nothing will end the wait")
    else:
        warn(
            f"nothing receives delivery reports for the store in {store.place}: "
            "start `linksms listen`, or nothing will end the wait"
        )


def other_store(store: Store) -> str | None:
    """Return that a receiver of this machine keeps another store, and what to do, if one does.

    For a store without a receiver.
    """
    other = store.elsewhere()
    if other is None:
        return None
    return (
        f"the receiver on this machine (user {visible(other.user)}) keeps its store in "
        f"{visible(other.place)}, and this command looks into {store.place}: set LINKSMS_STATE to "
        "the same store for both"
    )


def await_delivery(
    stories: Stories,
    message_ids: Iterable[str],
    *,
    seconds: float,
    interrupted: Callable[[], bool],
    progress: Callable[[str, Delivery], None] = lambda _message_id, _delivery: None,
) -> dict[str, Delivery | None]:
    """Return each message's state as soon as all are final, or when `seconds` are over.

    None stands for a message without reports. `progress` is called whenever one changes.
    """
    deadline = time.monotonic() + seconds
    found: dict[str, Delivery | None] = dict.fromkeys(message_ids)
    seen = -1
    while True:
        version = stories.version()
        if version != seen:
            seen = version
            for message_id, before in found.items():
                if before is None or not before.final:
                    _look(stories, message_id, found, progress)
        done = all(delivery and delivery.final for delivery in found.values())
        if done or interrupted() or time.monotonic() >= deadline:
            return found
        time.sleep(min(_LOOK, max(0.0, deadline - time.monotonic())))


def _look(
    stories: Stories,
    message_id: str,
    found: dict[str, Delivery | None],
    progress: Callable[[str, Delivery], None],
) -> None:
    delivery = stories.delivery(message_id)
    if delivery and delivery != found[message_id]:
        found[message_id] = delivery
        progress(message_id, delivery)
