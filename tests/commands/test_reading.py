"""Where a text is read from, and how."""

import io
import os
from typing import BinaryIO

import pytest

from linksms_cli.commands.reading import read_text
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


def test_an_argument_that_is_not_utf8_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="character 1 "):
        read_text(os.fsdecode(b"k\xe4se"), None)


def test_stdin_is_a_stream_of_bytes() -> None:
    stream: BinaryIO = io.BytesIO(b"x")
    assert read_text(None, stream) == "x"
