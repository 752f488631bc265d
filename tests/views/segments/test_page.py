"""What `segments` prints of a text for a person: whole pages and rows."""

from typing import Any

import pytest

from linksms_cli.sms.text.ansi import stripped
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.views.segments import page as view

DEARER = "Don’t\u00a0x\u200b’…" * 10
LISTING = "Not in GSM-7, so the whole text is sent as UCS-2 (positions count from 0):"


def page(text: str, **how: Any) -> str:
    return stripped(view.as_page(assess(text), **how))


def replaced(text: str, **how: Any) -> str:
    return stripped(view.as_page(assess_replaced(text), **how))


@pytest.mark.parametrize(
    ("text", "how", "shown"),
    [
        ("Hello", {}, "1 part GSM-7, 5 of 1377 units, 155 left in this part"),
        (
            "^{}\\[~]|€\fa",
            {},
            (
                "1 part GSM-7, 21 of 1377 units, 139 left in this part\n"
                "Two units each: <FF> ^ { } \\ [ ~ ] | €"
            ),
        ),
        (
            "a" * 1378,
            {"line": 7},
            (
                "Line 7: 10 parts GSM-7, 1378 of 1377 units\n"
                "Over the limit: the gateway takes 1377 units of GSM-7."
            ),
        ),
        (
            "a" * 400,
            {"most_parts": 2},
            (
                "3 parts GSM-7, 400 of 1377 units, 59 left in the last part\n"
                "Over the limit: --max-parts allows 2 parts."
            ),
        ),
        (
            "a" * 400,
            {"most_parts": 3},
            "3 parts GSM-7, 400 of 1377 units, 59 left in the last part",
        ),
    ],
)
def test_the_figures_and_what_they_do_not_say(text: str, how: dict[str, Any], shown: str) -> None:
    assert page(text, **how) == shown


def test_a_character_is_listed_with_its_number_name_count_and_place() -> None:
    assert page("ж" * 131 + "é{") == (
        "3 parts UCS-2, 133 of 567 units, 56 left in the last part\n"
        "With 67 characters per part, as in 3GPP, instead of the guide's 63: 2 parts.\n"
        f"\n{LISTING}\n"
        "  U+0436   CYRILLIC SMALL LETTER ZHE             131x  at 0      ж"
    )
    assert page("aж").splitlines()[-1] == (
        "  U+0436   CYRILLIC SMALL LETTER ZHE                   at 1      ж"
    )


def test_what_could_stand_for_a_character_is_said_if_that_saves_a_part() -> None:
    assert page(DEARER) == (
        "2 parts UCS-2, 100 of 567 units, 26 left in the last part\n"
        f"\n{LISTING}\n"
        "  U+2019   RIGHT SINGLE QUOTATION MARK            20x  at 3      ’ → '\n"
        "  U+00A0   NO-BREAK SPACE                         10x  at 5        → a space\n"
        "  U+200B   ZERO WIDTH SPACE                       10x  at 7        → nothing\n"
        "  U+2026   HORIZONTAL ELLIPSIS                    10x  at 9      … → ...\n"
        "\nWith --replace: 1 part GSM-7, 110 of 1377 units"
    )
    assert page("’\x07").splitlines()[-2:] == [
        "  U+2019   RIGHT SINGLE QUOTATION MARK                 at 0      ’",
        "  U+0007   BELL                                        at 1      U+0007",
    ]


def test_an_accent_that_joins_its_letter_says_so() -> None:
    assert page("cafe\u0301 " * 20).splitlines()[3:] == [
        "  U+0301   COMBINING ACUTE ACCENT                 20x  at 4        → joined to its letter",
        "",
        "With --replace: 1 part GSM-7, 100 of 1377 units",
    ]


def test_what_loses_something_is_said_if_all_of_it_saves_a_part() -> None:
    assert page("Łódź – ok " * 8).splitlines()[3:] == [
        "  U+0141   LATIN CAPITAL LETTER L WITH STROKE      8x  at 0      Ł → L lossy",
        "  U+00F3   LATIN SMALL LETTER O WITH ACUTE         8x  at 1      ó → o lossy",
        "  U+017A   LATIN SMALL LETTER Z WITH ACUTE         8x  at 3      ź → z lossy",
        "  U+2013   EN DASH                                 8x  at 5      – → -",
        "",
        "With all of these replaced by hand: 1 part GSM-7, 80 of 1377 units",
    ]
    assert page("Łódź – ж " * 8).splitlines()[3:] == [
        "  U+0141   LATIN CAPITAL LETTER L WITH STROKE      8x  at 0      Ł",
        "  U+00F3   LATIN SMALL LETTER O WITH ACUTE         8x  at 1      ó",
        "  U+017A   LATIN SMALL LETTER Z WITH ACUTE         8x  at 3      ź",
        "  U+2013   EN DASH                                 8x  at 5      –",
        "  U+0436   CYRILLIC SMALL LETTER ZHE               8x  at 7      ж",
    ]


