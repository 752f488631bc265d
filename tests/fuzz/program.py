"""The program, called in this process with octets in place of a terminal, and what it may say."""

import io
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from linksms_cli import app
from linksms_cli.errors import ExitCode
from linksms_cli.output import Output

# What a terminal would obey: controls other than tab and newline, and those of direction.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CODES = frozenset(int(code) for code in ExitCode)


class Said(NamedTuple):
    """How a call ended, and what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes


class Program:
    """Calls the command line; everything it reads and writes lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"
        self.profiles = folder / "config.toml"
        self._environment = {
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "LINKSMS_CONFIG": str(self.profiles),
            "LINKSMS_STATE": str(self.state),
            "NO_PROXY": "127.0.0.1",
        }

    def call(
        self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None
    ) -> Said:
        """Run a command line to its end, and judge what it says.

        Raises AssertionError if that breaks a rule that every command keeps.
        """
        with _environment(self._environment | dict(environ or {})), _streams(stdin) as written:
            Output.lost = False
            code = app.main(words)
        said = Said(code, *written)
        _judge(words, said)
        return said


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    kept = {"PATH": before.get("PATH", "")} | {
        name: value for name, value in before.items() if name.startswith("COVERAGE")
    }
    os.environ.clear()
    os.environ.update(kept | dict(variables))
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


@contextmanager
def _streams(stdin: bytes) -> Iterator[list[bytes]]:
    """Give the process other standard streams, and put what was written into the list."""
    before = sys.stdin, sys.stdout, sys.stderr
    files = [os.fdopen(os.memfd_create(name), "w+b") for name in ("stdin", "stdout", "stderr")]
    files[0].write(stdin)
    files[0].seek(0)
    written: list[bytes] = []
    texts = [
        io.TextIOWrapper(file, "utf-8", errors="strict" if number == 1 else "backslashreplace")
        for number, file in enumerate(files)
    ]
    sys.stdin, sys.stdout, sys.stderr = texts
    try:
        yield written
        for text in texts[1:]:
            text.flush()
            text.seek(0)
            written.append(text.buffer.read())
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for text in texts:
            text.close()


def _judge(words: Sequence[str], said: Said) -> None:
    assert said.code in _CODES, f"exit code {said.code}"
    stdout, stderr = said.stdout.decode(), said.stderr.decode()
    judge_text(stdout)
    judge_text(stderr)
    if said.code and not stdout:
        assert stderr, f"it ended {said.code} without a word"
    if "--json" in words[: words.index("--") if "--" in words else None]:
        for line in [*stdout.splitlines(), *stderr.splitlines()]:
            assert isinstance(json.loads(line), dict), line


def judge_text(text: str) -> None:
    """Check what a terminal is given, apart from our own colours. Raises AssertionError."""
    assert "Traceback" not in text, text
    found = _OBEYED.search(_COLOUR.sub("", text))
    assert found is None, f"a terminal would obey {found[0]!r}: {text[-500:]!r}"
