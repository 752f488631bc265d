"""Recall what the store knows of messages, wait for them, and forget them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from linksms_cli.actions.wait import await_delivery, warn_of_silence
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Stories, find_store
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import split_id
from linksms_cli.sms.story import Story
from linksms_cli.sms.timestamp import rfc3339


class Recalled(NamedTuple):
    """What was asked for, and its story; None where the store does not know it."""

    asked: str
    story: Story | None


class Forgotten(NamedTuple):
    """How much was forgotten of what is older than `before`, RFC 3339 in UTC."""

    before: str
    messages: int
    reports: int


def recall(
    asked: Sequence[str],
    *,
    environ: Mapping[str, str],
    wait: float | None,
    tell: Callable[[str, Delivery], None],
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
        yield from (Recalled(asked=one, story=None) for one in asked)
        return
    with closing(store.stories()) as stories, Interruption() as interrupted:
        found = {one: stories.find(one) or split_id(one)[0] for one in dict.fromkeys(asked)}
        if wait is not None:
            waiting = [one for one in dict.fromkeys(found.values()) if not _is_final(stories, one)]
            if waiting:
                warn_of_silence(store, warn)
            await_delivery(stories, waiting, seconds=wait, interrupted=interrupted, tell=tell)
        for one in asked:
            yield Recalled(asked=one, story=stories.story(found[one]))
    interrupted.raise_if_any()


def _is_final(stories: Stories, message_id: str) -> bool:
    """Say whether nothing more is to come: the gateway's answer may have been the last word."""
    story = stories.story(message_id)
    return story is not None and story.final


def latest(*, environ: Mapping[str, str], limit: int) -> list[Story]:
    """Return the latest messages, the newest first; none where there is no store yet."""
    store = find_store(environ)
    if not store.exists():
        return []
    with closing(store.stories()) as stories:
        return stories.latest(limit)


def forget(age: float, *, environ: Mapping[str, str]) -> Forgotten:
    """Forget messages and reports older than `age` seconds; once-keys go on protecting.

    Raises StoreError where there is no store.
    """
    store = find_store(environ)
    if not store.exists():
        raise StoreError(f"there is no store in {store.place}", "There is nothing to forget.")
    before = datetime.now(UTC) - timedelta(seconds=age)
    messages, reports = store.forget(before)
    return Forgotten(before=rfc3339(before), messages=messages, reports=reports)
