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
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CODES = frozenset(int(code) for code in ExitCode)


class Said(NamedTuple):
    """How a call ended, and what it wrote."""

    code: int
    stdout: str
    stderr: str


def private_environment(folder: Path, home: Path, state: str) -> dict[str, str]:
    """Return an environment with nothing of the person's who runs this; all it names is ours."""
    return {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "LINKSMS_CONFIG": str(folder / "config.toml"),
        "LINKSMS_STATE": state,
    }


class Program:
    """Calls the command line in an environment of its own."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def call(self, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Said:
        """Run a command line to its end, with more variables, and judge what it says.

        Raises AssertionError if that breaks a rule that every command keeps.
        """
        with _environment({**self._environ, **(env or {})}), _streams(stdin) as written:
            Output.lost = False
            code = app.main(words)
        said = Said(code, *written)
        _judge(words, said)
        return said


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


@contextmanager
def _streams(stdin: bytes) -> Iterator[list[str]]:
    """Give the process other standard streams, and put what was written into the list."""
    before = sys.stdin, sys.stdout, sys.stderr
    files = [os.fdopen(os.memfd_create(name), "w+b") for name in ("stdin", "stdout", "stderr")]
    files[0].write(stdin)
    files[0].seek(0)
    written: list[str] = []
    texts = [
        io.TextIOWrapper(file, "utf-8", errors="backslashreplace" if number == 2 else "strict")
        for number, file in enumerate(files)
    ]
    sys.stdin, sys.stdout, sys.stderr = texts
    try:
        yield written
        for text in texts[1:]:
            text.flush()
            text.seek(0)
            written.append(text.buffer.read().decode())
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for text in texts:
            text.close()


def _judge(words: Sequence[str], said: Said) -> None:
    assert said.code in _CODES, f"exit code {said.code}"
    judge_text(said.stdout)
    judge_text(said.stderr)
    if said.code and not said.stdout:
        assert said.stderr, f"it ended {said.code} without a word"
    if "--json" in words[: words.index("--") if "--" in words else None]:
        for line in [*said.stdout.splitlines(), *said.stderr.splitlines()]:
            assert isinstance(json.loads(line), dict), line


def judge_text(text: str) -> None:
    """Check what a terminal is given, apart from our own colours. Raises AssertionError."""
    assert "Traceback" not in text, text
    found = _OBEYED.search(_COLOUR.sub("", text))
    assert found is None, f"a terminal would obey {found[0]!r}: {text[-500:]!r}"
