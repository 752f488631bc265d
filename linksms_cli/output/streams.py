"""The streams that a process was started with: missing, full, on a terminal or not."""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any, TextIO


def make_ready() -> None:
    """See to it that stdout and stderr take all that is written to them, or raise an error.

    A stream that the process was started without (`>&-`) leads to nothing.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # It takes the number that is free, so that no store or socket gets that of a stream.
            nothing = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(nothing, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - for good
            continue
        make_wait(stream)
        if isinstance(stream, io.TextIOWrapper) and isinstance(stream.buffer, io.RawIOBase):
            setattr(sys, name, _buffered(stream))


def make_wait(stream: IO[Any]) -> None:
    """Let whoever reads or writes a pipe wait for the other end.

    Another program that has the pipe too may have told it not to wait: Node does. Then what a full
    pipe did not take is lost, and a pause passes for the end of what is read.
    """
    with suppress(OSError, ValueError, AttributeError):  # not a file, or Windows without such pipes
        os.set_blocking(stream.fileno(), True)


def _buffered(stream: io.TextIOWrapper) -> TextIO:
    """Return a stream that goes on until all is written.

    With PYTHONUNBUFFERED, as images for containers set it, Python writes once, and passes over what
    a disk or a pipe did not take of it.
    """
    return open(stream.fileno(), "w", encoding=stream.encoding, errors=stream.errors, closefd=False)


def drop(stream: TextIO) -> None:
    """Point a stream that takes nothing more at nothing, so that no later flush fails either."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def folded(text: str) -> str:
    """Break lines between words for a terminal, which would break them anywhere.

    Not for what holds a command, which is copied in one piece only if nothing breaks it.
    """
    if not sys.stderr.isatty():
        return text
    import textwrap

    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        columns = 0
    # A terminal that does not know its width says 0.
    width = columns if columns > 0 else 80
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether what is written to a stream is to have colours."""
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced.lower() not in {"0", "false"}
    return stream.isatty() and environ.get("TERM") != "dumb"
