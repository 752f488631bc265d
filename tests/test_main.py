"""Ctrl-C while the program starts ends it at once and in silence, as a shell expects."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

SLOW_END = """
import atexit, time

@atexit.register
def end():
    print("ending", flush=True)
    time.sleep(1)
"""
SLOW = "import time; print('importing', flush=True); time.sleep(60)"


def interrupted(environment: dict[str, str], *words: str, said: str) -> tuple[int, str]:
    """Run a command, press Ctrl-C when it says `said`; return its exit code and its stderr."""
    with subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("Hej\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(said)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)
        assert process.stderr
        return code, process.stderr.read()


# What the program imports first of all, then first of others', and what only a command does.
@pytest.mark.parametrize("module", ["signal", "typer", "queue"])
def test_in_the_middle_of_an_import(
    environment: dict[str, str], tmp_path: Path, module: str
) -> None:
    (tmp_path / f"{module}.py").write_text(SLOW)
    environ = environment | {"PYTHONPATH": str(tmp_path)}
    assert interrupted(environ, "send", said="importing") == (-signal.SIGINT, "")


def test_in_the_middle_of_what_a_command_imports(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "sqlite3.py").write_text(SLOW)
    environ = environment | {"PYTHONPATH": str(tmp_path)}
    assert interrupted(environ, "status", said="importing") == (130, "")


def test_in_the_middle_of_a_command(environment: dict[str, str]) -> None:
    assert interrupted(environment, "segments", "--lines", said="line 1") == (130, "")


def test_a_background_job_goes_on(environment: dict[str, str]) -> None:
    script = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "os.execv(sys.executable, [sys.executable, '-m', 'linksms_cli', *sys.argv[1:]])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, "segments", "--lines"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for line in (1, 2):
            process.stdin.write("Hej\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(f"line {line}")
            process.send_signal(signal.SIGINT)
        process.stdin.close()
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_the_middle_of_the_end(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """What a command has done and told is its end; its exit code stays."""
    (tmp_path / "sitecustomize.py").write_text(SLOW_END)
    with subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", "code", "2104", "7777", "--json"],
        env=environment | {"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if line == "ending\n":
                process.send_signal(number)
        assert process.stderr
        assert (process.wait(timeout=30), process.stderr.read()) == (9, "")
