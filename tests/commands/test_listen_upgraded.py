"""A store of an older version is brought up to date while `linksms listen` receives."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import until
from tests.older import insert_callbacks, older_store
from tests.reporting import report
from tests.server import running

MESSAGES = 25_000
AT = "2026-07-01T10:00:00.000Z"
WITHOUT = "SELECT count(*) FROM callback WHERE message_id IS NOT NULL AND tally IS NULL"
COMPLETE = """
    SELECT count(*) FROM message WHERE outcome = 'delivered' AND id < 0
"""


def fill(folder: Path) -> None:
    """Make an old store of messages in two parts, both reported."""
    with closing(older_store(folder)) as store:
        insert_callbacks(
            store,
            (
                (
                    *(None, AT, "192.0.2.1", "POST", "", "{}"),
                    report(id=f"old{number}${part}", segments=2),
                    *(None, f"old{number}", part, 1001, "2", AT, 2, 0, 0),
                )
                for number in range(MESSAGES)
                for part in (0, 1)
            ),
        )


def looked(folder: Path, question: str) -> int:
    with closing(sqlite3.connect(folder / "linksms.db")) as store:
        return int(store.execute(question).fetchone()[0])


@contextmanager
def posting(url: str, statuses: list[int]) -> Iterator[None]:
    """Report new messages while the block runs, and note each answer."""
    ended = threading.Event()

    def post() -> None:
        parts = urlsplit(url)
        with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as connection:
            while not ended.is_set():
                connection.request("POST", parts.path, report(id=f"new{len(statuses)}"))
                response = connection.getresponse()
                response.read()
                statuses.append(response.status)

    client = threading.Thread(target=post)
    client.start()
    try:
        yield
    finally:
        ended.set()
        client.join()


def test_reports_are_acknowledged_while_an_older_store_is_brought_up_to_date(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    fill(folder)
    search = [sys.executable, "-m", "linksms_cli", "status", "--limit", "1"]
    statuses: list[int] = []
    with running(environment, "listen") as receiver:
        assert looked(folder, WITHOUT) == 2 * MESSAGES  # it has not waited for that
        receiver.drain()
        with posting(receiver.url, statuses):
            with subprocess.Popen(search, env=environment, stdout=subprocess.DEVNULL) as killed:
                until(lambda: looked(folder, WITHOUT) < 2 * MESSAGES - 5000)
                killed.send_signal(signal.SIGKILL)
            left = looked(folder, WITHOUT)
            answered = len(statuses)
            until(lambda: len(statuses) > answered + 20)
            assert 0 < left < 2 * MESSAGES
            subprocess.run(search, env=environment, stdout=subprocess.DEVNULL, check=True)
            answered = len(statuses) - answered
        receiver.end(signal.SIGKILL)
    subprocess.run(search, env=environment, stdout=subprocess.DEVNULL, check=True)
    assert answered > 100
    assert set(statuses) == {200}
    assert looked(folder, WITHOUT) == 0
    assert looked(folder, COMPLETE) == MESSAGES + len(statuses)
