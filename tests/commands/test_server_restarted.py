"""A PostgreSQL server that crashes and comes back under whoever uses it: all of them go on.

The full form is `LINKSMS_RESTARTS=10`.
"""

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import account, until
from tests.counting import CountingGateway
from tests.postgres import PostgresServer, running_server
from tests.reporting import report, request
from tests.server import running
from tests.stored import query

RESTARTS = int(os.environ.get("LINKSMS_RESTARTS", "2"))
ROWS_BETWEEN = 60
CLIENTS = 4

pytestmark = pytest.mark.timeout(120 + 30 * RESTARTS)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def state(server: PostgresServer) -> str:
    return server.database()


class Posting:
    """Clients that post reports until the block ends, whatever they are answered."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._stopped = threading.Event()
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()

    @contextmanager
    def under_way(self) -> Iterator[None]:
        clients = [threading.Thread(target=self._post, args=(n,)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            self._stopped.set()
            for client in clients:
                client.join()

    def _post(self, client: int) -> None:
        number = 0
        while not self._stopped.is_set():
            connection = HTTPConnection(self._url.hostname or "", self._url.port, timeout=30)
            with suppress(OSError, HTTPException):
                while not self._stopped.is_set():
                    number += 1
                    name = f"{client}-{number}"
                    connection.request("POST", self._url.path, report(id=name))
                    response = connection.getresponse()
                    response.read()
                    self.statuses[response.status] += 1
                    if response.status == 200:
                        self.acknowledged.append(name)
            connection.close()


def test_a_receiver_answers_503_while_the_server_is_away_and_goes_on_by_itself(
    server: PostgresServer, state: str, environment: dict[str, str]
) -> None:
    with running(environment, "listen") as receiver:
        receiver.drain()
        posting = Posting(receiver.url)
        with posting.under_way():
            for restart in range(RESTARTS):
                before = len(posting.acknowledged)
                until(lambda: len(posting.acknowledged) > before + 20)  # noqa: B023 - at once
                server.stop("immediate")
                until(lambda: posting.statuses[503] > restart)  # noqa: B023 - at once
                assert request(receiver.url.replace("/dlr", "/healthz")).status == 503
                server.start()
                posting.statuses[503] = restart
            before = len(posting.acknowledged)
            until(lambda: len(posting.acknowledged) > before + 20)
        assert receiver.process.poll() is None
    stored = {name for (name,) in query(state, "SELECT message_id FROM callback")}
    assert set(posting.acknowledged) <= stored
    assert set(posting.statuses) == {200, 503}


def test_a_batch_goes_on_by_itself_and_nobody_gets_two(
    server: PostgresServer, state: str, environment: dict[str, str], tmp_path: Path
) -> None:
    numbers = [f"+99955{number:07}" for number in range(ROWS_BETWEEN * (RESTARTS + 1))]
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers))
    words = ("send", "--batch", str(file), "-f", "LINK", "--json", "Closed tomorrow")
    told, said = tmp_path / "results", tmp_path / "said"
    with (
        CountingGateway(latency=0.02) as gateway,
        told.open("w") as stdout,
        said.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words],
            env=environment | account(gateway.url),
            stdout=stdout,
            stderr=stderr,
        ) as process,
    ):
        for restart in range(RESTARTS):
            wanted = ROWS_BETWEEN * restart + ROWS_BETWEEN // 2
            until(lambda: gateway.taken.total() > wanted or process.poll() is not None)  # noqa: B023
            server.restart()
        code = process.wait(timeout=120)
    assert max(gateway.taken.values()) == 1, "somebody got two messages"
    assert code == 0, said.read_text()
    summary = json.loads(told.read_text().splitlines()[-1])
    assert (summary["accepted"], summary["finished"]) == (len(numbers), True)
    stored = query(state, "SELECT destination FROM submission WHERE outcome = 'accepted'")
    assert Counter(number for (number,) in stored) == Counter(numbers)
    assert gateway.taken.keys() == set(numbers)


def test_who_waits_for_a_report_waits_on(
    server: PostgresServer, environment: dict[str, str]
) -> None:
    with running(environment, "listen") as receiver:
        receiver.drain()
        waiting = subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", "status", "m", "--wait", "60s", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        watching = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_current_snapshot%'"
        state = environment["LINKSMS_STATE"]
        until(lambda: len(query(state, watching)) > 1)  # this query too
        server.restart()
        until(lambda: request(receiver.url, report(id="m")).status == 200)
        stdout, stderr = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, stderr
    assert json.loads(stdout)["outcome"] == "delivered"
