"""`linksms send` and its store: nothing goes out that could not be written down first."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Linksms, account, needs
from tests.loopback import Recorder, silence

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "--timeout", "5", "x")


def rows(environment: dict[str, str]) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(Path(environment["LINKSMS_STATE"]) / "linksms.db")) as store:
        return store.execute(
            "SELECT destination, source, encoding, parts, outcome, result_code, message_id, "
            "error_kind FROM submission ORDER BY id"
        ).fetchall()


def test_what_is_stored(call: Linksms, gateway: Recorder, environment: dict[str, str]) -> None:
    call(*SEND, env=account(gateway.url))
    assert rows(environment) == [
        ("+99955501234", "LINK", "GSM-7", 1, "accepted", 1005, "abc123", None)
    ]


def test_without_a_store_nothing_is_written(
    call: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    assert call(*SEND, "--no-store", env=account(gateway.url)).code == 0
    assert call(*SEND, env=account(gateway.url, LINKSMS_NO_STORE="1")).code == 0
    assert not Path(environment["LINKSMS_STATE"]).exists()


def unusable(kind: str, folder: Path) -> None:
    if kind == "a file in its place":
        folder.write_text("")
    else:
        folder.mkdir()
        (folder / "linksms.db").write_bytes(b"this is not a database, it is a note\n" * 40)


@pytest.mark.parametrize("kind", ["a file in its place", "not a database"])
def test_a_store_that_cannot_be_opened_stops_everything(
    call: Linksms, gateway: Recorder, environment: dict[str, str], kind: str
) -> None:
    unusable(kind, Path(environment["LINKSMS_STATE"]))
    done = call(*SEND, "--json", env=account(gateway.url))
    assert (done.code, done.stdout, gateway.requests) == (3, "", [])
    assert '"kind": "store"' in done.stderr
    assert call(*SEND, "--no-store", env=account(gateway.url)).code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="giving up root's rights needs root")
def test_a_folder_that_cannot_be_written_stops_everything(
    gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    # Root may write anywhere: another user runs the program.
    for path in (tmp_path, *tmp_path.parents):
        if not path.stat().st_mode & 0o005:
            path.chmod(0o755)
    env = environment | account(gateway.url, LINKSMS_STATE=str(folder / "state"))
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, *SEND],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, gateway.requests) == (3, "", [])
    assert "cannot be used: Permission denied" in done.stderr


_AS_NOBODY = """
import os, sys
from linksms_cli.app import run
# Where root alone may read Python, nothing can be imported later.
import linksms_cli.adapters.store.sqlite.outbox, linksms_cli.commands.send
os.setgid(65534); os.setuid(65534)
run()
"""


def fill(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass


def test_a_full_disk_stops_everything(
    gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> None:
    mount = tmp_path / "small"
    mount.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        env = environment | account(gateway.url, LINKSMS_STATE=str(mount / "state"))
        run = [sys.executable, "-m", "linksms_cli", *SEND, "--json"]
        first = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
        fill(mount / "filler")
        full = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
        (mount / "filler").unlink()
        after = subprocess.run(run, env=env, capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    assert (first.returncode, full.returncode, after.returncode) == (0, 3, 0)
    assert "full" in full.stdout + full.stderr
    assert len(gateway.requests) == 2


def test_a_locked_store_is_waited_for(
    call: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    call(*SEND, env=account(gateway.url))
    path = Path(environment["LINKSMS_STATE"]) / "linksms.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        script = [sys.executable, "-m", "linksms_cli", *SEND]
        waiting = subprocess.Popen(script, env=environment | account(gateway.url))
        time.sleep(1)
        assert len(gateway.requests) == 1
        other.execute("COMMIT")
    assert waiting.wait(timeout=30) == 0
    assert len(gateway.requests) == 2


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 130)]
)
def test_a_signal_in_mid_request_stores_and_prints_unknown(
    environment: dict[str, str], number: signal.Signals, code: int
) -> None:
    with Recorder(silence) as gateway:
        words = ["send", "-t", "+99955501234", "-t", "+99955501235", "-f", "LINK", "x"]
        process = subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words],
            env=environment | account(gateway.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not gateway.requests:
            time.sleep(0.01)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert re.findall(r"^\w+(?: sent)?", stdout, re.MULTILINE) == ["unknown", "not sent"]
    assert "Traceback" not in stderr
    assert rows(environment) == [
        ("+99955501234", "LINK", "GSM-7", 1, "unknown", None, None, "interrupted")
    ]


@needs("strace")
def test_the_intent_is_synced_before_the_first_byte_of_the_request(
    gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sendto,pwrite64,write,openat"
    command = ["strace", "-f", "-y", "-s", "300", "-e", calls, "-o", str(trace)]
    subprocess.run(
        [*command, sys.executable, "-m", "linksms_cli", *SEND],
        env=environment | account(gateway.url),
        check=True,
        capture_output=True,
    )
    lines = trace.read_text().splitlines()
    request = next(i for i, line in enumerate(lines) if "sendto(" in line and "POST /" in line)
    written = [
        i
        for i, line in enumerate(lines[:request])
        if "pwrite64(" in line and "linksms.db-wal" in line
    ]
    synced = [
        i for i, line in enumerate(lines[:request]) if "sync(" in line and "linksms.db-wal" in line
    ]
    assert written
    assert synced
    assert synced[-1] > written[-1]
    answered = [line for line in lines[request:] if "sync(" in line and "linksms.db" in line]
    assert answered


def test_a_store_that_was_replaced_is_said(
    call: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    env = account(gateway.url)
    call(*SEND, "--once", "k", env=env)
    for name in ("linksms.db", "linksms.db-wal", "linksms.db-shm"):
        (Path(environment["LINKSMS_STATE"]) / name).unlink(missing_ok=True)
    call(*SEND, env=env)  # makes a new one, without a word on keys
    done = call(*SEND, "--once", "k", env=env)
    assert "another store lay in" in done.stderr
    assert "another store lay in" not in call(*SEND, "--once", "k", env=env).stderr
