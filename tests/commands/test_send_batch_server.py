"""A batch whose store is on a server that restarts, stands still, or stays away."""

import json
import signal
from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_at
from tests.adapters.store.test_face import intent
from tests.commands.batches import numbers
from tests.commands.test_send_batch_ends import Running, added_up, listed, running
from tests.conftest import account, until
from tests.counting import CountingGateway
from tests.cutting import Cut, CuttingWay
from tests.postgres import PostgresServer
from tests.stored import query

ROWS, FEW = 120, 40

pytestmark = [
    pytest.mark.parametrize("state", ["postgres"], indirect=True),
    pytest.mark.timeout(180),
]


def agrees(state: str, gateway: CountingGateway) -> int:
    """Check that the store agrees with what the gateway took; return how many are unknown."""
    found = dict(query(state, "SELECT destination, outcome FROM submission ORDER BY id"))
    accepted = {number for number, outcome in found.items() if outcome == "accepted"}
    unknown = {number for number, outcome in found.items() if outcome in {None, "unknown"}}
    assert set(gateway.taken.values()) == {1}
    assert accepted <= gateway.taken.keys() <= accepted | unknown
    return len(unknown)


def reach(taken: int, batch: Running, gateway: CountingGateway) -> None:
    """Wait until so many messages are taken; a batch that has ended before says why."""
    until(lambda: gateway.taken.total() >= taken or batch.process.poll() is not None)
    assert batch.process.poll() is None, batch.said


@pytest.mark.parametrize("between", ["nothing", "a pooler"])
def test_a_server_that_restarts_is_waited_for(
    environment: dict[str, str],
    state: str,
    postgres: PostgresServer,
    pgbouncer: str,
    tmp_path: Path,
    between: str,
) -> None:
    file = listed(tmp_path, ROWS)
    pooled = state.replace(f":{postgres.port}/", f":{pgbouncer}/")
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        env["LINKSMS_STATE"] = pooled if between == "a pooler" else state
        with running(env, "--batch", file, "--json", "x") as batch:
            for limit in (20, 60):
                reach(limit, batch, gateway)
                postgres.restart()
            code, out = batch.end()
        unknown = agrees(state, gateway)
    summary = added_up(out, ROWS)
    assert (code, unknown, summary["finished"]) == (0, 0, True), batch.said


def test_a_server_that_crashes_in_a_commit_and_is_back_later_is_waited_for(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    """What it lost is sent, and the ids that it gives again, to others, do not mislead."""
    file = listed(tmp_path, FEW)

    def crash() -> None:
        postgres.restart()
        with closing(store_at(state).outbox()) as other:
            for number in range(3):
                other.begin([intent(number)])

    with CountingGateway(latency=0.02) as gateway, CuttingWay(postgres.port) as way, closing(way):
        env = environment | account(gateway.url)
        env["LINKSMS_STATE"] = state.replace(f":{postgres.port}/", f":{way.port}/")
        with running(env, "--batch", file, "--json", "x") as batch:
            reach(10, batch, gateway)
            way.meanwhile, way.cut = crash, Cut.BEFORE
            code, out = batch.end()
    summary = added_up(out, FEW)
    assert not way.is_armed
    assert (code, summary["accepted"], summary["finished"]) == (0, FEW, True), batch.said
    assert gateway.taken == dict.fromkeys(numbers(FEW), 1)
    stored = query(state, "SELECT destination FROM submission WHERE outcome = 'accepted'")
    assert sorted(number for (number,) in stored) == numbers(FEW)


def test_a_server_that_stands_still_is_waited_for(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = listed(tmp_path, ROWS)
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", file, "--json", "x") as batch:
            reach(20, batch, gateway)
            postgres.freeze()
            try:
                until(lambda: "warning" in batch.said)
            finally:
                postgres.thaw()
            code, out = batch.end()
        unknown = agrees(state, gateway)
    summary = added_up(out, ROWS)
    assert "the store in PostgreSQL" in json.loads(batch.said.splitlines()[0])["warning"]
    assert (code, unknown, summary["finished"]) == (0, 0, True), batch.said


def test_a_signal_ends_a_batch_whose_server_stays_away_and_it_goes_on_later(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = listed(tmp_path, ROWS)
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", file, "--json", "x") as batch:
            reach(20, batch, gateway)
            postgres.stop("immediate")
            try:
                until(lambda: "cannot be reached" in batch.said)
                code, out = batch.end(signal.SIGINT)
            finally:
                postgres.start()
        unknown = agrees(state, gateway)
        with running(env, "--batch", file, "--json", "x") as again:
            ended, rest = again.end()
        assert agrees(state, gateway) == unknown
    assert (code, "Traceback" in batch.said) == (130, False)
    stopped, gone_on = json.loads(out.splitlines()[-1]), added_up(rest, ROWS)
    assert (stopped["rows"], stopped["finished"]) == (ROWS, False)
    # Those that were out when the server went away, and whose outcomes it never heard.
    assert unknown <= 8
    assert (ended, gone_on["finished"]) == (7 if unknown else 0, True)
    assert set(gateway.taken) <= set(numbers(ROWS))


def test_a_server_that_is_back_soon_after_a_signal_gets_every_outcome(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = listed(tmp_path, ROWS)
    with CountingGateway(latency=0.05) as gateway, CuttingWay(postgres.port) as way, closing(way):
        env = environment | account(gateway.url)
        env["LINKSMS_STATE"] = state.replace(f":{postgres.port}/", f":{way.port}/")
        with running(env, "--batch", file, "--json", "x") as batch:
            reach(20, batch, gateway)
            way.cut, way.ends_with_cut = Cut.BEFORE, True
            until(lambda: "the store in PostgreSQL" in batch.said)
            batch.process.send_signal(signal.SIGINT)
            way.is_gone = False
            code, out = batch.end()
        unknown = agrees(state, gateway)
    summary = json.loads(out.splitlines()[-1])
    assert (code, unknown, summary["finished"]) == (130, 0, False), batch.said
    assert summary["accepted"] == gateway.taken.total()
