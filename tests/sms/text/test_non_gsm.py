"""Which characters GSM-7 lacks: found all, in order, each with its number and its name."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.non_gsm import Trait, find

TEXTS = st.text(max_size=200) | st.text(st.sampled_from("aé€|’ж😀👨\u200d\n\t\u0301"), max_size=200)


@given(TEXTS)
def test_each_is_counted_and_placed(text: str) -> None:
    lacking = [character for character in text if not alphabet.is_gsm(character)]
    assert [(item.character.char, item.times, item.first_index) for item in find(text)] == [
        (character, text.count(character), text.index(character))
        for character in dict.fromkeys(lacking)
    ]


ALPHABET = frozenset(alphabet.BASIC + alphabet.EXTENSION)


@pytest.mark.parametrize("seed", range(12))
def test_a_long_text_is_gone_through_to_its_end(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - texts need no secrecy
    # An ideograph, most often a new one, behind every few hundred characters.
    ideographs = chance.choices(range(0x4E00, 0x9FFF), k=chance.choice([40, 600]))
    text = "".join(
        chance.choice(["a", "€", "’", "ж–"]) * chance.randint(0, 1000) + chr(ideograph)
        for ideograph in ideographs * chance.randint(1, 3)
    )
    times = Counter(character for character in text if character not in ALPHABET)
    assert [(item.character.char, item.times, item.first_index) for item in find(text)] == [
        (character, count, text.index(character)) for character, count in times.items()
    ]


def test_each_is_described() -> None:
    found = find("’…á\t\u0301😀\ue000\x01\u0378\uffff\ud800")
    assert [
        (each.code_point, each.name, each.replacement, each.lossy, each.trait)
        for each in (item.character for item in found)
    ] == [
        ("U+2019", "RIGHT SINGLE QUOTATION MARK", "'", False, None),
        ("U+2026", "HORIZONTAL ELLIPSIS", "...", False, None),
        ("U+00E1", "LATIN SMALL LETTER A WITH ACUTE", "a", True, None),
        ("U+0009", "CHARACTER TABULATION", " ", False, Trait.UNSEEN),
        ("U+0301", "COMBINING ACUTE ACCENT", None, False, Trait.MARK),
        ("U+1F600", "GRINNING FACE", None, False, Trait.ASTRAL),
        ("U+E000", "<private-use-E000>", None, False, Trait.UNDRAWN),
        ("U+0001", "<control-0001>", None, False, Trait.CONTROL),
        ("U+0378", "<unassigned-0378>", None, False, Trait.UNDRAWN),
        ("U+FFFF", "<unassigned-FFFF>", None, False, Trait.UNDRAWN),
        ("U+D800", "<surrogate-D800>", None, False, None),
    ]


def test_what_unicode_gives_no_name_has_that_of_its_alias() -> None:
    assert {
        item.character.char: item.character.name for item in find("\0\a\b\t\v\x1b\x7f\x85")
    } == {
        "\0": "NULL",
        "\a": "BELL",
        "\b": "BACKSPACE",
        "\t": "CHARACTER TABULATION",
        "\v": "LINE TABULATION",
        "\x1b": "ESCAPE",
        "\x7f": "DELETE",
        "\x85": "NEXT LINE",
    }


def test_what_turns_a_text_around_is_told_from_what_is_only_unseen() -> None:
    traits = {item.character.char: item.character.trait for item in find("ж\u202c\u202d\u202e")}
    unseen, turning = Trait.UNSEEN, Trait.TURNING
    assert traits == {"ж": None, "\u202c": unseen, "\u202d": turning, "\u202e": turning}


def test_a_joiner_can_go_where_nothing_is_left_to_join() -> None:
    replacements = [item.character.replacement for item in find("a\u200db’")]
    assert replacements == ["", "'"]
    assert [item.character.replacement for item in find("👨\u200d👩")] == [None, None, None]
