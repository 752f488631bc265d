"""Where a text is read from, and how."""

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.commands import reading
from linksms_cli.commands.reading import read_lines, read_text
from linksms_cli.errors import UsageError


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


class Untouchable(io.BytesIO):
    def read(self, _size: int | None = -1) -> bytes:
        raise AssertionError("stdin was read")


def test_an_argument_is_taken_as_it_is_and_stdin_is_not_touched() -> None:
    for argument in ("Hej på dig", "", "  \r\n", "\\n", "\ufeffx"):
        assert read_text(argument, Untouchable()) == argument


class Endless(io.RawIOBase):
    """As /dev/zero: always more of it."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        buffer[:] = bytes(len(buffer))
        return len(buffer)


def test_what_has_no_end_is_no_text() -> None:
    with pytest.raises(UsageError, match="stdin is longer than 256 MiB"):
        read_text("-", io.BufferedReader(Endless()))
    with pytest.raises(UsageError, match="a line of stdin is longer than 256 MiB"):
        list(read_lines("-", io.BufferedReader(Endless())))


@pytest.mark.parametrize("argument", ["-", None])
def test_stdin_is_read_for_a_dash_or_without_an_argument(argument: str | None) -> None:
    assert read_text(argument, io.BytesIO("Grüße – €\n".encode())) == "Grüße – €"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a\n", "a"),
        (b"a\r\n", "a"),
        (b"a\n\n", "a\n"),
        (b"a\r\nb\r\n", "a\r\nb"),
        (b"a\r", "a\r"),
        (b"\xef\xbb\xbfa", "a"),
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa"),
    ],
)
def test_one_final_newline_and_a_byte_order_mark_are_dropped(raw: bytes, text: str) -> None:
    assert read_text("-", io.BytesIO(raw)) == text


def test_a_terminal_is_read_only_for_a_dash() -> None:
    assert read_text("-", Terminal(b"typed\n")) == "typed"
    with pytest.raises(UsageError, match="no text"):
        read_text(None, Terminal(b"typed\n"))


@pytest.mark.parametrize("argument", ["-", None])
def test_a_process_without_stdin_has_no_text(argument: str | None) -> None:
    with pytest.raises(UsageError, match="no text"):
        read_text(argument, None)


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"\xff", r"stdin .* byte 0xff at offset 0 \(line 1\)"),
        (b"ok\nk\xe4se\n", r"byte 0xe4 at offset 4 \(line 2\)"),
        (b"\xed\xa0\x80", r"byte 0xed at offset 0 \(line 1\)"),
    ],
)
def test_what_is_not_utf8_is_a_usage_error_that_says_where(raw: bytes, where: str) -> None:
    with pytest.raises(UsageError, match=where):
        read_text("-", io.BytesIO(raw))


def test_stdin_is_a_stream_of_bytes() -> None:
    stream: BinaryIO = io.BytesIO(b"x")
    assert read_text(None, stream) == "x"


def test_a_file_is_read_by_the_same_rules(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(b"\xef\xbb\xbfHej\r\nd\xc3\xa5\n")
    assert read_text(None, Untouchable(), file) == "Hej\r\ndå"
    assert read_text(None, io.BytesIO(b"stdin"), Path("-")) == "stdin"


@pytest.mark.parametrize("argument", ["text", "-", ""])
def test_a_text_and_a_file_are_one_too_many(argument: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="both a TEXT and --file"):
        read_text(argument, Untouchable(), tmp_path)
    with pytest.raises(UsageError, match="both a TEXT and --file"):
        list(read_lines(argument, Untouchable(), tmp_path))


@pytest.mark.parametrize("name", ["", "missing.txt"])
def test_a_file_that_cannot_be_read_is_a_usage_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*: (Is a directory|No such file)"):
        read_text(None, None, tmp_path / name)


def test_what_is_no_utf8_behind_a_byte_order_mark_is_counted_from_the_start() -> None:
    raw = b"\xef\xbb\xbfok\n\xe4\n"
    with pytest.raises(UsageError, match=r"byte 0xe4 at offset 6 \(line 2\)"):
        read_text("-", io.BytesIO(raw))
    with pytest.raises(UsageError, match=r"byte 0xe4 at offset 6 \(line 2\)"):
        list(read_lines("-", io.BytesIO(raw)))


def test_lines_of_windows_are_recognised() -> None:
    with pytest.raises(UsageError, match="stdin is UTF-16LE, not UTF-8"):
        list(read_lines("-", io.BytesIO("a\nb\n".encode("utf-16-le"))))


class Pipe:
    """A pipe whose writer says nothing until somebody waits for it."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.stdin = os.fdopen(reading, "rb")
        self.told: list[str] = []

    def tell(self, sentence: str) -> None:
        self.told.append(sentence)
        self.say(b"at last\n")

    def say(self, words: bytes) -> None:
        os.write(self._writing, words)
        os.close(self._writing)


