"""A terminal with a shell in it, as a person has one: keys go in, the screen is read."""

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PROMPT = "ready> "
# Colours, cursor movements, titles, and carriage returns.
_CONTROL = re.compile(
    r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][0-9A-B]|[=>])|\r"
)


class Terminal:
    """One interactive shell on a pseudo-terminal of 100 columns."""

    def __init__(self, words: list[str], environ: Mapping[str, str], folder: Path) -> None:
        self._screen = ""
        self._process, self._keys = pty.fork()
        if self._process == 0:  # the child: nothing but the shell
            os.chdir(folder)
            os.execvpe(words[0], words, {**environ, "TERM": "xterm", "COLUMNS": "100"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._keys)

    def press(self, keys: str) -> None:
        """Type keys; what the screen got before is forgotten."""
        self._screen = ""
        os.write(self._keys, keys.encode())

    def shows(self, *expected: str, within: float = 20) -> str:
        """Return the screen once all the texts are on it; fail with what it shows instead."""
        end = time.monotonic() + within
        while not all(text in self._screen for text in expected):
            if time.monotonic() > end or not self._read():
                raise AssertionError(f"not on the screen: {expected}\n{self._screen}")
        return self._screen

    def _read(self) -> bool:
        if select.select([self._keys], [], [], 0.2)[0]:
            try:
                read = os.read(self._keys, 65536).decode(errors="replace")
            except OSError:  # the shell has ended
                return False
            self._answer(read)
            self._screen += _CONTROL.sub("", read)
        return True

    def _answer(self, read: str) -> None:
        # fish asks the terminal what it is, and waits for an answer.
        if "\x1b[c" in read or "\x1b[0c" in read:
            os.write(self._keys, b"\x1b[?62;c")
        if "\x1b[6n" in read:
            os.write(self._keys, b"\x1b[1;1R")
