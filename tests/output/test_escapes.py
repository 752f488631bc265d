"""What a terminal would obey leaves neither as text nor in JSON, and nothing else is changed."""

import json

import pytest

from linksms_cli.output.escapes import encode, in_one_line, shown

# Bidi_Control, as Unicode's PropList.txt has it, and the ends of lines and paragraphs.
_DIRECTIONS = {0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)}
EVERY = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


def test_every_character_that_is_obeyed_is_shown_as_an_escape() -> None:
    obeyed = {*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *_DIRECTIONS}
    assert {each for each in EVERY if shown(each) != each} == set(map(chr, obeyed))


def test_every_character_that_is_obeyed_is_an_escape_in_json() -> None:
    plain = json.dumps("".join(EVERY), ensure_ascii=False)
    coded = encode("".join(EVERY))
    obeyed = {*range(0x20), *range(0x7F, 0xA0), *_DIRECTIONS}
    assert json.loads(coded) == json.loads(plain)
    assert not set(map(chr, obeyed)) & set(coded)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[32mgood\x1b[0m\tplain\nGrüße", None),  # colours and white space stay
        ("\x1b[32mgood\x1b[0m\r", "\x1b[32mgood\x1b[0m\\x0d"),
        ("a\u202eb", "a\\u202eb"),
        # Taken out, a colour joins what stands around it to another one.
        ("\x1b\x1b[32m[0m", "\\x1b\x1b[32m[0m"),
        ("\u00a0\U000f0000", None),  # not printable to Python, and yet not obeyed
    ],
)
def test_a_text_is_shown_with_its_colours(text: str, seen: str | None) -> None:
    assert shown(text) == (text if seen is None else seen)


def test_what_is_said_in_one_line_stays_there_and_has_no_colour() -> None:
    assert in_one_line("no \x1b[8mfile\nforged\r\u202e") == "no \\x1b[8mfile\\x0aforged\\x0d\\u202e"
