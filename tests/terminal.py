"""A terminal of the tests: the program as a person meets it, question by question."""

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

# The child makes the terminal its own first: a hidden prompt opens /dev/tty.
_OWN_IT = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execv(sys.executable, [sys.executable, '-m', 'linksms_cli', *sys.argv[1:]])"
)


class Terminal:
    """A command on a terminal of its own; `seen` is everything it showed so far."""

    def __init__(self, *words: str, env: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _OWN_IT, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=dict(env) | {"TERM": "dumb"},
            start_new_session=True,
        )
        os.close(slave)
        self.seen = ""

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
        os.close(self._master)

    def expect(self, text: str) -> None:
        """Read on until `text` stands in what came since the last answer."""
        deadline = time.monotonic() + 30
        shown = ""
        while text not in shown:
            piece = self._read(deadline)
            assert piece is not None, f"{text!r} did not come: {self.seen}"
            shown += piece

    def answer(self, question: str, typed: str) -> None:
        """Wait for a question, and type an answer with Enter."""
        self.expect(question)
        os.write(self._master, f"{typed}\n".encode())

    def answer_hidden(self, question: str, typed: str) -> None:
        """Wait for a question whose answer is not shown, and type it.

        What is typed before the echo goes off is thrown away by getpass, as it must be.
        """
        self.expect(question)
        deadline = time.monotonic() + 30
        while termios.tcgetattr(self._master)[3] & termios.ECHO:
            assert time.monotonic() < deadline, f"the answer would be shown: {self.seen}"
            time.sleep(0.01)
        os.write(self._master, f"{typed}\n".encode())

    def interrupt(self, question: str) -> None:
        """Wait for a question, and press Ctrl-C until it is heard.

        CPython notices a signal that comes just before its read begins only after the read.
        """
        self.expect(question)
        for _ in range(60):
            os.write(self._master, b"\x03")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.5)
                return

    def end(self) -> int:
        """Read to the end, and return the exit code."""
        deadline = time.monotonic() + 30
        while self._read(deadline) is not None:
            pass
        return self._process.wait(timeout=30)

    def _read(self, deadline: float) -> str | None:
        ready, _, _ = select.select([self._master], [], [], max(0, deadline - time.monotonic()))
        try:
            raw = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux's way to say that the other side is closed
            raw = b""
        text = raw.decode().replace("\r\n", "\n")
        self.seen += text
        return text or None
