"""A file system that becomes read-only while a command works, and writable again.

The kernel does so with a disk that fails. Nobody can do it on purpose while a file on it is open
for writing, so each call that writes to the store is made to fail instead, from some moment on.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Linksms, account, needs, until
from tests.counting import ACCEPTED, CountingGateway
from tests.reporting import report, request
from tests.server import running
from tests.stored import query
from tests.targets import a_target

# Whether one process may trace another that it has not started (ptrace(2)).
_SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")
_MAY_TRACE = os.geteuid() == 0 or not _SCOPE.exists() or _SCOPE.read_text().strip() == "0"

pytestmark = [
    needs("strace"),
    pytest.mark.skipif(not _MAY_TRACE, reason="a running process may be traced by root alone"),
]

CALLS = "pwrite64,fsync,fdatasync,ftruncate"
FAILED = "cannot be read or written: the disk failed"
NUMBERS = [f"+9995550{number:04}" for number in range(60)]


@contextmanager
def read_only(*processes: int) -> Iterator[None]:
    """Let no thread of these processes write to a file of a store while the block runs."""
    which = [word for process in processes for word in ("-p", str(process))]
    failing = ("-e", f"trace={CALLS}", "-e", f"inject={CALLS}:error=EROFS")
    with subprocess.Popen(
        ["strace", "-f", "-o", os.devnull, *failing, *which], stderr=subprocess.PIPE, text=True
    ) as tracer:
        assert tracer.stderr
        for _ in processes:
            line = tracer.stderr.readline()
            assert " attached" in line, line
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGTERM)


def children(process: int) -> list[int]:
    return [
        int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


class BecomesReadOnly:
    """Decides each answer, and lets the process that asks write no more from the first one on."""

    def __init__(self, ends: ExitStack) -> None:
        self._ends = ends
        self.process = 0
        self.at = 12

    def __call__(self, _number: str, _nth: int) -> int:
        self.at -= 1
        if not self.at:
            self._ends.enter_context(read_only(self.process))
        return ACCEPTED


def sending(words: tuple[str, ...], env: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", "send", *words, "-f", "LINK", "--json", "Hi"],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_a_batch_says_is_true_and_going_on_sends_nothing_twice(
    environment: dict[str, str], linksms: Linksms, tmp_path: Path
) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(NUMBERS), encoding="utf-8")
    words = ("--batch", str(file), "--concurrency", "4")
    with ExitStack() as ends:
        decide = BecomesReadOnly(ends)
        gateway = ends.enter_context(CountingGateway(decide=decide))
        env = environment | account(gateway.url)
        with sending(words, env) as process:
            decide.process = process.pid
            stdout, stderr = process.communicate(timeout=60)
        first = [json.loads(line) for line in stdout.splitlines()]
        reached = set(gateway.taken)
        again = linksms("send", *words, "-f", "LINK", "--json", "Hi", env=account(gateway.url))
        taken = Counter(gateway.taken)
    told = {row["to"]: row["outcome"] for row in first if "row" in row}
    assert set(told) == set(NUMBERS)
    assert {number for number, outcome in told.items() if outcome == "accepted"} == reached
    assert set(told.values()) == {"accepted", "not_sent"}
    assert process.returncode == 9
    (warning,) = stderr.splitlines()
    assert "outcomes could not be stored" in json.loads(warning)["warning"]
    assert (set(taken.values()), again.code) == ({1}, 7)
    assert set(NUMBERS) == set(taken)


def test_a_report_that_cannot_be_stored_is_503_and_the_others_are_forwarded(
    environment: dict[str, str],
) -> None:
    def post(name: str) -> int:
        return request(server.url, report(id=name)).status

    with a_target() as target, running(environment, "listen", "--forward-to", target.url) as server:
        health = server.url.replace("/dlr", "/healthz")
        assert post("before") == 200
        until(lambda: target.came)
        receiver = server.process.pid
        with read_only(receiver, *children(receiver)):
            assert [post(name) for name in ("lost", "gone")] == [503, 503]
            assert request(health).status == 503
        assert post("after") == 200
        assert request(health).status == 200
        until(lambda: len(target.came) == 2)
        assert [json.loads(one.body)["id"] for one in target.came] == ["before", "after"]
        done = server.end()
    assert done.code == 0
    warnings = [json.loads(line)["warning"] for line in done.stderr.splitlines()]
    assert any(FAILED in one and "503 until this is fixed" in one for one in warnings)
    assert "reports are stored again" in warnings
    kept = query(environment["LINKSMS_STATE"], "SELECT message_id FROM callback ORDER BY id")
    assert kept == [("before",), ("after",)]


def test_a_wait_ends_with_what_another_process_has_stored(environment: dict[str, str]) -> None:
    with CountingGateway() as gateway, running(environment, "listen") as server:
        env = environment | account(gateway.url)
        with sending(("-t", NUMBERS[0], "--wait", "60"), env) as process:
            assert process.stderr
            accepted = json.loads(process.stderr.readline())["accepted"]
            with read_only(process.pid):
                assert request(server.url, report(id=accepted["message_id"])).status == 200
                stdout, stderr = process.communicate(timeout=60)
    assert (json.loads(stdout)["outcome"], process.returncode) == ("delivered", 0)
    assert FAILED in json.loads(stderr)["warning"]
    assert gateway.taken == {NUMBERS[0]: 1}
