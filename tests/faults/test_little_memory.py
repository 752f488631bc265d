"""Too little memory for a command: one line says so, and no report is acknowledged but stored.

A few limits alone are tried, unless LINKSMS_TEST_EVERY_CALL is set.
"""

import http.client
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from linksms_cli.adapters.store import store_in
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.errors import ExitCode, StoreError
from linksms_cli.sms.dlr.receiving import ReceivedReport
from tests.reporting import report, request
from tests.server import running

EVERY = bool(os.environ.get("LINKSMS_TEST_EVERY_CALL"))
MEGABYTE = 1 << 20
# Below the first, Python itself does not start; with the last all commands work.
LIMITS = range(22, 120, 2) if EVERY else (24, 33, 56)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory hold on Linux")


@pytest.mark.parametrize(
    "words",
    [
        ("listen", "--port", "0", "--timeout", "0.1"),
        *([("sandbox", "--port", "0")] if EVERY else []),
        ("send", "--sandbox", "-t", "+99955501234", "-f", "LINK", "Hi"),
        ("status",),
    ],
    ids=" ".join,
)
def test_a_command_says_in_one_line_that_it_has_too_little(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    for limit in LIMITS:
        command = [sys.executable, "-m", "linksms_cli", *words]
        try:
            done = subprocess.run(
                ["prlimit", f"--as={limit * MEGABYTE}", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=2 if words[0] == "sandbox" else 60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            assert words[0] == "sandbox"  # it had enough, and served
            break
        said = f"with {limit} MB: {done.stderr}"
        assert "Traceback" not in said, said
        assert done.returncode in set(ExitCode), said
        assert done.returncode == 0 or done.stdout or done.stderr, said


def test_a_receiver_acknowledges_nothing_that_it_has_no_memory_to_store(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """It may end for want of memory, but not without a word."""
    text = "x" * 60_000
    acknowledged = {"before"}
    # It may end with connections open: a warning of Python's that nobody sees outside of tests.
    quiet = environment | {"PYTHONWARNINGS": "ignore::ResourceWarning"}
    with running(quiet, "listen") as receiver:
        receiver.drain()
        assert request(receiver.url, report(id="before")).status == 200
        limits = resource.prlimit(receiver.process.pid, resource.RLIMIT_AS)
        taken = int(Path(f"/proc/{receiver.process.pid}/statm").read_text().split()[0]) * 4096
        for room in range(0, 600, 20 if EVERY else 100):
            with suppress(ProcessLookupError):
                limit = (taken + room * 1024, limits[1])
                resource.prlimit(receiver.process.pid, resource.RLIMIT_AS, limit)
            for number in range(5):
                name = f"m{room}-{number}"
                # Closed without an answer, or refused: the gateway tries it again.
                with suppress(OSError, http.client.HTTPException):
                    body = report(id=name, customParameters={"a": text})
                    status = request(receiver.url, body).status
                    assert status in {200, 503}
                    acknowledged |= {name} if status == 200 else set()
        ended = receiver.end()
    assert "Traceback" not in ended.stderr
    assert ended.code == 0 or "this program is at its limits" in ended.stderr
    stored = {
        one.report.message_id
        for one in store_in(tmp_path / "state").callbacks()
        if isinstance(one, ReceivedReport)
    }
    assert acknowledged <= stored


def test_what_there_was_no_memory_to_roll_back_stops_nobody_later(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    roll_back = writer._roll_back  # noqa: SLF001 - there is no other way
    writer.begin()

    def fails() -> None:
        raise MemoryError

    writer._roll_back = fails  # type: ignore[method-assign] # noqa: SLF001
    with pytest.raises(StoreError, match="out of memory"):
        writer.write([None])  # type: ignore[list-item] # what cannot be written
    writer._roll_back = roll_back  # type: ignore[method-assign] # noqa: SLF001
    assert writer.begin()
    writer.write([])
    writer.commit()
    writer.close()
