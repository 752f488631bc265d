"""Forwarding from a server by machines whose clocks are apart, and one of which is cut off."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from linksms_cli.adapters.store import Store, find_store
from linksms_cli.adapters.store.postgres import database
from linksms_cli.adapters.store.postgres.forwards import PostgresForwards
from tests.adapters.store.test_forwards import EVENT, LEASE, NOW, claim, numbers, opened
from tests.postgres import PostgresServer
from tests.reporting import keep, report


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    return postgres.database()


@pytest.fixture
def store(address: str) -> Store:
    return find_store({"LINKSMS_STATE": address})


def machine(address: str, owner: str, apart: timedelta) -> PostgresForwards:
    """Return the forwards of a machine whose clock is that far from the server's."""
    connection = database.connect(address, "")
    return PostgresForwards(connection, EVENT, owner, clock=lambda: datetime.now(UTC) + apart)


@pytest.fixture(params=[timedelta(hours=-1), timedelta(hours=1)], ids=["behind", "ahead"])
def apart(request: pytest.FixtureRequest) -> timedelta:
    apart: timedelta = request.param
    return apart


def test_a_claim_holds_against_a_machine_whose_clock_is_wrong(
    address: str, store: Store, apart: timedelta
) -> None:
    with (
        closing(machine(address, "right", timedelta())) as right,
        closing(machine(address, "wrong", apart)) as wrong,
    ):
        keep(store, report(id="m"))
        (due,) = claim(wrong, at=NOW + apart)
        assert claim(right, at=NOW) == []
        assert claim(right, at=NOW + LEASE * 0.9) == []
        (again,) = claim(right, at=NOW + LEASE * 1.1)
        assert again.number == due.number
        assert claim(wrong, at=NOW + LEASE * 1.2 + apart) == []


def test_a_clock_that_is_put_back_or_ahead_is_compared_again_at_once(
    address: str, store: Store, apart: timedelta
) -> None:
    """Else it would take what others hold, or keep from them for an hour what it held itself."""
    stepped = timedelta()

    def clock() -> datetime:
        return datetime.now(UTC) + stepped

    connection = database.connect(address, "")
    with (
        closing(machine(address, "right", timedelta())) as right,
        closing(PostgresForwards(connection, EVENT, "stepped", clock=clock)) as other,
    ):
        keep(store, report(id="m"), report(id="n"))
        (held,) = claim(right, limit=1, at=NOW)
        (due,) = claim(other, limit=1, at=NOW)
        assert due.number != held.number
        stepped = apart
        assert held.number not in numbers(claim(other, held=[due.number], at=NOW + apart))
        assert claim(right, at=NOW + LEASE * 0.9) == []
        assert len(claim(right, at=NOW + LEASE * 1.1)) == 2


def test_each_machine_is_told_the_time_by_its_own_clock(
    address: str, store: Store, apart: timedelta
) -> None:
    with closing(machine(address, "wrong", apart)) as wrong:
        keep(store, report(id="m"))
        claim(wrong, at=NOW + apart)
        ends = wrong.next_due()
    assert ends
    off = datetime.fromisoformat(ends) - (NOW + LEASE + apart)
    assert abs(off) < timedelta(seconds=30)


def test_who_settles_is_not_kept_waiting_by_a_claim_of_another(store: Store, address: str) -> None:
    """Rows that somebody is about to claim are passed over, and not waited for."""
    from contextlib import ExitStack

    with ExitStack() as ends:
        one, other = opened(ends, store), opened(ends, store, owner="b")
        keep(store, *(report(id=f"m{number}") for number in range(4)))
        claim(one, limit=0)
        with psycopg.connect(address) as slow:
            slow.execute("SET search_path = linksms")
            slow.execute("SELECT 1 FROM forward WHERE callback <= 2 FOR UPDATE")
            assert numbers(claim(other)) == [3, 4]
        assert numbers(claim(one)) == [1, 2]
