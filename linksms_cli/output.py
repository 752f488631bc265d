"""All output: stdout or stderr, text or JSON, with colour or without.

stdout carries results, stderr what is said to a person. Nothing else in the package prints.
"""

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, NamedTuple, TextIO

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Everything a terminal may obey instead of show: C0 but tab and newline, DEL, C1, and the
# directional controls that can make a line read differently from what it says.
_OBEYED = re.compile(
    "(\x1b\\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_OBEYED_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def encode(value: object) -> str:
    """Return a value as JSON: UTF-8 as it is, but what a terminal may obey as an escape."""
    return safe(_encode(value))


def safe(line: str) -> str:
    """Return JSON with what a terminal may obey as an escape."""
    if line.isascii() and "\x7f" not in line:
        return line  # most are, and this takes no time
    return _OBEYED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


class Progress(NamedTuple):
    """How far work is: so many of so many, and a text beside that."""

    done: int
    total: int | None
    text: str


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
        _open_missing()
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self._acts = acts
        # Whether what is written to stdout reaches nobody any more: a command that only tells can
        # leave an endless input, and one that acts ends with its reader, but not with a disk.
        self.unread = False
        env = os.environ if environ is None else environ
        self._colour = {stream: _wants_colour(stream, env) for stream in (sys.stdout, sys.stderr)}

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
            self._say(sys.stderr, f"\x1b[31merror:\x1b[0m {line}")

    def abandon(self) -> None:
        """Drop what is still to be written: somebody holds the pipes open and does not read."""
        _drop(sys.stdout)
        _drop(sys.stderr)

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show `text` with a spinner while the block runs; silent without a terminal.

        The block is given a function that changes the text.
        """
        if self.json or self.quiet or not sys.stderr.isatty():
            yield lambda _text: None
            return
        from rich.console import Console
        from rich.text import Text

        plain = not self._colour.get(sys.stderr, False)
        with Console(stderr=True, no_color=plain).status(Text(_plain(text))) as status:
            yield lambda text: status.update(Text(_plain(text)))

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
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True, no_color=not self._colour.get(sys.stderr, False))
        # Short, so that the line has room for the ^C that a terminal shows where the cursor is.
        columns = (BarColumn(bar_width=10), TextColumn("{task.percentage:>3.0f} %"))
        told = (TextColumn("{task.description}"), TimeRemainingColumn(compact=True))
        # What goes into a file or a pipe must not be printed above the bar instead.
        apart = not sys.stdout.isatty()
        with Bar(
            *columns, *told, console=console, redirect_stdout=not apart, transient=True
        ) as bar:
            task = bar.add_task("", total=None, visible=False)

            def show(progress: Progress | None) -> None:
                if progress is None:
                    bar.stop()
                    return
                bar.update(
                    task,
                    completed=progress.done,
                    total=progress.total,
                    description=_plain(progress.text),
                    visible=True,
                )

            yield show

    def _warn(self, text: str) -> None:
        if self.json:
            self._write(sys.stderr, encode({"warning": text}))
        else:
            words = _folded(f"warning: {text}").removeprefix("warning:")
            self._say(sys.stderr, f"\x1b[33mwarning:\x1b[0m{words}")

    def _say(self, stream: TextIO, text: str) -> None:
        shown = _OBEYED.sub(_escape, text)
        # While a spinner turns, sys.stderr is rich's, which prints above it.
        colour = self._colour.get(stream, False)
        self._write(stream, shown if colour else _COLOUR.sub("", shown))

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
        try:
            yield
            stream.flush()
        except OSError as failure:
            _drop(stream)
            if stream is sys.stdout:
                self._lose(failure)

    def _lose(self, failure: OSError) -> None:
        """Take note that stdout has failed. (That stderr has is not told: stdout has results.)"""
        left = isinstance(failure, BrokenPipeError)
        self.unread = left or not self._acts
        if not left:
            Output.lost = not self._acts
            # Not even --quiet asks for results that are lost in silence.
            self._warn(f"cannot write to stdout: {failure.strerror}")


def _open_missing() -> None:
    """Let a stream that the process was started without (`>&-`) lead to nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It takes the number that is free, so that no store or socket gets that of a stream.
            nothing = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, open(nothing, "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - for good


def _drop(stream: TextIO) -> None:
    """Point a stream that takes nothing more at nothing, so that no later flush fails either."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)


def _folded(text: str) -> str:
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


def _wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced.lower() not in {"0", "false"}
    return stream.isatty() and environ.get("TERM") != "dumb"


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _plain(text: str) -> str:
    return _COLOUR.sub("", _OBEYED.sub(_escape, text))
