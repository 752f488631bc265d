"""Look at what the store knows of messages, wait for them, and forget them."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from linksms_cli.actions.wait import await_delivery, other_store, warn_of_silence
from linksms_cli.adapters.signals import Interruption
from linksms_cli.adapters.store import Store, Stories, find_store
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import split_id
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import CountField, Search
from linksms_cli.sms.story import Forgotten, Story
from linksms_cli.sms.timestamp import rfc3339

# How often the store is asked whether anybody has committed, while changes are followed.
_LOOK = 0.1


class Recalled(NamedTuple):
    """What was asked for, and its story; None if the store does not know it."""

    asked: str
    story: Story | None


class FoundStories(NamedTuple):
    """The stories that were looked for, the latest first, and how many there are.

    `total` is 10,001 for more, and None if counting them takes too long.
    """

    stories: Iterator[Story]
    total: int | None


class Feedback(NamedTuple):
    """What is said meanwhile: `behind` of an index that is being made, `warn` of what is amiss.

    `stopping` is called every second once a signal has come, in the middle of whatever is done.
    """

    behind: Callable[[int], None]
    warn: Callable[[str], None]
    stopping: Callable[[], None] = lambda: None


def recall(
    asked: Sequence[str],
    *,
    environ: Mapping[str, str],
    wait: float | None,
    progress: Callable[[str, Delivery], None],
    warn: Callable[[str], None],
) -> Iterator[Recalled]:
    """Yield the story of each message asked for: its id, the beginning of it, a part's id, `#57`.

    With `wait` they are waited for, so many seconds, until all are final. Ctrl-C and SIGTERM end
    the wait: what is known is yielded, then KeyboardInterrupt or Terminated is raised. Where no
    report will come during the wait, `warn` is told so.

    Raises UsageError for an ambiguous beginning, StoreError where the store cannot be read.
    """
    store = find_store(environ)
    if wait is None and not store.exists():
        if other := other_store(store):
            warn(other)
        yield from (Recalled(asked=one, story=None) for one in asked)
        return
    with closing(store.stories()) as stories, Interruption() as interrupted:
        found = {one: _id_of(stories, one) for one in dict.fromkeys(asked)}
        if wait is not None:
            wanted = [one for one in dict.fromkeys(found.values()) if one is not None]
            waiting = [one for one in wanted if not _is_final(stories, one)]
            if waiting:
                warn_of_silence(store, warn)
            await_delivery(
                stories, waiting, seconds=wait, interrupted=interrupted, progress=progress
            )
        has_warned = False
        for one in asked:
            message_id = found[one]
            story = stories.story(message_id) if message_id else _handled(stories, one)
            if wait is None and not has_warned and (not story or story.outcome is Outcome.PENDING):
                has_warned = _warn_of_another(store, warn)
            yield Recalled(asked=one, story=story)
    interrupted.raise_if_any()


def _warn_of_another(store: Store, warn: Callable[[str], None]) -> bool:
    """Warn if the reports go into another store of this machine; return True."""
    if not store.has_receiver() and (other := other_store(store)):
        warn(other)
    return True


def _id_of(stories: Stories, asked: str) -> str | None:
    """Return the message id that was meant, whether or not it is known; None if it has none.

    It may be cut off with a `…`, as a narrow list shows it.
    """
    asked = asked.removesuffix("…")
    if handled := _handled(stories, asked):
        return handled.message_id
    if found := stories.find(asked):
        return found
    # A number of this store's own is in no report, so nothing could be waited for.
    return None if _is_handle(asked) else split_id(asked)[0]


def _handled(stories: Stories, asked: str) -> Story | None:
    return stories.handled(int(asked[1:])) if _is_handle(asked) else None


def _is_handle(asked: str) -> bool:
    return re.fullmatch("#[0-9]{1,18}", asked) is not None  # SQLite's numbers have 64 bits


def _is_final(stories: Stories, message_id: str) -> bool:
    """Say whether nothing more is to come: the gateway's answer may have been the last word."""
    story = stories.story(message_id)
    return story is not None and story.final


@contextmanager
def search(
    wanted: Search, limit: int | None, *, environ: Mapping[str, str], feedback: Feedback
) -> Iterator[FoundStories]:
    """Find, for the block, what is looked for: the latest `limit`, or all."""
    with _searchable(environ, feedback) as stories:
        if stories is None:
            yield FoundStories(stories=iter(()), total=0)
        else:
            total = stories.total(wanted) if limit is not None else None
            yield FoundStories(stories=stories.search(wanted, limit), total=total)


def count(
    wanted: Search, fields: Sequence[CountField], *, environ: Mapping[str, str], feedback: Feedback
) -> list[tuple[tuple[Any, ...], int]]:
    """Return which values of these fields how many messages have; see `Stories.count`."""
    with _searchable(environ, feedback) as stories:
        return stories.count(wanted, fields) if stories else []


def follow(
    wanted: Search, *, environ: Mapping[str, str], feedback: Feedback
) -> Iterator[list[Story]]:
    """Yield first the latest messages that are looked for, then whatever changes, until a signal.

    Raises KeyboardInterrupt or Terminated at the end.
    """
    store = find_store(environ)
    with (
        closing(store.stories()) as stories,
        Interruption(tick=feedback.stopping) as interrupted,
    ):
        problem = _catch_up(stories, feedback, interrupted)
        # Before the first look: what is committed while its rows are printed is looked at too.
        seen = stories.version()
        changes = stories.changes()
        yield list(stories.search(wanted, _BEFORE))[::-1]
        while not interrupted():
            time.sleep(_LOOK)
            version = stories.version()
            if version != seen:
                seen = version  # before the look: what is committed during it is looked at again
                quiet = feedback._replace(
                    behind=lambda _left: None,
                    warn=(lambda _said: None) if problem else feedback.warn,
                )
                problem = _catch_up(stories, quiet, interrupted) or problem
                if changed := changes(wanted):
                    yield changed
    interrupted.raise_if_any()


# How many messages are shown before those that change.
_BEFORE = 10


@contextmanager
def _searchable(environ: Mapping[str, str], feedback: Feedback) -> Iterator[Stories | None]:
    """Open the stories with all that is searched complete; None if there is no store.

    Ctrl-C and SIGTERM end the making, which goes on where it stopped the next time.
    """
    store = find_store(environ)
    if not store.exists():
        yield None
        return
    with closing(store.stories()) as stories:
        with Interruption() as interrupted:
            _catch_up(stories, feedback, interrupted)
        interrupted.raise_if_any()
        yield stories


def _catch_up(stories: Stories, feedback: Feedback, interrupted: Callable[[], bool]) -> str | None:
    """Make what is searched complete; warn, and return why, if that cannot be done."""
    problem = stories.refresh(feedback.behind, interrupted)
    if problem:
        feedback.warn(
            f"the latest reports are not searched: {problem}; a look at one message, by its "
            "id, shows all of its reports"
        )
    return problem


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
