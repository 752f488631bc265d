"""The parts as a handset gets them: drawn to the column, each character in its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text.segments import cut, measure
from linksms_cli.views.segments import handset
from linksms_cli.views.segments.signs import shown

TEXTS = st.text(st.sampled_from("ab cdé€|’ж\u0301\n\r\t😀漢\u200d\u00a0"), max_size=400) | st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=400
)


def drawn(text: str, width: int = 80) -> str:
    picture = handset.as_text(text, measure(text).encoding, width)
    return re.sub(r"\x1b\[\d+m", "", picture)


def test_quotes_and_an_emoji() -> None:
    assert drawn("Don’t forget 😀 – your “parcel” is waiting at the shop until Friday, 17:00!") == (
        "Part 1 of 2   ████████████████████████████████████  63 of 63, full\n"
        "  │Don’t forget 😀 – your “parcel” is waiting at the shop until Fr│\n"
        "      ^         ^^ ^      ^      ^\n"
        "\n"
        "Part 2 of 2   ██████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  12 of 63, 51 left\n"
        "  │iday, 17:00!│\n"
        "\n"
        "  ^ not in GSM-7"
    )


def test_line_ends_two_units_and_what_cannot_be_seen() -> None:
    assert drawn("Price: 100€\r\n[incl.]\n") == (
        "Part 1 of 1   █████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  24 of 160, 136 left\n"
        "  │Price: 100€<CR>↵\n"
        "             2\n"
        "  │[incl.]↵\n"
        "   2     2\n"
        "  ││\n"
        "\n"
        "  2 takes two units"
    )
    assert drawn("a\u00a0b\u200bcafe\u0301").splitlines()[1:3] == [
        "  │a<NBSP>b<ZWSP>cafe\u0301│",
        "    ^^^^^^ ^^^^^^   ^",
    ]


def test_wide_text_is_broken_behind_a_space_or_where_it_must() -> None:
    assert drawn("one two three " * 6 + "x" * 70, width=60).splitlines()[1:4] == [
        "  │one two three one two three one two three one two three ",
        "  │one two three one two three ",
        "  │xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ]


def test_nothing_is_a_part_too() -> None:
    assert drawn("").splitlines()[1] == "  ││"


@given(TEXTS, st.sampled_from([60, 80]))
def test_every_character_is_drawn_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = drawn(text, width).splitlines()
    # An accent takes no column of its own.
    assert all(len(line.replace("\u0301", "")) <= width for line in lines if "Part" not in line)
    rows = "".join(line[3:].removesuffix("│") for line in lines if line.startswith("  │"))
    expected = ""
    for part in cut(text):
        for place, character in enumerate(part.text):
            marks = character == "\u0301" and place > 0
            expected += character if marks else shown(character)
    assert rows == expected


@pytest.mark.parametrize(
    ("character", "sign"),
    [
        ("a", "a"),
        (" ", " "),
        ("\n", "↵"),
        ("\t", "<TAB>"),
        ("\x1b", "<ESC>"),
        ("\u202e", "<U+202E>"),
        ("\u3164", "<U+3164>"),
        ("\ufe0f", "<U+FE0F>"),
        ("\u2028", "<U+2028>"),
        ("\ud800", "<U+D800>"),
        ("\u0301", "◌\u0301"),
        ("😀", "😀"),
    ],
)
def test_a_character_can_be_seen(character: str, sign: str) -> None:
    assert shown(character) == sign


def test_marks_stand_below_what_takes_two_columns_or_none() -> None:
    assert drawn("\uff21漢é\u20ddё").splitlines()[1:3] == [
        "  │\uff21漢é\u20ddё│",
        "   ^^^^^^",
    ]
    assert drawn("\u0301a").splitlines()[1:3] == ["  │◌\u0301a│", "   ^"]


def test_what_is_marked_is_coloured() -> None:
    assert "\x1b[36m€\x1b[0m" in handset.as_text("€", measure("€").encoding)
    assert "\x1b[33mж\x1b[0m" in handset.as_text("ж", measure("ж").encoding)
