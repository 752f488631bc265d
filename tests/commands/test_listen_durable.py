"""What `linksms listen` acknowledged is on disk, whatever happens next."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import Linksms, needs, on_every_store, until
from tests.reporting import INCOMING, report, request
from tests.server import Server, running
from tests.stored import query

ROUNDS = 20
CLIENTS = 8


def stored(state: str) -> set[str]:
    return {message_id for (message_id,) in query(state, "SELECT message_id FROM callback")}


def post_until_it_fails(url: str, name: str, acknowledged: list[str]) -> None:
    """Post reports over one connection, and note each that was answered 200."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    number = 0
    try:
        while True:
            identity = f"{name}-{number}"
            connection.request("POST", parts.path, report(id=identity))
            response = connection.getresponse()
            response.read()
            if response.status == 200:
                acknowledged.append(identity)
            number += 1
    except (OSError, HTTPException):
        connection.close()


@contextmanager
def posting(acknowledged: list[str], *receivers: Server, name: str = "") -> Iterator[None]:
    """Post from several clients to each receiver, and wait at the end until all have failed."""
    clients = [
        threading.Thread(
            target=post_until_it_fails,
            args=(receiver.url, f"{name}{place}-{client}", acknowledged),
        )
        for place, receiver in enumerate(receivers)
        for client in range(CLIENTS)
    ]
    for receiver in receivers:
        receiver.drain()
    for client in clients:
        client.start()
    yield
    for client in clients:
        client.join()


@on_every_store
def test_kill_nine_under_load_loses_no_acknowledged_report(
    environment: dict[str, str], state: str
) -> None:
    acknowledged: list[str] = []
    for round_ in range(ROUNDS):
        before = len(acknowledged)
        with (
            running(environment, "listen") as receiver,
            posting(acknowledged, receiver, name=f"{round_}-"),
        ):
            # A different number each time: now in the middle of a batch, now at its end.
            until(lambda: len(acknowledged) > before + CLIENTS + 7 * round_)  # noqa: B023 - at once
            receiver.process.kill()
    assert len(acknowledged) > ROUNDS * CLIENTS
    assert set(acknowledged) <= stored(state)


@needs("strace")
def test_a_sync_lies_between_each_report_and_its_answer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,recvfrom,sendto,close"
    strace = ("strace", "-f", "-qq", "-s", "64", "-e", calls, "-o", str(trace))
    acknowledged: list[str] = []
    with running(environment, "listen", before=strace) as receiver:
        with posting(acknowledged, receiver):
            until(lambda: len(acknowledged) > 5 * CLIENTS)
            # The tracer passes no signal on: its child is the receiver.
            children = Path(f"/proc/{receiver.process.pid}/task/{receiver.process.pid}/children")
            os.kill(int(children.read_text().split()[0]), signal.SIGTERM)
        receiver.process.wait(timeout=30)
    answers = 0
    unsynced: set[str] = set()
    for line in trace.read_text().splitlines():
        if re.search(r"(fsync|fdatasync)(\(\d+\)| resumed>\)) += 0", line):
            unsynced.clear()
        elif got := re.search(r'recvfrom\((\d+), "POST /dlr', line):
            unsynced.add(got[1])
        elif sent := re.search(r'sendto\((\d+), "HTTP/1.1 200', line):
            answers += 1
            assert sent[1] not in unsynced, line
    assert answers >= len(acknowledged) > CLIENTS


@on_every_store
def test_sigterm_finishes_what_is_under_way(environment: dict[str, str], state: str) -> None:
    acknowledged: list[str] = []
    with running(environment, "listen") as receiver:
        with posting(acknowledged, receiver):
            until(lambda: len(acknowledged) > 5 * CLIENTS)
            receiver.process.terminate()
        assert receiver.process.wait(timeout=30) == 0
    assert set(acknowledged) <= stored(state)
    # Nothing was stored that nobody was told of but what was cut off on its way.
    assert len(stored(state) - set(acknowledged)) <= CLIENTS


