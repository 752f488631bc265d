"""A process beside ours: it is there again whatever ends it, and no signal to a group ends it."""

import sys
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from linksms_cli.adapters.companion import Companion

# Dies in the middle of a line in its first run, and in its second tells that it runs.
_DIES_ONCE = """
import sys
from pathlib import Path

def main(order):
    before = Path(order["before"])
    if before.exists():
        print('{"runs": 2}', flush=True)
        sys.stdin.buffer.read()
    before.touch()
    print('{"ru', end="", flush=True)
    sys.exit(3)
"""
# What a terminal, a supervisor and a shell send to a group of processes, as early as can be.
_SIGNALLED = """
import os, signal, sys

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    os.kill(os.getpid(), number)

def main(order):
    print('{"runs": 1}', flush=True)
    sys.stdin.buffer.read()
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    def made(code: str) -> str:
        (tmp_path / "companion_of_a_test.py").write_text(code)
        monkeypatch.syspath_prepend(str(tmp_path))
        return "companion_of_a_test"

    return made


def test_it_is_started_again_as_soon_as_the_system_can(
    module: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: SimpleQueue[dict[str, Any]] = SimpleQueue()
    ends: SimpleQueue[str] = SimpleQueue()
    order = {"before": str(tmp_path / "before")}
    python = sys.executable
    with Companion(module(_DIES_ONCE), order, told=told.put, ended=ends.put):
        monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
        assert ends.get(timeout=60) == "ended (3) and is started again"
        cannot = "cannot be started (No such file or directory), which is tried again"
        assert ends.get(timeout=60) == cannot
        monkeypatch.setattr(sys, "executable", python)
        assert told.get(timeout=60) == {"runs": 2}
    assert ends.empty()
    assert told.empty()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to groups")
def test_no_signal_to_a_group_ends_it(module: Callable[[str], str]) -> None:
    told: SimpleQueue[dict[str, Any]] = SimpleQueue()
    ends: SimpleQueue[str] = SimpleQueue()
    with Companion(module(_SIGNALLED), {}, told=told.put, ended=ends.put):
        assert told.get(timeout=60) == {"runs": 1}
    assert ends.empty()


def test_one_that_does_not_read_its_order_is_started_again(
    module: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexit 4\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    ends: SimpleQueue[str] = SimpleQueue()
    with Companion(module(""), {"long": "x" * 100_000}, told=lambda _: None, ended=ends.put):
        for _ in range(2):
            assert ends.get(timeout=60) == "ended (4) and is started again"
