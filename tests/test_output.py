"""A stream that takes nothing more stops no work: what is lost is told, and by the exit code."""

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters import signals
from linksms_cli.output import Output
from tests.conftest import Finished, Linksms
from tests.terminal import PROGRAM, Terminal

LINKSMS = f"{sys.executable} -m linksms_cli"
TWO = f"{LINKSMS} send --sandbox -t +99950000001 -t +99910002104 -f LINK Hej"
FULL = "cannot write to stdout: No space left on device"
REJECTED = (
    "error: +99910002104: the gateway rejected it: 2104 Unknown subscriber. Check the number. "
    "If it is right, it may no longer be in use: take it off the list.\n"
)

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


Shell = Callable[[str], Finished]


@pytest.fixture
def shell(environment: dict[str, str], tmp_path: Path) -> Shell:
    """Run a line of bash; what stands on its own streams is what the redirections left over."""

    def run(line: str) -> Finished:
        done = subprocess.run(
            ["bash", "-c", line],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Finished(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    return run


@pytest.mark.parametrize(
    ("streams", "stderr"),
    [
        (">/dev/full", f"1 part GSM-7, 3 of 1377 units\nwarning: {FULL}\n"),
        ("--json >/dev/full", f'{{"warning": "{FULL}"}}\n'),
        ("-q >/dev/full", f"warning: {FULL}\n{REJECTED}"),
        (">&-", "1 part GSM-7, 3 of 1377 units\n"),
        ("2>/dev/full", ""),
        ("2>&-", ""),
        (">/dev/full 2>&1", ""),
        ("<&- >&- 2>&-", ""),
    ],
)
def test_every_message_is_sent_and_the_code_tells_of_that_alone(
    shell: Shell, streams: str, stderr: str
) -> None:
    done = shell(f"{TWO} {streams}")
    # 9: each was sent, and they differ.
    assert (done.code, done.stderr) == (9, stderr)
    outcomes = [line.split()[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert outcomes == (["accepted", "rejected"] if streams.startswith("2") else [])


def test_a_file_that_may_not_grow_is_like_a_full_disk(shell: Shell) -> None:
    account = "LINKSMS_BASE_URL=http://127.0.0.1:9 LINKSMS_SERVICE_ID=1 LINKSMS_USERNAME=u"
    send = f"{account} LINKSMS_PASSWORD=p {LINKSMS} send --no-store -t +99950000001 -f LINK Hej"
    done = shell(f"ulimit -f 0; PYTHONDONTWRITEBYTECODE=1 {send} -q > ids")
    assert done.code == 6
    assert done.stderr.startswith("warning: cannot write to stdout: File too large\nerror: ")


def test_a_file_that_takes_the_beginning_alone_has_not_taken_it_all(shell: Shell) -> None:
    variables = "PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1"
    done = shell(f"ulimit -f 1; {variables} {LINKSMS} code --json > codes")
    assert (done.code, done.stderr) == (
        1,
        '{"warning": "cannot write to stdout: File too large"}\n',
    )


@pytest.mark.parametrize("unbuffered", [False, True])
def test_a_pipe_that_is_not_to_be_waited_for_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, unbuffered: bool
) -> None:
    lines = ["x" * 99] * 2000
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    raw = io.FileIO(writing, "w")
    file: Any = raw if unbuffered else io.BufferedWriter(raw)
    taken: list[bytes] = []

    def read() -> None:
        with os.fdopen(reading, "rb") as pipe:
            taken.append(pipe.read())

    with io.TextIOWrapper(file, "utf-8", write_through=True) as stdout:
        monkeypatch.setattr(Output, "lost", False)
        monkeypatch.setattr(sys, "stdout", stdout)
        output = Output(json=True)
        reader = threading.Thread(target=read)
        reader.start()
        output.lines(lines)
        assert not Output.lost
        if sys.stdout is not stdout:
            sys.stdout.close()
    reader.join()
    assert taken == ["".join(f"{line}\n" for line in lines).encode()]


def test_after_a_signal_a_reader_that_takes_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("linksms_cli.output._PATIENCE", 0.0)
    monkeypatch.setattr(signals, "_TICK", 0.01)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "w", encoding="utf-8") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        output = Output(json=True, acts=True)
        with signals.Interruption(tick=output.leave_reader) as interrupted:
            os.kill(os.getpid(), signal.SIGTERM)
            output.lines(["x" * 99] * 2000)
            output.lines(["y"])
        assert (interrupted(), output.unread) == (True, True)
        stdout.close()
        left = pipe.read()
    assert left == b"".join([b"x" * 99 + b"\n"] * 2000)[: len(left)]
    lost = '{"warning": "nobody reads stdout: the rest of it is lost"}\n'
    assert capsys.readouterr().err == lost


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("code 1001", 1),
        ("code --json", 1),
        ("segments Hej", 1),
        ("segments --max-parts 1 " + "x" * 161, 10),
        ("config path", 1),
        ("--version", 1),
        ("--help", 1),
        ("code --help", 1),
        ("--show-completion bash", 1),
        # These have done something.
        ("config set p password_command=p base_url=https://h service_id=1 username=u", 0),
        ("send --dry-run --sandbox -t +99950000001 -f LINK -q Hej", 0),
    ],
)
def test_what_only_tells_has_failed_when_it_could_not(shell: Shell, words: str, code: int) -> None:
    done = shell(f"{LINKSMS} {words} >/dev/full")
    assert (done.code, FULL in done.stderr, len(done.stderr.splitlines())) == (code, True, 1)
    # Where nobody wants to read, nothing is lost.
    unwanted = 10 if code == 10 else 0
    for nowhere in (">&-", "| true; exit ${PIPESTATUS[0]}"):
        done = shell(f"{LINKSMS} {words} {nowhere}")
        assert (done.code, done.stderr) == (unwanted, "")


def test_an_endless_input_is_left_when_nothing_can_be_told(shell: Shell) -> None:
    done = shell(f"yes | {LINKSMS} segments --lines >/dev/full")
    assert (done.code, done.stderr) == (1, f"warning: {FULL}\n")


def test_an_error_that_cannot_be_told_keeps_its_code(shell: Shell) -> None:
    for words, code in (("send", 2), ("", 2), ("config show nobody", 3)):
        for nowhere in ("2>/dev/full", "2>&-"):
            assert shell(f"{LINKSMS} {words} {nowhere}") == Finished(
                code=code, stdout="", stderr=""
            )


def test_a_profile_is_made_without_a_stdin(shell: Shell) -> None:
    done = shell(f"{LINKSMS} config set p <&-")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: nothing to set in profile 'p'")


@pytest.mark.parametrize(
    ("forced", "on_a_terminal", "in_a_pipe"),
    [("1", True, True), ("0", False, False), ("false", False, False), ("", True, False)],
)
def test_colour_is_forced_or_forbidden(
    environment: dict[str, str],
    linksms: Linksms,
    forced: str,
    on_a_terminal: bool,
    in_a_pipe: bool,
) -> None:
    env = environment | {"FORCE_COLOR": forced, "TERM": "xterm"}
    with Terminal(*PROGRAM, "code", "1001", env=env) as terminal:
        assert terminal.end() == 0
    assert ("\x1b[" in terminal.raw) is on_a_terminal
    assert ("\x1b[" in linksms("code", "1001", env=env).stdout) is in_a_pipe
