"""Forwarders on one store: claims that are kept while an attempt lasts, and taken over if not."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from linksms_cli.actions.listen.forwarder import LEASE, Forwarder, ForwardTerms
from linksms_cli.adapters.store import Store, store_in
from linksms_cli.sms.forward.due import Attempted, Due
from linksms_cli.sms.forward.target import ForwardAs, Target
from tests.conftest import until
from tests.reporting import keep, report

TARGET = Target(url="http://h/", form=ForwardAs.EVENT, name="http://h/")
SHORT = timedelta(seconds=0.4)
OK = Attempted(200, None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_in(tmp_path)
    store.forwards(TARGET, "").close()  # what comes from now on is for it
    return store


@contextmanager
def forwarding(
    store: Store, owner: str, post: Callable[[Due], Attempted], lease: timedelta = SHORT
) -> Iterator[None]:
    """Forward while the block runs, with claims that last no longer than a test."""
    forwarder = Forwarder(
        store,
        TARGET,
        owner=owner,
        post=post,
        cut=lambda: None,
        tell=lambda _event: None,
        terms=ForwardTerms(patience=timedelta(days=1), verbose=False, lease=lease),
    )
    stop = threading.Event()
    thread = threading.Thread(target=forwarder.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_what_one_that_died_had_claimed_is_taken_over_when_its_lease_ends(store: Store) -> None:
    keep(store, report())
    with closing(store.forwards(TARGET, "dead")) as dead:
        (claimed,) = dead.advance([], held=(), limit=9, now=datetime.now(UTC), lease=SHORT)
    posted: SimpleQueue[Due] = SimpleQueue()

    def post(due: Due) -> Attempted:
        posted.put(due)
        return OK

    with forwarding(store, "alive", post):
        taken = posted.get(timeout=30)
    assert (taken.number, taken.webhook_id) == (claimed.number, claimed.webhook_id)


def test_the_real_lease_and_the_next_look_take_less_than_a_minute() -> None:
    assert timedelta(minutes=1) > LEASE + LEASE / 4


def test_a_claim_is_kept_for_as_long_as_an_attempt_lasts(store: Store) -> None:
    lease = timedelta(seconds=3)  # a machine may be busy
    go_on = threading.Event()
    posted: list[str] = []

    def slow(_due: Due) -> Attempted:
        posted.append("one")
        go_on.wait(60)
        return OK

    def quick(_due: Due) -> Attempted:
        posted.append("two")
        return OK

    with (
        closing(store.forwards(TARGET, "looks on")) as looks_on,
        forwarding(store, "one", slow, lease),
    ):
        keep(store, report())
        until(lambda: posted)
        with forwarding(store, "two", quick, lease):
            for _ in range(6):
                before = looks_on.next_due()
                until(lambda before=before: looks_on.next_due() != before)  # type: ignore[misc]
        go_on.set()
        until(lambda: looks_on.next_due() is None)
    assert posted == ["one"]
