"""All output: stdout or stderr, text or JSON, with colour or without.

stdout carries results, stderr what is said to a person. Nothing else in the package prints.
"""

import io
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, TextIO

from linksms_cli.output.escapes import encode, in_one_line, shown, without_colour
from linksms_cli.output.streams import drop, folded, make_ready, wants_colour

if TYPE_CHECKING:
    from linksms_cli.output.progress import Progress

# Seconds in which somebody must take what is written, once a signal has come.
_PATIENCE = 5.0


class Output:
    """Where a command's words go.

    `json` prints each result as one object per line, and silences hints and progress; `quiet`
    silences hints and warnings. `verbose` shows details, with `json` as objects too.

    A stream that cannot be written to, or that the process was started without, never stops the
    work: what follows is dropped. If the reader of a pipe has left, nothing is said. If stdout
    fails in another way (a full disk), a warning says so, and `lost` is set unless the command
    `acts`: does something in the world that its exit code reports. `app.main` makes the exit code.
    """

    lost: ClassVar[bool] = False

    def __init__(
        self,
        *,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        acts: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        make_ready()
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self._acts = acts
        # What is being written to, and since when.
        self._writes: tuple[TextIO, float] | None = None
        # Whether what is written to stdout reaches nobody any more: a command that only tells can
        # leave an endless input, and one that acts ends with its reader, but not with a disk.
        self.unread = False
        env = os.environ if environ is None else environ
        self._colour = {stream: wants_colour(stream, env) for stream in (sys.stdout, sys.stderr)}

    @property
    def width(self) -> int:
        """How many columns a page for a person has: the terminal's, from 60 to 80."""
        return max(60, min(80, shutil.get_terminal_size((80, 24)).columns))

    @property
    def columns(self) -> int | None:
        """How many columns a table may have: the terminal's; None if it goes somewhere else."""
        return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else None

    def result(self, record: Mapping[str, object], text: str | None) -> None:
        """One result: `record` as a line of JSON, or `text` for a person, None for nothing."""
        if self.json:
            self._write(sys.stdout, encode(record))
        elif text is not None:
            self._say(sys.stdout, text)

    def lines(self, lines: Iterable[str]) -> None:
        """Write many results at once, each a line that is ready: made by `encode`, or text."""
        if self.json:
            self._write(sys.stdout, *lines)
        elif text := "\n".join(filter(None, lines)):
            self._say(sys.stdout, text)

    def octets(self, octets: bytes, text: str) -> None:
        """Write bytes to stdout just as they are, or `text` in their place for a terminal."""
        if sys.stdout.isatty():
            self._say(sys.stdout, text)
        else:
            with self._writing(sys.stdout):
                sys.stdout.buffer.write(octets)

    def text(self, text: str) -> None:
        """Print text on stdout for a person around the results: a heading, a table. Not JSON."""
        if not self.json:
            self._say(sys.stdout, text)

    def hint(self, text: str) -> None:
        """Print what a person may want to know, on stderr."""
        if not self.json and not self.quiet:
            self._say(sys.stderr, text)

    def progressed(self, record: Mapping[str, object], text: str) -> None:
        """Print a step on the way to a result, on stderr: `record` under JSON, else `text`."""
        if self.json and not self.quiet:
            self._write(sys.stderr, encode(record))
        else:
            self.hint(text)

    def remark(self, text: str) -> None:
        """Print on stderr what only a person at a terminal may want to know."""
        if sys.stderr.isatty():
            self.hint(text)

    def detail(self, record: str, text: str) -> None:
        """Print what only who asked for --verbose wants to know, on stderr; `record` under JSON."""
        if self.verbose and self.json:
            self._write(sys.stderr, encode({"detail": record}))
        elif self.verbose:
            self._say(sys.stderr, f"\x1b[2m{text}\x1b[0m")

    def warning(self, text: str) -> None:
        """Print what a person should know before it costs them something, on stderr."""
        if not self.quiet:
            self._warn(text)

    def error(self, kind: str, message: str, hint: str | None, exit_code: int) -> None:
        """Print a failure that leaves no result, on stderr."""
        if self.json:
            error = {"kind": kind, "message": message, "hint": hint, "exit_code": exit_code}
            self._write(sys.stderr, encode({"error": error}))
        else:
            line = f"{message.rstrip('.')}. {hint}" if hint else message
            self._say(sys.stderr, f"\x1b[31merror:\x1b[0m {in_one_line(line)}")

    def abandon(self) -> None:
        """Drop what is still to be written: somebody holds the pipes open and does not read."""
        drop(sys.stdout)
        drop(sys.stderr)

    def leave_reader(self) -> None:
        """Drop what is being written if nobody has taken it for seconds: call it after a signal.

        It may come from a signal's handler, in the middle of the writing, which goes on then.
        """
        if self._writes is None:
            return
        stream, since = self._writes
        if time.monotonic() > since + _PATIENCE:
            drop(stream)
            self.unread = self.unread or stream is sys.stdout

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show `text` with a spinner while the block runs; silent without a terminal.

        The block is given a function that changes the text.
        """
        if self.json or self.quiet or not sys.stderr.isatty():
            yield lambda _text: None
            return
        from linksms_cli.output.progress import spinning

        with spinning(text, has_colour=self._colour.get(sys.stderr, False)) as change:
            yield change

    @property
    def has_bar(self) -> bool:
        """Whether a progress bar would be seen: by a person at a terminal."""
        return not (self.json or self.quiet) and sys.stderr.isatty()

    @contextmanager
    def bar(self) -> Iterator[Callable[["Progress | None"], None]]:
        """Show a progress bar while the block runs; silent without a terminal.

        The block is given a function that says how far it is; None takes the bar away.
        """
        if not self.has_bar:
            yield lambda _progress: None
            return
        from linksms_cli.output.progress import bar_shown

        with bar_shown(has_colour=self._colour.get(sys.stderr, False)) as show:
            yield show

    def _warn(self, text: str) -> None:
        if self.json:
            self._write(sys.stderr, encode({"warning": text}))
        else:
            words = folded(f"warning: {in_one_line(text)}").removeprefix("warning:")
            self._say(sys.stderr, f"\x1b[33mwarning:\x1b[0m{words}")

    def _say(self, stream: TextIO, text: str) -> None:
        text = shown(text)
        # While a spinner turns, sys.stderr is rich's, which prints above it.
        colour = self._colour.get(stream, False)
        self._write(stream, text if colour else without_colour(text))

    def _write(self, stream: TextIO, *lines: str) -> None:
        with self._writing(stream):
            if self.json and stream is sys.stdout and isinstance(stream, io.TextIOWrapper):
                # JSON is UTF-8 whatever the locale says; a lone surrogate becomes its JSON escape.
                # Each line for itself, since most are ASCII, which takes a copy and no coding.
                coded = [line.encode("utf-8", "backslashreplace") for line in lines]
                stream.buffer.write(b"\n".join([*coded, b""]))
            else:
                encoding = stream.encoding or "utf-8"
                text = "\n".join([*lines, ""])
                stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    @contextmanager
    def _writing(self, stream: TextIO) -> Iterator[None]:
        """Let the block write to a stream, and drop what it would take no more."""
        was_read = not self.unread
        self._writes = stream, time.monotonic()
        try:
            yield
            stream.flush()
        except OSError as failure:
            drop(stream)
            if stream is sys.stdout:
                self._lose(failure)
        else:
            if was_read and self.unread:
                self._warn("nobody reads stdout: the rest of it is lost")
        finally:
            self._writes = None

    def _lose(self, failure: OSError) -> None:
        """Take note that stdout has failed. (That stderr has is not told: stdout has results.)"""
        left = isinstance(failure, BrokenPipeError)
        self.unread = left or not self._acts
        if not left:
            Output.lost = not self._acts
            # Not even --quiet asks for results that are lost in silence.
            self._warn(f"cannot write to stdout: {failure.strerror}")
