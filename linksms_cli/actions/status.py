"""Recall what the store knows of messages, wait for them, and forget them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from linksms_cli.actions.wait import await_delivery, warn_of_silence
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Stories, find_store
from linksms_cli.errors import StoreError, UsageError
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import split_id
from linksms_cli.sms.number import destination
from linksms_cli.sms.story import Forgotten, Story
from linksms_cli.sms.timestamp import rfc3339

# How many messages are found by their number.
_TO_A_NUMBER = 20


class Recalled(NamedTuple):
    """What was asked for, and the stories of it: several for a number, none if there is none."""

    asked: str
    stories: list[Story]


def recall(
    asked: Sequence[str],
    *,
    environ: Mapping[str, str],
    wait: float | None,
    progress: Callable[[str, Delivery], None],
    warn: Callable[[str], None],
) -> Iterator[Recalled]:
    """Yield the story of each message asked for, by its id, the beginning of it or a part's id.

    With `wait` they are waited for, so many seconds, until all are final. Ctrl-C and SIGTERM end
    the wait: what is known is yielded, then KeyboardInterrupt or Terminated is raised. Where no
    report will come during the wait, `warn` is told so.

    Raises UsageError for an ambiguous beginning, StoreError where the store cannot be read.
    """
    store = find_store(environ)
    if wait is None and not store.exists():
        yield from (Recalled(asked=one, stories=[]) for one in asked)
        return
    with closing(store.stories()) as stories, Interruption() as interrupted:
        found = {one: stories.find(one) or split_id(one)[0] for one in dict.fromkeys(asked)}
        if wait is not None:
            waiting = [one for one in dict.fromkeys(found.values()) if not _is_final(stories, one)]
            if waiting:
                warn_of_silence(store, warn)
            await_delivery(
                stories, waiting, seconds=wait, interrupted=interrupted, progress=progress
            )
        for one in asked:
            story = stories.story(found[one])
            yield Recalled(asked=one, stories=[story] if story else _to(stories, one))
    interrupted.raise_if_any()


def _to(stories: Stories, asked: str) -> list[Story]:
    """Return the latest messages to a number, if that is what was asked for; the newest first."""
    try:
        number = destination(asked)
    except UsageError:
        return []
    return stories.latest(_TO_A_NUMBER, number)


def _is_final(stories: Stories, message_id: str) -> bool:
    """Return whether nothing more is to come: the gateway's answer may have been the last word."""
    story = stories.story(message_id)
    return story is not None and story.final


def latest(*, environ: Mapping[str, str], limit: int) -> list[Story]:
    """Return the latest messages, the newest first; none where there is no store yet."""
    store = find_store(environ)
    if not store.exists():
        return []
    with closing(store.stories()) as stories:
        return stories.latest(limit)


def forgettable(age: float, *, environ: Mapping[str, str]) -> Forgotten:
    """Return how much `forget` would delete of what is older than `age` seconds now.

    Raises StoreError if there is no store.
    """
    store = find_store(environ)
    if not store.exists():
        raise StoreError(f"there is no store in {store.place}", "There is nothing to delete.")
    return store.forgettable(rfc3339(datetime.now(UTC) - timedelta(seconds=age)))


def forget(before: str, *, environ: Mapping[str, str]) -> Forgotten:
    """Forget messages and reports from before a moment; once-keys go on protecting."""
    return find_store(environ).forget(before)
