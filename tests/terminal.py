"""A terminal of the tests: a person's program on it, question by question and key by key."""

import codecs
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

# The child makes the terminal its own first: a hidden prompt opens /dev/tty, a shell has jobs.
_OWN_IT = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
# Colours, cursor movements, titles, and carriage returns.
_CONTROL = re.compile(
    r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][0-9A-B]|[=>])|\r"
)
PROGRAM = (sys.executable, "-m", "linksms_cli")


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, *command: str, env: Mapping[str, str], folder: Path | None = None) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OWN_IT, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"TERM": "dumb", **env},
            cwd=folder,
            start_new_session=True,
        )
        os.close(slave)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._before = ""
        self._since = ""
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        if not self._is_closed:
            os.close(self._master)

    @property
    def raw(self) -> str:
        """Everything that it wrote so far."""
        return self._before + self._since

    @property
    def seen(self) -> str:
        """Everything that it showed so far, as text."""
        return _CONTROL.sub("", self.raw)

    def shows(self, *expected: str) -> None:
        """Read on until all the texts stand in what came since the last keys."""
        deadline = time.monotonic() + 30
        while not all(text in _CONTROL.sub("", self._since) for text in expected):
            assert self._read(deadline), f"{expected} did not come: {self.seen}"

    def press(self, keys: str) -> None:
        """Type keys."""
        self._before += self._since
        self._since = ""
        os.write(self._master, keys.encode())

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question, and type an answer with Enter."""
        self.shows(question)
        self.press(f"{typed}\n")

    def answer_hidden(self, question: str, typed: str) -> None:
        """Wait for a question whose answer is not shown, and type it.

        What is typed before the echo goes off is thrown away by getpass, as it must be.
        """
        self.shows(question)
        deadline = time.monotonic() + 30
        while termios.tcgetattr(self._master)[3] & termios.ECHO:
            assert time.monotonic() < deadline, f"the answer would be shown: {self.seen}"
            time.sleep(0.01)
        self.press(f"{typed}\n")

    def interrupt(self, question: str) -> None:
        """Wait for a question, and press Ctrl-C.

        CPython notices a signal that comes just before its read begins only after the read: Enter
        ends that. A second Ctrl-C could come when Python, on its way out, is killed by it.
        """
        self.answer(question, "\x03")

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        deadline = time.monotonic() + 30
        while self._read(deadline):
            pass
        return self._process.wait(timeout=30)

    def hang_up(self) -> int:
        """Close the terminal, and return the exit code of what ran on it."""
        os.close(self._master)
        self._is_closed = True
        return self._process.wait(timeout=30)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
        try:
            raw = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux's way to say that the other side is closed
            raw = b""
        text = self._decoder.decode(raw)
        self._reply(text)
        self._since += text
        return bool(raw)

    def _reply(self, text: str) -> None:
        # fish asks the terminal what it is, and waits for an answer.
        if "\x1b[c" in text or "\x1b[0c" in text:
            os.write(self._master, b"\x1b[?62;c")
        if "\x1b[6n" in text:
            os.write(self._master, b"\x1b[1;1R")
