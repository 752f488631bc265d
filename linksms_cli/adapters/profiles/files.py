"""Files that a person wrote for us to read: small, and now and then a pipe in place of a file."""

import os
import select
import stat
import time
from pathlib import Path
from typing import NamedTuple

from linksms_cli.adapters import ownership

# As long as a person may take to unlock what is on the other side of a pipe: <(pass show linksms).
PIPE_SECONDS = 60.0
_PIECE = 64 * 1024


class Content(NamedTuple):
    """What a file holds, and its mode with its kind, as `os.stat` gives it."""

    raw: bytes
    mode: int


def read(
    path: Path, *, most: int, pipe_seconds: float = PIPE_SECONDS, by_us: bool = False
) -> Content:
    """Return what a file holds; of one that has more than `most` bytes, that it has more.

    With `by_us`, one that a stranger may have put there is refused: a PermissionError.
    Raises OSError; TimeoutError is one, for a pipe into which nobody writes.
    """
    end = ownership.refuse_planted(path) if by_us else path
    # Opening must not wait for a writer, nor make a terminal ours.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        if by_us:
            ownership.refuse_opened(descriptor, end)
        mode = os.fstat(descriptor).st_mode
        waits = stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)
        deadline = time.monotonic() + pipe_seconds
        raw = b""
        while len(raw) <= most:
            if waits:
                _wait(descriptor, deadline)
            piece = os.read(descriptor, _PIECE)
            if not piece:
                break
            raw += piece
        return Content(raw=raw, mode=mode)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, deadline: float) -> None:
    """Wait until a pipe has something to read, or its last writer has gone."""
    if not hasattr(select, "poll"):  # Windows has no pipes that are opened as files
        return
    readable = select.poll()
    readable.register(descriptor, select.POLLIN | select.POLLHUP)
    if not readable.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError(0, "nobody writes into this pipe")