@on_every_store
def test_two_receivers_share_a_store(environment: dict[str, str], state: str) -> None:
    acknowledged: list[str] = []
    with (
        running(environment, "listen") as one,
        running(environment, "listen") as two,
        posting(acknowledged, one, two),
    ):
        until(lambda: {identity[0] for identity in acknowledged} == {"0", "1"})
        for receiver in (one, two):
            receiver.process.terminate()
    assert {identity[0] for identity in acknowledged} == {"0", "1"}
    assert set(acknowledged) <= stored(state)


def test_a_locked_store_is_503_until_it_is_free(
    environment: dict[str, str], tmp_path: Path, linksms: Linksms
) -> None:
    with running(environment, "listen") as receiver:
        holder = sqlite3.connect(tmp_path / "state" / "linksms.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        answer = request(receiver.url, report(id="a"))
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        holder.execute("ROLLBACK")
        holder.close()
        assert request(receiver.url, report(id="b")).status == 200
        assert receiver.event()["id"] == "b"
        err = receiver.end().stderr
    warnings = [json.loads(line)["warning"] for line in err.splitlines()]
    assert [re.sub(r"the store \S+", "the store", warning) for warning in warnings] == [
        "the store is locked by another process; reports are answered 503 until this is fixed",
        "reports are stored again",
    ]
    assert [event["id"] for event in linksms("listen", "--replay", "--json").records] == ["b"]


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(receiver: Server, name: str) -> tuple[list[str], int]:
    """Post until it is refused; return what was acknowledged, and the status of what was not."""
    acknowledged: list[str] = []
    for number in range(1000):
        identity = f"{name}-{number}"
        answer = request(receiver.url, report(id=identity, padding="x" * 20_000))
        if answer.status != 200:
            return acknowledged, answer.status
        acknowledged.append(identity)
    raise AssertionError("the disk does not fill")


def test_a_full_disk_is_503_and_recovers_without_a_restart(
    environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    with small_disk(folder, "4m"):
        state = folder / "state"
        with running(environment | {"LINKSMS_STATE": str(state)}, "listen") as receiver:
            receiver.drain()
            ballast = folder / "ballast"
            ballast.write_bytes(b"x" * 2_000_000)
            first, status = fill(receiver, "first")
            assert (len(first) > 3, status) == (True, 503)
            assert request(receiver.url.replace("/dlr", "/healthz")).status == 200
            ballast.unlink()
            assert request(receiver.url, report(id="second")).status == 200
            receiver.process.terminate()
            assert receiver.process.wait(timeout=30) == 0
        assert stored(str(state)) == {*first, "second"}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_few_files_are_enough_for_reports_among_idle_clients(
    environment: dict[str, str],
) -> None:
    few = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh")
    with running(environment, "listen", before=few) as receiver, ExitStack() as clients:
        parts = urlsplit(receiver.url)
        for number in range(400):
            address = (parts.hostname or "", parts.port or 0)
            clients.enter_context(socket.create_connection(address, timeout=20))
            if number % 50 == 0:
                assert request(receiver.url, report(id=f"m{number}"), timeout=5).status == 200
        assert request(receiver.url, report(id="last"), timeout=5).status == 200
        assert receiver.end().stderr == ""


def test_what_cannot_be_read_has_its_share_of_the_disk_and_no_more(
    environment: dict[str, str],
) -> None:
    with running(environment, "listen") as receiver:
        receiver.drain()
        garbage = b"x" * 65536
        connection = HTTPConnection("127.0.0.1", urlsplit(receiver.url).port, timeout=30)
        statuses = []
        for _ in range(1026):
            connection.request("POST", "/dlr", garbage)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        connection.close()
        assert statuses == [200] * 1024 + [503] * 2
        assert request(receiver.url, report()).status == 200
        assert request(receiver.url, INCOMING).status == 200
        (warning,) = receiver.end().stderr.splitlines()
        assert "64 MiB are stored of what cannot be read" in json.loads(warning)["warning"]
