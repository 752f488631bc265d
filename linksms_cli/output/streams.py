"""The streams that a process was started with: missing, full, on a terminal or not."""

import os
import sys
from collections.abc import Mapping
from typing import TextIO


def open_missing() -> None:
    """Let a stream that the process was started without (`>&-`) lead to nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It takes the number that is free, so that no store or socket gets that of a stream.
            nothing = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(nothing, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - for good


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
