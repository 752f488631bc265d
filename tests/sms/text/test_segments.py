"""What a text takes, against the standard and against a counter that is too plain to be wrong."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.sms.text import segments
from linksms_cli.sms.text.segments import Encoding, Segmentation, measure

BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"  # noqa: E501 - the code page as one line
EXTENSION = "\f^{}\\[~]|€"

GSM = st.text(st.sampled_from(BASIC + EXTENSION), max_size=700)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.text(
    st.sampled_from("aé€|’ж😀👨\u200d\n"), max_size=700
)


def greedy(text: str) -> tuple[str, int, list[str]]:
    """Count character by character: the encoding, the units and the parts."""
    gsm = all(character in BASIC + EXTENSION for character in text)
    alone, each = (160, 153) if gsm else (70, 63)
    costs = [2 if (c in EXTENSION if gsm else c > "\uffff") else 1 for c in text]
    if sum(costs) <= alone:
        return ("GSM-7" if gsm else "UCS-2"), sum(costs), [text]
    parts, room = [""], each
    for character, cost in zip(text, costs, strict=True):
        if cost > room:
            parts, room = [*parts, ""], each
        parts[-1], room = parts[-1] + character, room - cost
    return ("GSM-7" if gsm else "UCS-2"), sum(costs), parts


@given(GSM | ANY)
@example("a" * 152 + "€" + "a" * 200)
@example("ж" * 62 + "😀" + "ж" * 200)
# 👨 ends in DC68, and 0xDC is the first octet that opens no pair.
@example("ж" * 61 + "👨" + "ж" * 20)
def test_the_parts_are_those_of_a_plain_count(text: str) -> None:
    encoding, units, parts = greedy(text)
    measured = measure(text)
    assert (measured.encoding, measured.units, measured.parts) == (encoding, units, len(parts))
    assert [part.text for part in segments.cut(text)] == parts
    alone, each = (160, 153) if encoding == "GSM-7" else (70, 63)
    assert all(part.units <= part.size for part in segments.cut(text))
    assert sum(part.units for part in segments.cut(text)) == units
    assert {part.size for part in segments.cut(text)} == {alone if len(parts) == 1 else each}
    last = greedy(parts[-1])[1] if encoding == "GSM-7" else len(parts[-1].encode("utf-16-le")) // 2
    assert measured.left_in_last_part == (alone if len(parts) == 1 else each) - last


def test_every_code_point_is_counted_by_the_standard() -> None:
    wrong = []
    for point in range(0x110000):
        character = chr(point)
        if character in BASIC:
            expected = (Encoding.GSM7, 1)
        elif character in EXTENSION:
            expected = (Encoding.GSM7, 2)
        else:
            expected = (Encoding.UCS2, 1 if point < 0x10000 else 2)
        measured = measure(character)
        if (measured.encoding, measured.units) != expected:
            wrong.append(point)
    assert not wrong


def test_the_whole_alphabet_in_one_text_takes_what_its_characters_take_alone() -> None:
    text = (BASIC + EXTENSION) * 3
    assert measure(text)[:2] == (Encoding.GSM7, (127 + 2 * 10) * 3)
    assert "".join(part.text for part in segments.cut(text)) == text


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", "GSM-7", 0, 1, 160),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),
        ("a" * 152 + "€" + "a" * 8, "GSM-7", 162, 2, 143),
        ("ç" * 70, "UCS-2", 70, 1, 0),
        ("ç" * 71, "UCS-2", 71, 2, 55),
        ("ж€" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 36, "UCS-2", 72, 2, 53),
        ("👨‍👩‍👧‍👦", "UCS-2", 11, 1, 59),
        ("🇸🇪", "UCS-2", 4, 1, 66),
        ("a" * 1377, "GSM-7", 1377, 9, 0),
        ("ж" * 567, "UCS-2", 567, 9, 0),
    ],
)
def test_edges(text: str, encoding: str, units: int, parts: int, left: int) -> None:
    measured = measure(text)
    assert (
        measured.encoding,
        measured.units,
        measured.parts,
        measured.left_in_last_part,
        measured.over_reasons,
    ) == (encoding, units, parts, left, ())
    assert len(segments.cut(text)) == parts
    assert segments.cut(text)[-1].size - segments.cut(text)[-1].units == left


@pytest.mark.parametrize(
    ("text", "limit", "over_limit", "reasons"),
    [
        ("a", 1377, False, ()),
        ("ж", 567, False, ()),
        ("a" * 1377, 1377, False, ()),
        ("a" * 1378, 1377, True, ("units", "parts")),
        ("a" * 152 + "€" * 612, 1377, False, ("parts",)),
        ("ж" * 567, 567, False, ()),
        ("ж" * 568, 567, True, ("units", "parts")),
        ("😀" * 283, 567, False, ("parts",)),
    ],
)
def test_too_many_units_and_too_many_parts_are_two_things(
    text: str, limit: int, over_limit: bool, reasons: tuple[str, ...]
) -> None:
    measured = measure(text)
    assert (measured.limit, measured.over_limit, measured.over_reasons) == (
        limit,
        over_limit,
        reasons,
    )


def test_67_is_shown_where_it_makes_a_difference() -> None:
    assert measure("ж" * 70).parts_if_67 is None
    assert measure("ж" * 126).parts_if_67 is None
    assert measure("ж" * 134) == Segmentation(
        encoding=Encoding.UCS2, units=134, limit=567, parts=3, left_in_last_part=55, parts_if_67=2
    )
    # 33 pairs in a part of 67, 31 in one of 63; septets have no such header.
    assert measure("😀" * 65).parts_if_67 == 2
    assert measure("😀" * 67).parts_if_67 is None
    assert measure("€" * 81).parts_if_67 is None
    differs = [units for units in range(71, 568) if measure("ж" * units).parts_if_67]
    assert len(differs) / 497 == pytest.approx(0.28, abs=0.01)


def test_a_lone_surrogate_is_counted_and_not_a_crash() -> None:
    text = "\ud83d" * 80
    assert measure(text).units == 80
    assert "".join(part.text for part in segments.cut(text)) == text
