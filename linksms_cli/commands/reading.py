"""Where texts come from: an argument, a file or standard input, by one rule for every command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from linksms_cli.errors import UsageError
from linksms_cli.output.streams import make_wait
from linksms_cli.sms.text import decoding as texts

# As much as is read at a time where lines are taken one by one.
_BLOCK = 1 << 16
# The longest text, or line, that is taken: more is no text, and may have no end.
_MOST = 1 << 28
# After so many seconds without a byte from a pipe that nobody named, it is said.
_SILENCE = 3

Tell = Callable[[str], None]


def read_text(
    argument: str | None,
    stdin: BinaryIO | None,
    file: Path | None = None,
    *,
    tell: Tell | None = None,
) -> str:
    """Return the text that the command line gives.

    An argument is taken as it is and stdin is not touched; `-` means stdin, and so does no
    argument if stdin is not a terminal. `stdin` is None if the process has none. `tell` is given
    a sentence if a pipe that nobody named stays silent.

    Raises UsageError if there is no text, or if it cannot be read or is not UTF-8.
    """
    if argument is not None and argument != "-":
        _refuse_both(file)
        return argument
    with _open(argument, stdin, file, tell) as (stream, where):
        return texts.decode(_read(stream, where), where)


def read_stdin(stdin: BinaryIO | None) -> bytes:
    """Return what stands on stdin, to the end."""
    with _open("-", stdin, None, None) as (stream, where):
        return _read(stream, where)


def read_lines(
    argument: str | None,
    stdin: BinaryIO | None,
    file: Path | None = None,
    *,
    tell: Tell | None = None,
) -> Iterator[list[str]]:
    """Yield the lines of that text, as many at a time as have come in.

    Lines end at LF or CRLF, which does not belong to them. No more is kept than a block, or one
    line where that is longer.

    Raises UsageError as `read_text` does; what stands before a fault has been given by then.
    """
    if argument is not None and argument != "-":
        _refuse_both(file)
        yield _split(argument)
        return
    with _open(argument, stdin, file, tell) as (stream, where):
        offset = line = 0
        for block in _blocks(stream, where):
            start = 0
            if not offset:
                texts.refuse_utf16(block, where)
                start = texts.after_byte_order_mark(block)
            try:
                lines = _split(block[start:].decode("utf-8"))
            except UnicodeDecodeError as failure:
                at = start + failure.start
                yield _split(block[start : block.rfind(b"\n", 0, at) + 1].decode("utf-8"))
                line += block.count(b"\n", 0, at) + 1
                raise texts.not_utf8(where, byte=block[at], offset=offset + at, line=line) from None
            yield lines
            offset += len(block)
            line += len(lines)


def _read(stream: BinaryIO, where: str) -> bytes:
    """Read to the end, or until it is too much: in pieces, since one large read takes its room."""
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(_BLOCK):
        pieces.append(piece)
        size += len(piece)
        if size > _MOST:
            hint = "Is it the right file? With --lines, each line is a text."
            raise UsageError(f"{where} is longer than {_MOST >> 20} MiB", hint)
        if len(piece) < _BLOCK:  # the end: a terminal that is asked again waits for another Ctrl-D
            break
    return b"".join(pieces)


def _refuse_both(file: Path | None) -> None:
    if file is not None:
        raise UsageError("both a TEXT and --file are given", "Leave one of them out.")


@contextmanager
def _open(
    argument: str | None, stdin: BinaryIO | None, file: Path | None, tell: Tell | None
) -> Iterator[tuple[BinaryIO, str]]:
    """Open what is to be read, and name it for an error."""
    where = "stdin" if file is None or str(file) == "-" else str(file)
    if argument is not None:
        _refuse_both(file)
    try:
        if where != "stdin":
            with Path(where).open("rb") as stream:
                yield stream, where
        elif stdin is None or (argument is None and file is None and stdin.isatty()):
            raise UsageError(
                "no text given", "Give it as an argument, or pipe it in: echo Hello | linksms ..."
            )
        else:
            if argument is None and file is None and tell is not None:
                _tell_of_silence(stdin, tell)
            make_wait(stdin)  # or half of a text would be sent
            yield stdin, where
    except OSError as failure:
        raise UsageError(f"cannot read {where}: {failure.strerror}") from None


def _tell_of_silence(stdin: BinaryIO, tell: Tell) -> None:
    """Wait for the first byte, and say what is waited for if it does not come soon."""
    import select

    try:
        ready, _, _ = select.select([stdin], [], [], _SILENCE)
    except (OSError, ValueError):  # not a file, or on Windows, where only sockets can be waited for
        return
    if not ready:
        tell("Waiting for the text on stdin, because no TEXT is given. Ctrl-C stops.")


def _blocks(stream: BinaryIO, where: str) -> Iterator[bytes]:
    """Yield what has come in as soon as it has, cut behind line ends."""
    # Every file, pipe and BytesIO has read1; only the annotation BinaryIO lacks it.
    read: Any = stream.read1  # type: ignore[attr-defined]
    pieces: list[bytes] = []
    size = 0
    while piece := read(_BLOCK):
        end = piece.rfind(b"\n") + 1
        if end:
            yield b"".join([*pieces, piece[:end]])
            pieces, size = [], 0
        pieces.append(piece[end:])
        size += len(piece) - end
        if size > _MOST:
            message = f"a line of {where} is longer than {_MOST >> 20} MiB"
            raise UsageError(message, "Is it the right file?")
    if last := b"".join(pieces):
        yield last


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines] if "\r" in text else lines