def first_line(*given: Any, **told: Any) -> str:
    return next(read_lines(*given, **told))[0]


@pytest.mark.parametrize("read", [read_text, first_line])
def test_a_silent_pipe_that_nobody_named_is_told_of(
    read: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_SILENCE", 0)
    pipe = Pipe()
    with pipe.stdin as stdin:
        assert read(None, stdin, tell=pipe.tell) == "at last"
    assert pipe.told == ["Waiting for the text on stdin, because no TEXT is given. Ctrl-C stops."]


@pytest.mark.parametrize("argument", ["-", None])
def test_what_speaks_or_was_named_is_not_told_of(
    argument: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = Pipe()
    if argument is None:  # what was named is not even looked at
        pipe.say(b"Hej")
    else:
        monkeypatch.setattr(reading, "_SILENCE", 0)
        threading.Timer(0, pipe.say, [b"Hej"]).start()
    with pipe.stdin as stdin:
        assert read_text(argument, stdin, tell=pipe.tell) == "Hej"
    assert pipe.told == []


class Impatient(io.FileIO):
    """The end of a pipe that is not to be waited for, of whose text the rest comes after a pause.

    Whoever reads on without waiting finds nothing there.
    """

    def __init__(self, begun: bytes, rest: bytes) -> None:
        reading, self._writing = os.pipe()
        os.set_blocking(reading, False)
        os.write(self._writing, begun)
        self._rest = rest
        super().__init__(reading, "rb")

    def readinto(self, buffer: Any) -> int | None:
        taken = super().readinto(buffer)
        if self._rest and os.get_blocking(self.fileno()):
            os.write(self._writing, self._rest)
            self._rest = b""
            os.close(self._writing)
        return taken


@pytest.mark.parametrize("argument", ["-", None])
def test_a_pause_in_a_pipe_is_not_its_end(argument: str | None) -> None:
    with io.BufferedReader(Impatient(b"Hej ", "på dig\n".encode())) as stdin:
        assert read_text(argument, stdin) == "Hej på dig"
    with io.BufferedReader(Impatient(b"one\ntw", b"o\nthree\n")) as stdin:
        assert list(chain.from_iterable(read_lines(argument, stdin))) == ["one", "two", "three"]


class Dripping(io.BytesIO):
    """A pipe that gives as much at a time as it is told."""

    def __init__(self, raw: bytes, sizes: list[int]) -> None:
        super().__init__(raw)
        self.sizes = sizes

    def read1(self, _size: int | None = -1) -> bytes:
        return super().read(self.sizes.pop(0) if self.sizes else -1)


@given(st.binary(max_size=200), st.lists(st.integers(1, 20), max_size=30))
@example(b"a\r\nb\r\n\r\nc", [2, 1, 1])
@example(b"\xef\xbb\xbf\xef\xbb\xbfa\n", [1, 1, 1, 1])
@example(b"\xc3\xa5\n\xc3\xa4", [1, 3, 1])
def test_lines_are_those_of_the_whole_however_they_come_in(raw: bytes, sizes: list[int]) -> None:
    # What looks like UTF-16 is refused as such.
    raw = raw.replace(b"\0", b"0").replace(b"\xfe", b"e")
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as failure:
        good = raw.removeprefix(b"\xef\xbb\xbf")[: failure.start].decode().split("\n")[:-1]
        given: list[str] = []
        with pytest.raises(UsageError, match=rf"\(line {len(good) + 1}\)"):
            given.extend(chain.from_iterable(read_lines("-", Dripping(raw, sizes))))
        assert given == [line.removesuffix("\r") for line in good]
        return
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    given = [line for block in read_lines("-", Dripping(raw, sizes)) for line in block]
    assert given == [line.removesuffix("\r") for line in lines]


def test_lines_come_as_soon_as_they_are_there() -> None:
    blocks = read_lines("-", Dripping(b"a\nb\nc", [3, 1, 2]))
    assert list(blocks) == [["a"], ["b"], ["c"]]


def test_the_lines_of_an_argument() -> None:
    assert list(read_lines("a\r\nb\n", Untouchable())) == [["a", "b"]]


def test_the_program_says_what_it_waits_for(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", "segments"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        assert process.stderr.readline().startswith(b"Waiting for the text on stdin")
        process.stdin.write(b"Hej")
        process.stdin.close()
        assert process.stdout.read().startswith(b"1 part GSM-7, 3 of 1377 units")
