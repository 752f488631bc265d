"""A batch whose store is on a server that restarts, stands still, or stays away."""

import json
import signal
from pathlib import Path

import pytest

from tests.commands.batches import numbers
from tests.commands.test_send_batch_ends import added_up, listed, running
from tests.conftest import account, until
from tests.counting import CountingGateway
from tests.postgres import PostgresServer
from tests.stored import query

ROWS = 120

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


def test_a_server_that_restarts_is_waited_for(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = listed(tmp_path, ROWS)
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", file, "--json", "x") as batch:
            for limit in (20, 60):
                until(lambda: gateway.taken.total() >= limit)  # noqa: B023 - called at once
                postgres.restart()
            code, out = batch.end()
        unknown = agrees(state, gateway)
    summary = added_up(out, ROWS)
    assert (code, unknown, summary["finished"]) == (0, 0, True), batch.said


def test_a_server_that_stands_still_is_waited_for(
    environment: dict[str, str], state: str, postgres: PostgresServer, tmp_path: Path
) -> None:
    file = listed(tmp_path, ROWS)
    with CountingGateway(latency=0.05) as gateway:
        env = environment | account(gateway.url)
        with running(env, "--batch", file, "--json", "x") as batch:
            until(lambda: gateway.taken.total() >= 20)
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
            until(lambda: gateway.taken.total() >= 20)
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
