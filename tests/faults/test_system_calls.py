"""Each system call that writes fails once, the first time, the second, and so on to the last.

Of the most frequent only every fifth does, unless LINKSMS_TEST_EVERY_CALL is set.

Whatever the program says then is true: a message that it calls accepted was taken, one that it
calls not sent was not, no report is acknowledged that is not in the store, and running the command
again sends nothing twice.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from linksms_cli.adapters.store import store_in
from tests.conftest import Finished, Linksms, account, needs
from tests.loopback import Recorder, http
from tests.reporting import report

pytestmark = needs("strace")

# What fails, and how. A disk that is full lets nothing more be written; one that breaks says so
# when it is told to keep what it has.
CALLS = {
    "write": "ENOSPC",
    "pwrite64": "ENOSPC",
    "ftruncate": "EIO",
    "fsync": "EIO",
    "fdatasync": "EIO",
    "rename": "EIO",
}
STEPS = {} if os.environ.get("LINKSMS_TEST_EVERY_CALL") else {"pwrite64": 5}
# Far more than any of these commands makes.
MOST = 400


class Faults:
    """Runs commands with one fault each, until there is none left to make."""

    def __init__(self, environment: Mapping[str, str], folder: Path, call: str) -> None:
        self.environment = {**environment, "PYTHONDONTWRITEBYTECODE": "1"}
        self.log = folder / "strace.log"
        self.call = call
        self.made = 0
        self._folder = folder

    def stored(self, place: int, *, new: bool = False) -> dict[str, str]:
        """Return the variable that names a store of a run's own, which is there unless `new`."""
        state = self._folder / f"state-{place}"
        if not new:
            store = self._folder / "store"
            if not store.exists():
                store_in(store).outbox().close()
            shutil.copytree(store, state)
        return {"LINKSMS_STATE": str(state)}

    def places(self, step: int | None = None) -> Iterator[int]:
        """Count up until a run has met no fault."""
        for place in range(1, MOST, step or STEPS.get(self.call, 1)):
            self.log.write_text("", encoding="utf-8")
            yield place
            if "(INJECTED)" not in self.log.read_text(encoding="utf-8", errors="replace"):
                return
            self.made += 1
        raise AssertionError("there is always another call")

    def words(self, place: int, words: Sequence[str]) -> list[str]:
        """Return a command line under which one call of each of its threads fails."""
        inject = f"inject={self.call}:error={CALLS[self.call]}:when={place}"
        tracing = ("-f", "-qq", "-o", str(self.log), "-e", f"trace={self.call}", "-e", inject)
        return ["strace", *tracing, sys.executable, "-m", "linksms_cli", *words]

    def run(self, place: int, *words: str, env: Mapping[str, str]) -> Finished:
        done = subprocess.run(
            self.words(place, words),
            env={**self.environment, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Finished(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


@pytest.fixture(params=sorted(CALLS))
def faults(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> Faults:
    return Faults(environment, tmp_path, request.param)


def taken(gateway: Recorder) -> Counter[str]:
    """Return how often each number got a message."""
    queries = (urlsplit(line.split(" ")[1]).query for line in gateway.request_lines)
    return Counter(parse_qs(query)["Destination"][0] for query in queries)


def check(said: Finished, got: Mapping[str, int]) -> None:
    """Check that what was said of each number is so."""
    for record in said.records:
        number, outcome = record["to"], record["outcome"]
        if outcome in {"accepted", "delivered"}:
            assert got[number] == 1, (record, got)
        if outcome in {"not_sent", "refused"}:
            assert got[number] == 0, (record, got)
    if said.code == 0:
        assert set(got.values()) == {1}, (said, got)


ANSWER = http(b"1005;Queued;abc123")
NUMBERS = [f"+9995550123{digit}" for digit in range(6)]
RARE = {"fsync", "rename", "ftruncate"}  # these commands may do without


@pytest.mark.parametrize("new", [False, True])
def test_no_message_is_doubled_and_none_is_called_what_it_is_not(
    faults: Faults, linksms: Linksms, *, new: bool
) -> None:
    words = [
        "send",
        "-t",
        NUMBERS[0],
        "-t",
        NUMBERS[1],
        "-f",
        "LINK",
        "Hi",
        "--once",
        "k",
        "--json",
    ]
    # A new store is made by hundreds of writes, in one transaction.
    for place in faults.places(step=23 if new else None):
        with Recorder(ANSWER) as gateway:
            env = account(gateway.url) | faults.stored(place, new=new)
            check(faults.run(place, *words, env=env), taken(gateway))
            again = linksms(*words, env=env)
            got = taken(gateway)
            assert max(got.values(), default=0) <= 1, (place, got)
            # If not even that is known, it is called unknown.
            assert again.code == 7 or (again.code == 0 and len(got) == 2), (place, again, got)
    assert faults.made or faults.call in RARE


def test_no_row_of_a_batch_is_sent_twice(faults: Faults, linksms: Linksms, tmp_path: Path) -> None:
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(NUMBERS), encoding="utf-8")
    words = ["send", "--batch", str(file), "-f", "LINK", "Hi", "--json"]
    for place in faults.places():
        with Recorder(ANSWER) as gateway:
            env = account(gateway.url) | faults.stored(place)
            first = faults.run(place, *words, env=env)
            again = linksms(*words, env=env)
            got = taken(gateway)
            assert max(got.values(), default=0) <= 1, (place, got)
            # 10: the batch was finished. A row that nobody got stands among the unknown.
            assert again.code in {0, 7, 10}, (place, again)
            assert len(got) == len(NUMBERS) or 7 in {first.code, again.code}, (place, again, got)
    assert faults.made or faults.call in RARE


def test_a_slow_disk_takes_no_time_from_the_answer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Two syncs of each thread take longer, each of them, than `--timeout` gives the gateway."""
    store_in(Path(environment["LINKSMS_STATE"])).outbox().close()
    log = tmp_path / "log"
    slow = "inject=fsync,fdatasync:delay_enter=1200000:when=1..2"
    tracing = ("-f", "-qq", "-o", str(log), "-e", "trace=fsync,fdatasync", "-e", slow)
    words = ("-t", NUMBERS[0], "-f", "LINK", "Hi", "--once", "k", "--timeout", "1", "--json")
    with Recorder(ANSWER) as gateway:
        done = subprocess.run(
            ["strace", *tracing, sys.executable, "-m", "linksms_cli", "send", *words],
            env=environment | account(gateway.url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, taken(gateway)) == (0, {NUMBERS[0]: 1}), done
    assert log.read_text(encoding="utf-8").count("(DELAYED)") >= 2


def test_no_report_is_acknowledged_that_is_not_stored(faults: Faults, linksms: Linksms) -> None:
    for place in faults.places():
        env = faults.stored(place)
        words = ("listen", "--port", "0", "--json")
        with subprocess.Popen(
            faults.words(place, words),
            env=faults.environment | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            assert process.stdout
            ready = re.search(rb'http://[^\s"]+', process.stdout.readline())
            acknowledged = {
                f"m{number}" for number in range(3) if ready and posted(ready[0], number)
            }
            os.killpg(process.pid, signal.SIGKILL)
        stored = linksms("listen", "--replay", "--json", env=env).records
        assert acknowledged <= {record["id"] for record in stored}, (place, acknowledged, stored)
    assert faults.made or faults.call in RARE


def posted(url: bytes, number: int) -> bool:
    """Post a report; return whether it was acknowledged."""
    request = urllib.request.Request(url.decode(), report(id=f"m{number}"))  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20):  # noqa: S310 - loopback
            return True
    except OSError:  # URLError is one
        return False


def test_a_profile_file_is_the_old_one_or_the_new_one(
    faults: Faults, environment: dict[str, str]
) -> None:
    file = Path(environment["LINKSMS_CONFIG"])
    old, new = (b'default = "a"\n\n[profiles.a]\nservice_id = %d\n' % number for number in (1, 2))
    for place in faults.places():
        file.write_bytes(old)
        file.chmod(0o600)
        said = faults.run(place, "config", "set", "a", "service_id=2", env={})
        # 1: it is written, and what is said of it is not.
        expected = {0: new, 1: new, 3: old}
        assert file.read_bytes() == expected[said.code], (place, said)
    assert faults.made or faults.call not in {"write", "fsync", "rename"}
