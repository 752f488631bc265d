"""A text that is too long keeps as much of its head, or its tail, as the limits allow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text.segments import MOST_PARTS, measure
from linksms_cli.sms.text.truncation import Kept, Truncated, truncate

TEXTS = st.text(st.sampled_from("ab é€|’ж😀👍🏽👨\u200d👩\ufe0f\u0301\r\n"), max_size=2000)
NOTES = {
    Kept.HEAD: re.compile(r"(.*?) ?\((\d+) more characters\)", re.DOTALL),
    Kept.TAIL: re.compile(r"\((\d+) earlier characters\) ?(.*)", re.DOTALL),
}


@pytest.mark.parametrize("kept", Kept)
def test_a_text_that_fits_is_left_alone(kept: Kept) -> None:
    assert truncate("a" * 1377, kept) is None
    assert truncate("a" * 160, kept, 1) is None
    assert truncate("", kept, 1) is None


def test_the_head_or_the_tail_is_kept() -> None:
    head = truncate("a" * 100 + "b" * 100, Kept.HEAD, 1)
    assert head == Truncated("a" * 100 + "b" * 39 + " (61 more characters)", 61)
    tail = truncate("a" * 100 + "b" * 100, Kept.TAIL, 1)
    assert tail == Truncated("(64 earlier characters) " + "a" * 36 + "b" * 100, 64)


@pytest.mark.parametrize(
    ("kept", "text"),
    [(Kept.HEAD, f"\n  {'a' * 200}"), (Kept.TAIL, f"{'a' * 200}  \n")],
)
def test_blanks_at_the_end_that_is_kept_are_kept(kept: Kept, text: str) -> None:
    cut = truncate(text, kept, 1)
    assert cut
    note = NOTES[kept].fullmatch(cut.text)
    assert note
    shown = note[1] if kept is Kept.HEAD else note[2]
    assert shown == (text[: -cut.missing] if kept is Kept.HEAD else text[cut.missing :])


def test_no_sign_is_cut_up_at_the_tail() -> None:
    for size in range(20):
        cut = truncate("👨\u200d👩" * 40 + "e\u0301" * 40 + "👍🏽" * 40 + "x" * size, Kept.TAIL, 1)
        assert cut
        shown = cut.text.partition(") ")[2].rstrip("x")
        assert shown == "👍🏽" * (len(shown) // 2)


@pytest.mark.parametrize("skin", "🏻🏼🏽🏾🏿")
def test_a_hand_keeps_its_skin(skin: str) -> None:
    for size in range(4):
        cut = truncate(f"👍{skin}" * 60 + "x" * size, Kept.TAIL, 1)
        assert cut
        shown = cut.text.partition(") ")[2].rstrip("x")
        assert shown == f"👍{skin}" * (len(shown) // 2)


@pytest.mark.parametrize("sign", "🏺🐀")
def test_the_signs_beside_the_five_skins_stand_for_themselves(sign: str) -> None:
    cut = truncate(sign * 100, Kept.HEAD, 1)
    assert cut
    assert cut.text.startswith(sign * 20)


def test_never_more_than_the_gateway_takes() -> None:
    for most in (None, 9, 50):
        cut = truncate("x" * 5000, Kept.HEAD, most)
        assert cut
        assert measure(cut.text)[:4] == ("GSM-7", 1377, 1377, 9)


def test_what_made_it_expensive_may_be_cut_away() -> None:
    cut = truncate("a" * 150 + "😀" * 20, Kept.HEAD, 1)
    assert cut
    assert measure(cut.text).encoding == "GSM-7"
    assert cut.text.startswith("a" * 130)


def test_no_sign_is_cut_up() -> None:
    for size in range(20):
        cut = truncate("x" * size + "👍🏽" * 40 + "e\u0301" * 40 + "👨\u200d👩" * 40, Kept.HEAD, 1)
        assert cut
        shown = cut.text.partition(" (")[0]
        assert shown[size:] == "👍🏽" * (len(shown[size:]) // 2)


@given(TEXTS, st.sampled_from(Kept), st.integers(1, 12))
def test_as_much_is_kept_as_fits(text: str, kept: Kept, most: int) -> None:
    cut = truncate(text, kept, most)
    limit = min(most, MOST_PARTS)
    if cut is None:
        assert measure(text).fits(limit)
        return
    assert measure(cut.text).fits(limit)
    note = NOTES[kept].fullmatch(cut.text)
    assert note
    shown = note[1] if kept is Kept.HEAD else note[2]
    assert text.startswith(shown) if kept is Kept.HEAD else text.endswith(shown)
    assert len(text) - len(shown) == cut.missing == int(note[2 if kept is Kept.HEAD else 1])


@given(st.text(st.sampled_from("abc€ж"), min_size=200, max_size=2000), st.integers(1, 9))
def test_not_one_more_would_fit(text: str, most: int) -> None:
    cut = truncate(text, Kept.HEAD, most)
    if cut:
        shown = text[: len(text) - cut.missing]
        longer = f"{text[: len(shown) + 1]} ({cut.missing - 1} more characters)"
        assert not measure(longer).fits(most)
