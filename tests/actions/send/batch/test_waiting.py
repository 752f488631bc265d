"""A wait for reports whose way to the store breaks while it stores what a row has come to."""

from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest

from linksms_cli.actions.send.batch.events import RowResult
from linksms_cli.actions.send.batch.waiting import awaited
from linksms_cli.adapters.store import store_at
from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres.address import address_of
from linksms_cli.adapters.store.postgres.limits import Limits
from linksms_cli.adapters.store.postgres.outbox import PostgresOutbox
from linksms_cli.errors import StoreError
from linksms_cli.sms.mt.batch import BatchIdentity
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.outcome import Outcome
from tests.adapters.store.test_face import accepted, callback, intent, receive
from tests.cutting import Cut, CuttingWay
from tests.postgres import PostgresServer
from tests.reporting import report

ROWS = [1, 2, 3]


class Breaking(PostgresOutbox):
    """Loses the server in the commit of what the first row has come to, which is stored."""

    way: CuttingWay
    has_broken, comes_back = False, True

    def settle(self, results: Iterable[Result]) -> None:
        if not self.has_broken:
            self.way.cut, self.way.ends_with_cut = Cut.AFTER, True
        try:
            super().settle(results)
        finally:
            self.has_broken = True
            self.way.is_gone = not self.comes_back


@pytest.fixture
def way(postgres: PostgresServer) -> Iterator[CuttingWay]:
    with CuttingWay(postgres.port) as way, closing(way):
        yield way


@pytest.fixture
def direct(postgres: PostgresServer) -> str:
    return postgres.database()


@pytest.fixture
def outbox(way: CuttingWay, postgres: PostgresServer, direct: str) -> Iterator[Breaking]:
    there = direct.replace(f":{postgres.port}/", f":{way.port}/")
    connection = database.connect(*address_of(there), limits=Limits(patience=0.2, doubt=0.2))
    with closing(Breaking(connection)) as outbox:
        outbox.way = way
        yield outbox


@pytest.fixture
def batch(outbox: Breaking, direct: str) -> int:
    """A batch of which every row is accepted and delivered."""
    number = outbox.begin_batch(BatchIdentity(b"batch"), again=False).number
    begun = outbox.begin([intent(row, batch=number, row=row) for row in ROWS])
    outbox.finish(zip(begun, (accepted(row, f"m{row}") for row in ROWS), strict=True))
    to = {row: {"destination": f"+99955501{row:03}"} for row in ROWS}
    receive(
        store_at(direct),
        *(callback(report(id=f"m{row}", customParameters=to[row])) for row in ROWS),
    )
    return number


def test_a_row_is_told_whose_outcome_is_stored_when_nobody_can_say_so(
    outbox: Breaking, direct: str, batch: int
) -> None:
    events = awaited(batch, 60, store=store_at(direct), outbox=outbox, signals=lambda: 0)
    told = [event for event in events if isinstance(event, RowResult)]
    assert not outbox.way.is_armed
    assert [row.record.number for row in told] == ROWS
    assert {row.result.outcome for row in told} == {Outcome.DELIVERED}


def test_what_a_row_has_come_to_is_told_although_the_server_stays_away(
    outbox: Breaking, direct: str, batch: int
) -> None:
    outbox.comes_back = False
    events = awaited(batch, 0.5, store=store_at(direct), outbox=outbox, signals=lambda: 0)
    told = next(event for event in events if isinstance(event, RowResult))
    assert (told.record.number, told.result.outcome) == (ROWS[0], Outcome.DELIVERED)
    with pytest.raises(StoreError, match="cannot be reached"):
        next(events)
