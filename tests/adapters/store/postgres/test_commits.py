"""A connection that breaks in a commit: what was stored is known before anything is sent."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from linksms_cli.adapters.store import store_at
from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres import limits as limits_of_time
from linksms_cli.adapters.store.postgres.address import address_of
from linksms_cli.adapters.store.postgres.inbox import PostgresInbox
from linksms_cli.adapters.store.postgres.limits import Limits
from linksms_cli.adapters.store.postgres.outbox import PostgresOutbox
from linksms_cli.adapters.store.postgres.stories import PostgresStories
from linksms_cli.errors import StoreAwayError, StoreError
from tests.adapters.store.test_face import accepted, callback, claimed, intent, receive
from tests.conftest import until
from tests.cutting import Cut, CuttingWay
from tests.postgres import PostgresServer
from tests.reporting import report
from tests.stored import query


@pytest.fixture
def direct(postgres: PostgresServer) -> str:
    return postgres.database()


@pytest.fixture
def way(postgres: PostgresServer) -> Iterator[CuttingWay]:
    with CuttingWay(postgres.port) as way, closing(way):
        yield way


@pytest.fixture
def outbox(way: CuttingWay, postgres: PostgresServer, direct: str) -> Iterator[PostgresOutbox]:
    limits = Limits(patience=0.5, doubt=2)
    connection = database.connect(*to(way, postgres, direct), limits=limits)
    with closing(PostgresOutbox(connection)) as outbox:
        yield outbox


def to(way: CuttingWay, postgres: PostgresServer, direct: str) -> tuple[str, str]:
    """Return the address of the database on that way, and its name for a person."""
    return address_of(direct.replace(f":{postgres.port}/", f":{way.port}/"))


def intents(direct: str) -> int:
    ((count,),) = query(direct, "SELECT count(*) FROM submission")
    return int(count)


@pytest.mark.parametrize("cut", Cut)
def test_an_intent_is_stored_once_whatever_became_of_its_commit(
    way: CuttingWay, outbox: PostgresOutbox, direct: str, cut: Cut
) -> None:
    way.cut = cut
    (number,) = outbox.begin([intent(0)])
    assert not way.is_armed
    assert query(direct, "SELECT id FROM submission") == [(number,)]


@pytest.mark.parametrize("cut", Cut)
def test_under_a_key_it_is_counted_once_too(
    way: CuttingWay, outbox: PostgresOutbox, direct: str, cut: Cut
) -> None:
    claim = claimed(outbox, 1)
    way.cut = cut
    outbox.begin([intent(0, claim)])
    assert query(direct, "SELECT intents FROM once_key") == [(1,)]
    earlier = outbox.earlier(claim, 0)
    assert earlier
    assert earlier.outcome == "unknown"


@pytest.mark.parametrize("cut", Cut)
def test_an_outcome_is_stored_whatever_became_of_its_commit(
    way: CuttingWay, outbox: PostgresOutbox, direct: str, cut: Cut
) -> None:
    (number,) = outbox.begin([intent(0)])
    way.cut = cut
    outbox.finish([(number, accepted(0, "m"))])
    assert query(direct, "SELECT outcome, message_id FROM submission") == [("accepted", "m")]


@pytest.mark.parametrize(("cut", "stored"), [(Cut.BEFORE, 0), (Cut.UNHEARD, 0), (Cut.AFTER, 1)])
def test_what_nobody_can_find_out_is_not_told_as_stored(
    way: CuttingWay, outbox: PostgresOutbox, direct: str, cut: Cut, stored: int
) -> None:
    way.cut, way.ends_with_cut = cut, True
    with pytest.raises(StoreError, match="whether that is there is not known"):
        outbox.begin([intent(0)])
    assert intents(direct) == stored


@pytest.mark.parametrize(("cut", "stored"), [(Cut.BEFORE, 0), (Cut.AFTER, 1)])
def test_what_could_not_be_found_out_is_found_out_when_it_is_asked_for_again(
    way: CuttingWay, outbox: PostgresOutbox, direct: str, cut: Cut, stored: int
) -> None:
    first = outbox.begin([intent(0)])
    results = [(first[0], accepted(0, "m"))]
    way.cut, way.ends_with_cut = cut, True
    with pytest.raises(StoreAwayError, match="whether that is there is not known"):
        outbox.advance(results, [intent(1)])
    assert intents(direct) == 1 + stored
    way.is_gone = False
    second = outbox.advance(results, [intent(1)])
    rows = "SELECT id, outcome FROM submission ORDER BY id"
    assert query(direct, rows) == [(first[0], "accepted"), (second[0], None)]


def test_who_tries_again_by_itself_is_told_within_moments_that_the_server_is_away(
    way: CuttingWay, postgres: PostgresServer, direct: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits_of_time, "_MOMENTS", 0.2)
    monkeypatch.setattr(limits_of_time, "_DOUBT", 0.2)
    limits = Limits(patience=3600, doubt=3600)
    connection = database.connect(*to(way, postgres, direct), limits=limits)
    with closing(PostgresOutbox(connection)) as outbox:
        outbox.hasten()
        way.cut, way.ends_with_cut = Cut.AFTER, True
        for _ in "in doubt", "away":
            with pytest.raises(StoreAwayError):
                outbox.begin([intent(0)])
        way.is_gone = False
        outbox.begin([intent(0)])
    assert intents(direct) == 1


@pytest.mark.parametrize("others", [0, 3])
def test_a_crash_that_gives_its_transaction_to_somebody_else_is_seen_through(
    way: CuttingWay, outbox: PostgresOutbox, postgres: PostgresServer, direct: str, others: int
) -> None:
    def crash() -> None:
        postgres.restart()
        with closing(store_at(direct).outbox()) as other:
            for _ in range(others):
                other.begin([intent(1)])

    (first,) = outbox.begin([intent(0)])
    way.cut, way.meanwhile = Cut.BEFORE, crash
    (second,) = outbox.begin([intent(2)])
    kept = "SELECT id, destination FROM submission WHERE destination <> ? ORDER BY id"
    assert query(direct, kept, intent(1).destination) == [
        (first, intent(0).destination),
        (second, intent(2).destination),
    ]


def test_nothing_is_left_of_a_connection_that_was_closed(direct: str) -> None:
    with closing(store_at(direct).outbox()) as outbox:
        outbox.begin([intent(0)])
        assert query(direct, "SELECT count(*) FROM last_commit") == [(1,)]
    assert query(direct, "SELECT count(*) FROM last_commit") == [(0,)]


@pytest.mark.parametrize(("cut", "told"), [(Cut.BEFORE, False), (Cut.AFTER, True)])
def test_a_report_is_acknowledged_if_it_is_stored(
    way: CuttingWay, postgres: PostgresServer, direct: str, cut: Cut, told: bool
) -> None:
    # What builds an index beside it commits as well, and must not be what is cut.
    aside = partial(database.connect, *address_of(direct))

    async def put() -> bool:
        connection = database.connect(*to(way, postgres, direct))
        with closing(PostgresInbox(connection, aside)) as inbox:
            way.cut = cut
            try:
                return bool(await inbox.store([callback(report(id="m"))]))
            except StoreError:
                return False

    assert asyncio.run(put()) is told
    assert query(direct, "SELECT count(*) FROM callback") == [(int(told),)]


def test_who_waits_notices_within_moments_that_its_connection_is_dead(
    way: CuttingWay, postgres: PostgresServer, direct: str
) -> None:
    connection = database.connect(*to(way, postgres, direct), limits=Limits(patience=10))
    with closing(PostgresStories(connection, lambda: connection)) as stories:
        before = stories.version()
        way.silence()
        receive(store_at(direct), callback(report(id="m")))
        began = time.monotonic()
        until(lambda: stories.version() != before)
        assert time.monotonic() - began < 5
        delivery = stories.delivery("m")
    assert delivery
    assert delivery.final
