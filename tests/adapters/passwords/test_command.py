"""A password_command: its first line, or one clear line about why not, and nothing of it shown."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from linksms_cli.adapters.passwords.command import from_command
from linksms_cli.errors import ConfigurationError


def python(code: str) -> str:
    return f'"{sys.executable}" -c "{code}"'


def test_a_command_gives_its_first_line_and_what_it_said() -> None:
    command = python("import sys; print(' p å '); print('login: x'); print('hm', file=sys.stderr)")
    assert from_command(command, "profile 'p'", {}) == (" p å ", "hm")


def test_a_command_does_not_read_the_text_to_send() -> None:
    command = python("import sys; print(len(sys.stdin.read()))")
    assert from_command(command, "profile 'p'", {}) == ("0", "")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "sh -c 'echo hidden; echo no key >&2; echo bye >&2; exit 3'",
            "password_command of profile 'p' failed with exit code 3: no key / bye",
        ),
        ("false", "password_command of profile 'p' failed with exit code 1"),
        ("true", "what password_command of profile 'p' printed is empty"),
        ("/none/x", "password_command of profile 'p' cannot be run: No such file or directory"),
        ("echo 'x", "password_command of profile 'p' cannot be read: No closing quotation"),
        (
            "sh -c 'echo waiting >&2; sleep 60'",
            "password_command of profile 'p' did not end within 0.5 s: waiting",
        ),
    ],
)
def test_a_command_that_fails_is_an_error(command: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        from_command(command, "profile 'p'", {}, seconds=0.5)
    assert caught.value.message == message
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"


def test_a_command_that_is_long_in_coming_is_told_of() -> None:
    told: list[str] = []
    command = python("import time; time.sleep(1); print('p')")
    found = from_command(command, "profile 'p'", {}, tell=told.append, reminder=0.1)
    assert found == ("p", "")
    assert told == ["waiting for password_command of profile 'p', up to 60 s"]
    from_command("echo p", "profile 'p'", {}, tell=told.append)
    assert len(told) == 1


def test_a_word_in_the_home_folder_is_found(tmp_path: Path) -> None:
    script = tmp_path / "bin"
    script.write_text("#!/bin/sh\necho from home\n")
    script.chmod(0o700)
    assert from_command("~/bin", "profile 'p'", {"HOME": str(tmp_path)}) == ("from home", "")


@pytest.mark.parametrize(
    "command",
    [
        "sh -xc 'echo hidden-pw'",
        "sh -c 'set -x; P=hidden-pw; echo $P'",
        "sh -c 'echo hidden-pw; echo got hidden-pw >&2'",
        "sh -c 'echo hidden-pw; echo hidden%2Dpw hidden\\-pw aGlkZGVuLXB3 >&2'",
        "sh -c 'echo hidden-pw; echo login: hidden-pw; echo hidden-pw >&2; exit 3'",
        "sh -xc 'echo hidden-pw; exit 3'",
        "sh -c 'echo hidden-pw; echo hidden-pw >&2; sleep 60'",
    ],
)
def test_what_it_says_never_holds_the_password(command: str) -> None:
    try:
        password, said = from_command(command, "profile 'p'", {}, seconds=1)
    except ConfigurationError as failure:
        password, said = "hidden-pw", f"{failure.message}{failure.hint}"
    assert password == "hidden-pw"
    assert "hidden" not in said
    assert "aGlk" not in said


def test_of_a_short_password_nothing_is_said_that_holds_it() -> None:
    assert from_command("sh -c 'echo pw; echo oh pw >&2'", "profile 'p'", {}) == ("pw", "")
    assert from_command("sh -c 'echo pw; echo oh >&2'", "profile 'p'", {}) == ("pw", "oh")


def test_a_child_that_keeps_the_streams_open_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"echo hidden-pw; echo hm >&2; sleep 60 & echo $! > {pid}"
    command = f"sh -c '{script}'"
    began = time.monotonic()
    assert from_command(command, "profile 'p'", {}) == ("hidden-pw", "hm")
    assert time.monotonic() - began < 20  # not for as long as the child lives, nor for a minute
    os.kill(int(pid.read_text()), signal.SIGKILL)


def test_a_command_without_an_end_costs_no_memory() -> None:
    with pytest.raises(ConfigurationError, match=r"did not end within 0\.5 s"):
        from_command("yes hidden", "profile 'p'", {}, seconds=0.5)
    flood = "sh -c 'echo hidden-pw; head -c 1000000 /dev/zero'"
    assert from_command(flood, "profile 'p'", {}) == ("hidden-pw", "")
