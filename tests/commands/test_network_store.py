"""A store on a network file system: keys are refused there, and everything else warns.

A bind mount shows one process a table of mounts in which the store's folder is on NFS.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import account
from tests.loopback import Recorder

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "x")
_AS_IF = 'mount --bind "$0" /proc/$$/mountinfo && exec "$@"'


@pytest.fixture
def as_if(tmp_path: Path) -> list[str]:
    """The words before a command that make its process see everything on NFS."""
    table = tmp_path / "mountinfo"
    table.write_text("22 1 0:40 / / rw,relatime - nfs4 files:/ rw,vers=4.2\n")
    words = ["unshare", "--mount", "sh", "-c", _AS_IF, str(table)]
    if subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    return words


def run(
    as_if: list[str], environment: dict[str, str], *words: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*as_if, sys.executable, "-m", "linksms_cli", *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_key_is_refused(as_if: list[str], environment: dict[str, str], gateway: Recorder) -> None:
    env = environment | account(gateway.url)
    done = run(as_if, env, *SEND, "--once", "k", "--json")
    assert (done.returncode, done.stdout, gateway.requests) == (3, "", [])
    *_, last = done.stderr.splitlines()
    error = json.loads(last)["error"]
    assert error["kind"] == "store"
    assert "lies on a network file system (nfs4)" in error["message"]
    assert error["hint"] == "Name a folder on a local disk in LINKSMS_STATE."


@pytest.mark.parametrize("words", [SEND, ("status",), ("listen", "--timeout", "0.1")])
def test_everything_else_warns(
    as_if: list[str], environment: dict[str, str], gateway: Recorder, words: tuple[str, ...]
) -> None:
    port = ("--port", "0") if words[0] == "listen" else ()
    done = run(as_if, environment | account(gateway.url), *words, *port)
    assert done.returncode == 0
    assert "network file system (nfs4)" in done.stderr
    assert "name a folder on a local disk in LINKSMS_STATE" in done.stderr


def test_without_a_store_nobody_is_warned(
    as_if: list[str], environment: dict[str, str], gateway: Recorder
) -> None:
    done = run(as_if, environment | account(gateway.url), *SEND, "--no-store")
    assert (done.returncode, done.stderr.count("warning")) == (0, 0)
