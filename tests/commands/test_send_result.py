"""A true result always comes: all that it needs is loaded before the request leaves.

What fails afterwards, and what the machine refuses before, costs no result and no once-key.
"""

import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import linksms_cli
from linksms_cli.adapters.sandbox import Sandbox
from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder, http
from tests.server import running

# Reports every import and every file that is opened once a request has begun to leave. What the
# store does with its own files may fail: it costs a warning, and no result.
SITE = """
import atexit, os, sys

late = []
state = os.environ["LINKSMS_STATE"]

def note(event, arguments):
    if event == "http.client.send":
        late.append("")
    elif late and event in {"import", "open"} and not str(arguments[0]).startswith(state):
        late.append(f"{event} {arguments[0]}")

def tell():
    for line in filter(None, late.copy()):
        print("late:", line, file=sys.stderr)

sys.addaudithook(note)
atexit.register(tell)
"""
NUMBERS = [
    "+99955501234",
    *(f"+9991000{code}" for code in ("0003", "0004", "1001", "1009", "2104", "9999")),
    *(f"+999200000{number:02}" for number in range(1, 14) if number != 5),
    *(f"+99920000{status}" for status in ("400", "408", "429", "500")),
]
# These stop whatever follows.
LAST = ["+99910000103", "+99920000005", "+99920000401", "+99920000404", "+99920000407"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as gateway:
        yield gateway


@pytest.fixture
def watched(environment: dict[str, str], tmp_path: Path, sandbox: Sandbox) -> dict[str, str]:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SITE)
    return environment | account(sandbox.url, PYTHONPATH=str(site))


def run(environment: dict[str, str], *words: str) -> Finished:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "linksms_cli",
            "send",
            "-f",
            "LINK",
            "--timeout",
            "0.5",
            *words,
            "x",
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Finished(code=done.returncode, stdout=done.stdout, stderr=done.stderr)


def to(recipients: list[str]) -> list[str]:
    return [word for recipient in recipients for word in ("-t", recipient)]


@pytest.mark.parametrize(
    "options", [[], ["--json"], ["--quiet"], ["--verbose"], ["--once"], ["--retry", "1"]]
)
def test_nothing_is_loaded_once_a_request_has_left(
    watched: dict[str, str], options: list[str]
) -> None:
    for number, recipients in enumerate([NUMBERS, *([last] for last in LAST)]):
        key = [f"key-{number}"] if options == ["--once"] else []
        done = run(watched, *to(recipients), *options, *key)
        assert len(done.stdout.splitlines()) >= len(recipients)
        assert "late:" not in done.stderr


def test_nothing_is_loaded_for_a_recipient_that_the_key_has_served(
    watched: dict[str, str],
) -> None:
    words = [*to(["+99910002104", "+99955501234"]), "--once", "key"]
    first, again = (run(watched, *words, "--json") for _ in range(2))
    assert [record["outcome"] for record in first.records] == ["rejected", "accepted"]
    assert [record["outcome"] for record in again.records] == ["rejected", "skipped"]
    assert "late:" not in again.stderr


@pytest.mark.parametrize("form", ["json", "xml", "form", "query"])
def test_nothing_is_loaded_while_reports_are_waited_for(watched: dict[str, str], form: str) -> None:
    clean = {name: value for name, value in watched.items() if name != "PYTHONPATH"}
    with (
        running(clean, "listen") as receiver,
        running(clean, "sandbox", "--dlr-url", receiver.url, "--dlr-format", form) as gateway,
    ):
        receiver.drain()
        gateway.drain()
        env = watched | account(gateway.url)
        for options in ([], ["--json"]):
            recipients = ["+99955501234", "+99900002104", "+99930000003", "+99930000005"]
            done = run(env, *to(recipients), "--wait", "2s", *options)
            assert done.code == 9, done
            assert "late:" not in done.stderr, done.stderr


def meanwhile(act: Callable[[], None]) -> Callable[[socket.socket], None]:
    """Do something to the sender once its request is here, then accept the message."""

    def answer(connection: socket.socket) -> None:
        act()
        connection.sendall(http(b"1005;Queued;abc123"))

    return answer


def test_a_package_that_is_removed_meanwhile_takes_no_result_away(
    environment: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(linksms_cli.__file__).parent, copy / "linksms_cli", ignore=ignored)
    with Recorder(meanwhile(lambda: shutil.rmtree(copy))) as gateway:
        # Without the folder that this runs in, where there is a package too.
        where = {"PYTHONPATH": str(copy), "PYTHONSAFEPATH": "1"}
        env = environment | account(gateway.url, **where)
        done = run(env, "-t", "+99955501234", "--json", "--timeout", "20")
    assert not copy.exists()
    assert (done.code, done.record["message_id"], done.stderr) == (0, "abc123", "")


def test_no_file_left_to_open_takes_no_result_away(environment: dict[str, str]) -> None:
    senders: list[int] = []

    def take_files() -> None:
        resource.prlimit(senders[0], resource.RLIMIT_NOFILE, (3, 3))

    with Recorder(meanwhile(take_files)) as gateway:
        env = environment | account(gateway.url)
        words = ["send", "-t", "+99955501234", "-f", "LINK", "--json", "--once", "key", "x"]
        with subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as sender:
            senders.append(sender.pid)
            out, err = sender.communicate(timeout=60)
    done = Finished(code=sender.returncode, stdout=out, stderr=err)
    assert (done.code, done.record["message_id"]) == (0, "abc123")
    assert "Traceback" not in done.stderr


def crowd() -> None:
    """Leave no room for a thread: the stack of one is larger than all memory that is allowed."""
    gib = 1 << 30
    resource.setrlimit(resource.RLIMIT_STACK, (64 * gib, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (8 * gib, 8 * gib))


@pytest.mark.skipif(
    resource.getrlimit(resource.RLIMIT_STACK)[1] != resource.RLIM_INFINITY,
    reason="a stack of any size has to be allowed",
)
def test_no_thread_to_be_had_sends_nothing_and_leaves_the_key(
    linksms: Linksms, environment: dict[str, str]
) -> None:
    words = ["send", "-t", "+99955501234", "-f", "LINK", "--json", "--once", "key", "x"]
    with Recorder() as gateway:
        env = environment | account(gateway.url)
        refused = subprocess.run(
            [sys.executable, "-m", "linksms_cli", *words],
            env=env,
            preexec_fn=crowd,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (refused.returncode, gateway.requests) == (6, [])
        done = Finished(code=6, stdout=refused.stdout, stderr=refused.stderr)
        assert (done.record["outcome"], done.record["retry"]) == ("not_sent", "safe")
        assert done.record["error"]["kind"] == "resources"
        assert "Traceback" not in done.stderr
        again = linksms(*words, env=account(gateway.url))
    assert (again.code, again.record["outcome"], len(gateway.requests)) == (0, "accepted", 1)
