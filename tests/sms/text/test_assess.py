"""A text judged: what could be saved, and what costs something though nobody sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text.advice import rewrite
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.sms.text.assessment import Assessment, Replaced
from linksms_cli.sms.text.segments import measure

TEXTS = st.text(max_size=200) | st.text(
    st.sampled_from("aeé’–…\u00a0\u200b\u200d\u0301áж😀|€\r\n"), max_size=400
)
QUOTES = "Don’t forget – your parcel “123” is waiting for you at the shop until Friday, 17:00. Bye"
PLAIN = 'Don\'t forget - your parcel "123" is waiting for you at the shop until Friday, 17:00. Bye'


def test_plain_signs_are_shown_where_they_save_a_part() -> None:
    assert assess(QUOTES).replaced == Replaced(PLAIN, measure(PLAIN))
    assert assess("Don’t – “short”").replaced is None
    assert assess(f"{QUOTES} 😀").replaced is None
    assert assess(PLAIN).replaced is None


def test_plain_signs_are_put_where_they_are_asked_for_and_save_a_part() -> None:
    replaced = assess_replaced(QUOTES)
    assert replaced == assess(PLAIN)._replace(
        replaced=Replaced(PLAIN, measure(PLAIN)), given=assess(QUOTES)
    )
    assert assess_replaced("Don’t") == assess("Don’t")


def test_where_the_text_stays_ucs2_only_what_cannot_be_seen_goes() -> None:
    text = f"{'ж' * 69}\u200b’…"
    assert measure(text).parts == 2
    assert assess(text).replaced is None
    text = f"{'ж' * 68}\u200b’\u00ad"
    replaced = assess(text).replaced
    assert replaced is not None
    assert replaced.text == f"{'ж' * 68}’"


@given(TEXTS)
def test_a_replacement_is_worth_it_or_is_none(text: str) -> None:
    assessed = assess(text)
    assert assessed.measured == measure(text)
    if assessed.replaced is not None:
        assert assessed.replaced.measured == measure(assessed.replaced.text)
        assert assessed.replaced.measured.parts < assessed.measured.parts
    rewritten = rewrite(assessed)
    if rewritten is not None:
        best = assessed.replaced or Replaced(text, assessed.measured)
        assert rewritten.measured.parts < best.measured.parts


def test_lossy_replacements_are_weighed_and_never_put() -> None:
    polish = "Łódź, Kraków, żółć " * 5
    assert rewrite(assess(polish)) == Replaced(
        "Lodz, Krakow, zolc " * 5, measure("Lodz, Krakow, zolc " * 5)
    )
    assert assess_replaced(polish) == assess(polish)
    assert rewrite(assess("żółć")) is None


def test_lossy_replacements_have_to_save_more_than_plain_signs_do() -> None:
    text = f"á{'ж' * 69}\u200b"
    replaced = assess(text).replaced
    assert replaced is not None
    assert (measure(text).parts, replaced.measured.parts) == (2, 1)
    assert rewrite(assess(text)) is None
    assert rewrite(assess("żółć ж " * 20)) is None


def test_accents_may_be_all_that_there_is_to_replace() -> None:
    assert assess("Cafe\u0301 " * 20).replaced == Replaced("Café " * 20, measure("Café " * 20))


def warnings(assessed: Assessment) -> list[str]:
    return [warning.split(":")[0] for warning in assessed.warnings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hej", []),
        ("a\r\nb", []),
        ("ab\r\n" * 41, ["1 part more because of line ends in two characters (CRLF)"]),
        ("a\tb", ["UCS-2 because of invisible characters"]),
        ("\ufeffHej", ["UCS-2 because of invisible characters"]),
        ("Hej\u00a0du " * 12, ["1 part more because of invisible characters"]),
        ("Hej\u00a0’", []),
        (
            "Cafe\u0301 " * 20,
            ["1 part more because of accents that stand apart from their letters"],
        ),
        ("😀", ["GRINNING FACE (U+1F600) may not survive"]),
        ("👨\u200d👩\u200d👧", ["MAN (U+1F468), WOMAN (U+1F469), GIRL (U+1F467) may not survive"]),
        ("€" * 612 + "a" * 153, ["10 parts, though the units fit"]),
        ("a\x00b", ["control characters, which a handset cannot show"]),
        ("a\x9bb ж", ["control characters, which a handset cannot show"]),
        ("Hej\u202eabc", ["RIGHT-TO-LEFT OVERRIDE (U+202E)"]),
        ("Hej \ufffd", ["REPLACEMENT CHARACTER (U+FFFD)"]),
        (
            "Hej \ufffc\uf8ff",
            ["OBJECT REPLACEMENT CHARACTER (U+FFFC), <private-use-F8FF> (U+F8FF)"],
        ),
        ("\U0010fffdж", ["<private-use-10FFFD> (U+10FFFD)"]),
        ("a" * 1378, []),
    ],
)
def test_what_costs_something_unseen_is_pointed_out(text: str, expected: list[str]) -> None:
    assert warnings(assess(text)) == expected


# By Unicode's number: what shows nothing, or a space, and is nobody's intention.
INVISIBLE = [
    0x034F, 0x061C, 0x115F, 0x1160, 0x180E, 0x2061, 0x2062, 0x2063, *range(0x206A, 0x2070),
    0x2800, 0x3164, *range(0xFE00, 0xFE10), 0xFFA0, 0xFFF9, 0xFFFA, 0xFFFB,
]  # fmt: skip


@pytest.mark.parametrize("code_point", INVISIBLE, ids=hex)
def test_what_the_eye_misses_is_pointed_out_if_it_costs_something(code_point: int) -> None:
    sign = chr(code_point)
    (warning,) = assess(f"Hej{sign}du").warnings
    assert warning.startswith("UCS-2 because of invisible characters: ")
    assert warning.endswith(f"(U+{code_point:04X})")
    assert measure(assess_replaced(f"Hej{sign}du " * 20).text).encoding == "GSM-7"
    # It costs nothing here, and may well be meant.
    assert assess(f"ж{sign}ж").warnings == ()


def test_the_colours_of_a_terminal_are_named_with_their_remedy() -> None:
    (warning,) = assess("\x1b[31mred\x1b[0m").warnings
    assert warning == (
        "control characters, which a handset cannot show: ESCAPE (U+001B); "
        "--strip-ansi removes those of a terminal"
    )


def test_other_control_characters_have_no_such_remedy() -> None:
    assert assess("a\x00b").warnings == (
        "control characters, which a handset cannot show: NULL (U+0000)",
    )


def test_line_ends_that_cost_a_part_are_counted() -> None:
    (warning,) = assess("ab\r\n" * 41).warnings
    assert warning.endswith("(CRLF): 41 of them")


def test_four_are_one_more_than_are_named() -> None:
    (warning,) = assess("😀😁😂😃").warnings
    assert "(U+1F602), 1 more may not survive" in warning


def test_many_are_named_in_short() -> None:
    (warning,) = assess("😀😁😂😃😄").warnings
    assert warning.startswith(
        "GRINNING FACE (U+1F600), GRINNING FACE WITH SMILING EYES (U+1F601), "
        "FACE WITH TEARS OF JOY (U+1F602), 2 more may not survive"
    )
