"""Every number of open files that is too few for a command: one line says so, and nothing is lost.

Some of these numbers alone are tried, unless LINKSMS_TEST_EVERY_CALL is set. Fewer
than five are too few for Python itself.
"""

import errno
import json
import os
import resource
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from linksms_cli.adapters.store.sqlite.explaining import readable_errors
from linksms_cli.errors import ExitCode, StoreError, exhaustion
from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder, http
from tests.reporting import Answer, report, request
from tests.server import running

FEWEST = 5
# More than any of these commands needs.
ENOUGH = 30
STEP = 1 if os.environ.get("LINKSMS_TEST_EVERY_CALL") else 4
NUMBERS = [f"+9995550123{digit}" for digit in range(6)]
ANSWER = http(b"1005;Queued;abc123")
LISTEN = ("listen", "--port", "0", "--timeout", "0.1", "--json")


def limited(files: int, environment: dict[str, str], *words: str) -> Finished:
    """Run a command that may have so many files open, and check that it ends with a word."""
    done = subprocess.run(
        [sys.executable, "-m", "linksms_cli", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
    )
    said = f"with {files} files: {done.stderr}"
    assert "Traceback" not in said, said
    assert "Exception ignored" not in said, said
    assert done.returncode in set(ExitCode), said
    assert done.returncode == 0 or done.stdout or done.stderr, said
    return Finished(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


def taken(gateway: Recorder) -> Counter[str]:
    """Return how often each number got a message."""
    queries = (urlsplit(line.split(" ")[1]).query for line in gateway.request_lines)
    return Counter(parse_qs(query)["Destination"][0] for query in queries)


@pytest.mark.parametrize("many", [False, True], ids=["once", "batch"])
def test_a_message_is_sent_once_and_never_called_what_it_is_not(
    environment: dict[str, str], linksms: Linksms, tmp_path: Path, *, many: bool
) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(NUMBERS), encoding="utf-8")
    to = [word for recipient in NUMBERS for word in ("--to", recipient)]
    words = ["--batch", str(file)] if many else [*to, "--once", "k"]
    words = ["send", *words, "-f", "LINK", "--json", "Hi"]
    codes = set()
    for files in range(FEWEST, 14, min(STEP, 2)):
        state = {"LINKSMS_STATE": str(tmp_path / f"state-{files}")}
        with Recorder(ANSWER) as gateway:
            env = account(gateway.url) | state
            said = limited(files, environment | env, *words)
            got = taken(gateway)
            for record in results(said):
                least = {"accepted": 1}.get(record["outcome"], 0)
                most = {"not_sent": 0, "refused": 0}.get(record["outcome"], 1)
                assert least <= got[record["to"]] <= most, (files, record)
            linksms(*words, env=env)
            assert set(taken(gateway).values()) == {1}, files
        codes.add(said.code)
    assert {0, 3} <= codes


def results(said: Finished) -> list[dict[str, Any]]:
    """Return the results of recipients, without a batch's last line."""
    return [record for record in said.records if "outcome" in record]


@pytest.mark.parametrize(
    "words",
    [
        LISTEN,
        (*LISTEN, "--forward-to", "http://127.0.0.1:1/dlr"),
        ("send", "--sandbox", "-t", NUMBERS[0], "-f", "LINK", "--timeout", "1", "Hi"),
        (
            "send",
            "--sandbox",
            "-t",
            NUMBERS[0],
            "-f",
            "LINK",
            "--timeout",
            "1",
            "--wait",
            "1",
            "Hi",
        ),
        ("status", "--json"),
        ("config", "set", "a", "service_id=1"),
        ("code", "1001"),
    ],
    ids=" ".join,
)
def test_a_command_says_in_one_line_what_it_lacks(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    codes = [limited(files, environment, *words).code for files in range(FEWEST, ENOUGH, STEP)]
    assert codes[-1] == 0, codes


def test_a_receiver_without_files_lets_reports_wait_and_goes_on(
    environment: dict[str, str],
) -> None:
    answers: list[Answer] = []
    with running(environment, "listen") as receiver:
        assert request(receiver.url, report(id="before")).status == 200
        assert receiver.event()["id"] == "before"
        limits = resource.prlimit(receiver.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(receiver.process.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        waiting = threading.Thread(
            target=lambda: answers.append(request(receiver.url, report(id="meanwhile")))
        )
        waiting.start()
        warning = json.loads(receiver.warning())["warning"]
        assert warning.startswith("connections have to wait: Too many open files")
        resource.prlimit(receiver.process.pid, resource.RLIMIT_NOFILE, limits)
        waiting.join(60)
        assert [answer.status for answer in answers] == [200]
        assert receiver.event()["id"] == "meanwhile"


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (MemoryError(), "cannot allocate memory"),
        (RuntimeError("can't start new thread"), "cannot allocate memory"),
        (LookupError("unknown encoding: idna"), "cannot allocate memory"),
        (OSError(errno.ENFILE, "x"), "too many open files in system"),
        (ImportError("x.so: cannot open shared object file: Too many open files"), "too many open"),
        (OSError(errno.EACCES, "x"), None),
        (ImportError("x.so: failed to map segment from shared object"), "cannot allocate memory"),
        (ImportError("failed to map segment from shared object: Operation not permitted"), None),
        (RuntimeError("a fault of ours"), None),
    ],
)
def test_what_a_system_says_that_has_no_more(failure: Exception, why: str | None) -> None:
    found = exhaustion(failure)
    assert (found is None) == (why is None)
    if found and why:
        assert found.message.startswith(f"this program is at its limits: {why}")
        assert found.exit_code is ExitCode.FAILED


def test_a_store_without_memory_says_so_to_who_waits_for_it(tmp_path: Path) -> None:
    """As any other failure: it would end the thread that writes a batch, which then never ends."""
    with pytest.raises(StoreError, match="out of memory"), readable_errors(tmp_path):
        raise MemoryError
