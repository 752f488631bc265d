"""Processes that are stopped for longer than anything waits for them, and go on (SIGSTOP, SIGCONT).

Nothing goes out twice but a report that is forwarded again, and that is marked as such.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from linksms_cli.adapters.store import store_in
from linksms_cli.sms.forward.target import ForwardAs
from linksms_cli.sms.forward.target import Target as ForwardTarget
from tests.conftest import Linksms, account, until
from tests.counting import ACCEPTED, CountingGateway
from tests.reporting import keep, report, request
from tests.server import running
from tests.targets import Forwarded, a_target

TO = "+99955501234"
TIMEOUT = 1.0


class Stopping:
    """A gateway's `decide` that stops the client at its `nth` request, before it has an answer."""

    def __init__(self, nth: int) -> None:
        self._left = nth
        self.process: subprocess.Popen[str] | None = None
        self.stopped = threading.Event()

    def __call__(self, _number: str, _nth: int) -> int:
        self._left -= 1
        if not self._left and self.process:
            self.process.send_signal(signal.SIGSTOP)
            self.stopped.set()
        return ACCEPTED

    def go_on(self, process: "subprocess.Popen[str]") -> tuple[int, str]:
        """Let it go on once its time is over; return how it ends, and what it prints."""
        time.sleep(TIMEOUT * 1.5)  # what it waits for is over by its own clock
        process.send_signal(signal.SIGCONT)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out


def stoppable(
    environment: dict[str, str], decide: Stopping, *words: str
) -> "subprocess.Popen[str]":
    decide.process = subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert decide.stopped.wait(60)
    return decide.process


def test_a_send_that_is_stopped_sends_once(environment: dict[str, str], linksms: Linksms) -> None:
    words = ("send", "-t", TO, "-f", "LINK", "Hi", "--once", "k", "--json", "--timeout", "1")
    decide = Stopping(1)
    with CountingGateway(decide=decide, latency=0.1) as gateway:
        env = account(gateway.url)
        process = stoppable(environment | env, decide, *words)
        busy = linksms(*words, env=env)
        code, out = decide.go_on(process)
        later = linksms(*words, env=env)
    assert (busy.code, busy.record["error"]["kind"]) == (7, "once_busy")
    assert (code, json.loads(out)["outcome"]) in {(0, "accepted"), (7, "unknown")}
    assert (later.code, later.record["outcome"]) == (code, "skipped")
    assert gateway.taken == {TO: 1}


def test_a_batch_that_is_stopped_sends_each_row_once(
    environment: dict[str, str], linksms: Linksms, tmp_path: Path
) -> None:
    numbers = [f"+99955{number:07}" for number in range(20)]
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers))
    words = ("send", "--batch", str(file), "-f", "LINK", "Hi", "--json", "--timeout", "1")
    decide = Stopping(10)
    with CountingGateway(decide=decide, latency=0.05) as gateway:
        env = account(gateway.url)
        process = stoppable(environment | env, decide, *words)
        busy = linksms(*words, env=env)
        code, out = decide.go_on(process)
        refused = linksms(*words, env=env)
    rows = [json.loads(line) for line in out.splitlines()]
    outcomes = Counter(row["outcome"] for row in rows[:-1])
    assert "another process is sending this batch" in busy.stderr
    assert outcomes.total() == len(numbers)
    assert set(outcomes) <= {"accepted", "unknown"}
    assert code == (7 if outcomes["unknown"] else 0)
    assert (rows[-1]["finished"], refused.code) == (True, 10)
    assert gateway.taken == dict.fromkeys(numbers, 1)


def test_a_report_that_a_stopped_receiver_gets_twice_is_marked(
    environment: dict[str, str],
) -> None:
    with running(environment, "listen") as server:
        server.process.send_signal(signal.SIGSTOP)
        with suppress(TimeoutError):
            request(server.url, report(), timeout=0.5)
        server.process.send_signal(signal.SIGCONT)
        assert request(server.url, report()).status == 200
        duplicates = [server.event()["duplicate"] for _ in range(2)]
    assert duplicates == [False, True]


# A forwarder whose claims last a second. Each of its requests says who made it.
FORWARD = """
import sys, threading, urllib.request
from datetime import timedelta
from pathlib import Path
from linksms_cli.actions.listen.forwarder import Forwarder, ForwardTerms
from linksms_cli.adapters.store import store_in
from linksms_cli.sms.forward.due import Attempted
from linksms_cli.sms.forward.target import ForwardAs, Target
folder, url, who = sys.argv[1:]

def post(due):
    headers = {"webhook-id": due.webhook_id, "who": who, "number": str(due.number)}
    try:
        asked = urllib.request.Request(url, data=b"{}", headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return Attempted(answer.status, None)
    except OSError as failure:
        return Attempted(None, str(failure))

stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
Forwarder(
    store_in(Path(folder)),
    Target(url=url, form=ForwardAs.EVENT, name="t"),
    owner=who,
    post=post,
    cut=lambda: None,
    tell=lambda event: None,
    terms=ForwardTerms(
        patience=timedelta(days=1), verbose=False, lease=timedelta(seconds=1)
    ),
).run(stop)
"""
CONNECTIONS = 16
LANES = 20


def test_a_forwarder_that_is_stopped_leaves_what_was_taken_over(
    environment: dict[str, str], tmp_path: Path
) -> None:
    go_on = threading.Event()

    def answer(came: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        if came.headers["who"] == "a":
            go_on.wait(60)
        return 200

    with a_target(answer) as target:
        forwarded = ForwardTarget(url=f"{target.url}/", form=ForwardAs.EVENT, name="t")
        folder = tmp_path / "store"
        store = store_in(folder)
        store.forwards(forwarded, "").close()
        messages = [report(id=f"m{lane}") for lane in range(LANES)]
        again = [report(id=f"m{lane}", operatorResultCode="9") for lane in range(LANES)]
        keep(store, *messages, *again)

        def start(who: str) -> "subprocess.Popen[bytes]":
            return subprocess.Popen(
                [sys.executable, "-c", FORWARD, str(folder), forwarded.url, who],
                env=environment,
                stdin=subprocess.PIPE,
            )

        first = start("a")
        until(numbers_by(target.came, "a", CONNECTIONS))
        first.send_signal(signal.SIGSTOP)
        second = start("b")
        until(numbers_by(target.came, "b", 2 * LANES))
        second.communicate(timeout=60)
        go_on.set()
        first.send_signal(signal.SIGCONT)
        keep(store, report(id="new"))
        until(lambda: came_by(target.came, "a")[2 * LANES + 1])
        first.communicate(timeout=60)
    assert came_by(target.came, "b") == dict.fromkeys(range(1, 2 * LANES + 1), 1)
    # What it had claimed and not begun was no longer its own.
    assert set(came_by(target.came, "a")) == {*range(1, CONNECTIONS + 1), 2 * LANES + 1}
    marks = {(one.headers["number"], one.webhook_id) for one in target.came}
    assert len(marks) == 2 * LANES + 1


def came_by(came: list[Forwarded], who: str) -> Counter[int]:
    """Return how often each report came from one of them."""
    return Counter(int(one.headers["number"]) for one in list(came) if one.headers["who"] == who)


def numbers_by(came: list[Forwarded], who: str, count: int) -> Callable[[], bool]:
    return lambda: len(came_by(came, who)) == count
