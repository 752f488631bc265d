"""Text as it comes in, and as a terminal may see it."""

import re
import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms.text import decoding


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Hej\n", "Hej"),
        (b"Hej\r\n", "Hej"),
        (b"Hej\n\n", "Hej\n"),
        (b"a\r\nb", "a\r\nb"),
        (b"\xef\xbb\xbfHej", "Hej"),
        (b"", ""),
    ],
)
def test_one_final_newline_and_a_mark_are_dropped(raw: bytes, expected: str) -> None:
    assert decoding.decode(raw, "stdin") == expected


def test_what_is_not_utf8_says_where() -> None:
    with pytest.raises(UsageError) as caught:
        decoding.decode(b"\none\ntwo \xe5\nthree", "stdin")
    assert caught.value.message == "stdin is not UTF-8: byte 0xe5 at offset 9 (line 3)"

    assert caught.value.hint == (
        "Convert it first, from WINDOWS-1252 for example: iconv -f WINDOWS-1252 -t UTF-8."
    )


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-16BE"])
@pytest.mark.parametrize("text", ["Hej", "a", "Grüße – €\r\n", "alarm på db-1\n" * 400])
def test_what_windows_writes_is_recognised(encoding: str, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        decoding.decode(text.encode(encoding), "stdin")
    assert caught.value.message == f"stdin is {encoding}, not UTF-8"
    assert caught.value.hint == f"Convert it first: iconv -f {encoding} -t UTF-8."


@pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is not installed")
@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-16BE", "WINDOWS-1252"])
def test_the_hint_works(encoding: str) -> None:
    raw = "Grüße, på plats".encode(encoding)
    with pytest.raises(UsageError) as caught:
        decoding.decode(raw, "stdin")
    command = re.search("iconv .*[^.]", caught.value.hint or "")
    assert command
    done = subprocess.run(shlex.split(command[0]), input=raw, capture_output=True, check=True)
    assert decoding.decode(done.stdout, "stdin") == "Grüße, på plats"


@pytest.mark.parametrize("text", ["find -print0\0 told so\0", "odd\0!", "\0odd!", "\0\0\0\0", "\0"])
def test_a_nul_here_and_there_is_no_utf16(text: str) -> None:
    assert decoding.decode(text.encode(), "stdin") == text


def test_an_argument_that_was_not_utf8_says_where() -> None:
    with pytest.raises(UsageError, match="character 3"):
        decoding.refuse_undecoded("abc\udce5", "--once")
    decoding.refuse_undecoded("  as it is: å\n", "--once")


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " ",
        "\r\n\t",
        "\u00a0",
        "\u200b",
        "\u2060 \ufeff",
        "\u3000",
        "\u3164",
        "\u115f\ufe0f\u2063",
    ],
)
def test_what_shows_nothing_is_blank(blank: str) -> None:
    assert decoding.is_blank(blank)


def test_what_shows_something_is_not() -> None:
    assert not decoding.is_blank("\u200b.")


@given(st.text())
def test_what_is_visible_holds_nothing_a_terminal_obeys(anything: str) -> None:
    shown = decoding.visible(anything)
    assert not any(c < " " or "\x7f" <= c <= "\x9f" for c in shown)


def test_what_a_terminal_obeys_is_found_beside_anything() -> None:
    obeyed = {
        *map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)),
        *map(chr, range(0xD800, 0xE000)),
        # Bidi_Control, as Unicode's PropList.txt has it.
        *map(chr, (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    }
    changed = {each for each in map(chr, range(0x110000)) if decoding.visible(each) != each}
    assert changed == obeyed
    shown = decoding.visible("Grüße\u00a0\x1b\u202e\x9b\U0001f600")
    assert shown == "Grüße\u00a0\\x1b\\u202e\\x9b\U0001f600"


def test_controls_and_what_was_not_utf8_are_found() -> None:
    found = {each for each in map(chr, range(0x110000)) if decoding.has_control(f"a{each}")}
    assert found == set(map(chr, (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))))