def test_a_sign_that_stays_is_not_said_to_be_replaced() -> None:
    assert page("ж’" + "\u200b" * 70).splitlines()[3:] == [
        "  U+0436   CYRILLIC SMALL LETTER ZHE                   at 0      ж",
        "  U+2019   RIGHT SINGLE QUOTATION MARK                 at 1      ’",
        "  U+200B   ZERO WIDTH SPACE                       70x  at 2        → nothing",
        "",
        "With --replace: 1 part UCS-2, 2 of 567 units",
    ]
    assert replaced("ж’" + "\u200b" * 70).splitlines()[3:] == [
        "  U+0436   CYRILLIC SMALL LETTER ZHE                   at 0      ж",
        "  U+2019   RIGHT SINGLE QUOTATION MARK                 at 1      ’",
        "",
        "Without --replace: 2 parts UCS-2, 72 of 567 units. Replaced: U+200B → nothing",
        "",
        "ж’",
    ]


@pytest.mark.parametrize(("count", "last"), [(20, "  U+0423"), (21, "  and 1 more, all of them")])
def test_twenty_are_listed(count: int, last: str) -> None:
    lines = page("".join(map(chr, range(0x410, 0x410 + count)))).splitlines()
    assert lines[-1].startswith(last)
    assert len(lines) == 3 + min(count, 20) + (count > 20)


def test_the_replaced_text_stands_below_with_what_was_replaced() -> None:
    assert replaced("a\u2028b\u00a0c\u200b’…" * 12, width=50) == (
        "1 part GSM-7, 108 of 1377 units, 52 left in this part\n"
        "\n"
        "Without --replace: 2 parts UCS-2, 96 of 567 units.\n"
        "Replaced: U+2028 → a line end, U+00A0 → a space,\n"
        "U+200B → nothing, ’ → ', … → ...\n"
        "\n"
        "a\n" + "b c'...a\n" * 11 + "b c'..."
    )


def test_a_drawing_has_the_replaced_text_in_it() -> None:
    assert replaced("Don’t go – " * 8, explain=True).splitlines() == [
        "1 part GSM-7, 88 of 1377 units, 72 left in this part",
        "",
        "Part 1 of 1   ███████████████████░░░░░░░░░░░░░░░░░  88 of 160, 72 left",
        "  │" + "Don't go - " * 6 + "Don't go ",
        "  │- Don't go - │",
        "",
        "Without --replace: 2 parts UCS-2, 88 of 567 units. Replaced: ’ → ', – → -",
    ]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Hello", None, "line 12345   1 part    GSM-7  5 of 1377 units"),
        ("a" * 400, 2, "line 12345   3 parts   GSM-7  400 of 1377 units"),
        ("a" * 1378, None, "line 12345   10 parts  GSM-7  1378 of 1377 units  over the limit"),
        ("жзий", None, "line 12345   1 part    UCS-2  4 of 567 units      ж з и й"),
        ("жзийк", None, "line 12345   1 part    UCS-2  5 of 567 units      ж з и й and 1 more"),
        ("a\u200b", None, "line 12345   1 part    UCS-2  2 of 567 units      U+200B"),
        (
            "Don’t “x” " * 8,
            None,
            "line 12345   2 parts   UCS-2  80 of 567 units     ’ “ ”  --replace: 1 part",
        ),
    ],
)
def test_a_line_among_many_is_a_row(text: str, most: int | None, shown: str) -> None:
    assert stripped(view.as_row(assess(text), 12345, most)) == shown


def test_a_row_of_a_replaced_text_has_nothing_left_to_say() -> None:
    row = stripped(view.as_row(assess_replaced("Don’t “x” " * 8), 3))
    assert row == "line 3       1 part    GSM-7  80 of 1377 units"


def test_red_is_what_is_too_much_and_green_what_would_help() -> None:
    row = view.as_row(assess("a" * 1378), 1, 2)
    assert "\x1b[31m10 parts\x1b[0m" in row
    assert "\x1b[31m1378 of 1377 units\x1b[0m" in row
    assert "\x1b[31mover the limit\x1b[0m" in row
    assert "\x1b[" not in view.as_row(assess("a" * 400), 1, 3)
    refused = view.as_page(assess("a" * 1378), most_parts=2).splitlines()
    assert refused[1].startswith("\x1b[31mOver")
    assert refused[2].startswith("\x1b[31mOver")
    assert "\x1b[32mWith --replace" in view.as_page(assess(DEARER))
    assert "\x1b[32m --replace" in view.as_row(assess(DEARER), 1)


def test_a_name_is_cut_where_its_column_ends() -> None:
    name = "CYRILLIC SMALL LETTER ZHE"
    assert f" {name}  " in page("ж", width=44 + len(name)).splitlines()[-1]
    assert f" {name[:-2]}…  " in page("ж", width=43 + len(name)).splitlines()[-1]


def test_a_drawing_is_as_wide_as_the_page_and_marks_what_costs() -> None:
    assert page("two two’s " * 3, explain=True, width=60).splitlines()[2:5] == [
        "Part 1 of 1   ██████░░░░░░░░░░  30 of 70, 40 left",
        "  │two two’s two two’s two two’s │",
        "          ^         ^         ^",
    ]


def test_what_comes_twice_is_counted() -> None:
    assert page("жж").splitlines()[-1] == (
        "  U+0436   CYRILLIC SMALL LETTER ZHE               2x  at 0      ж"
    )
