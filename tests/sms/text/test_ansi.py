"""What a terminal obeys is taken out of a text, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text import ansi

SEQUENCES = [
    "\x1b[0m",
    "\x1b[1;31m",
    "\x1b[38;2;1;2;3m",
    "\x1b[K",
    "\x1b[?25l",
    "\x1b[2 q",
    "\x9b31m",
    "\x1b]0;a title\x07",
    "\x1b]8;;https://example.org\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b(B",
    "\x1b7",
    "\x1b=",
    "\x1bM",
]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_sequence_goes(sequence: str) -> None:
    assert ansi.stripped(f"a{sequence}b{sequence}") == "ab"


def test_one_without_an_end_takes_nothing_with_it() -> None:
    assert ansi.stripped("a\x1b]0;title b") == "a0;title b"
    assert ansi.stripped("a\x1b") == "a\x1b"


@given(st.text(st.characters(exclude_characters="\x1b\x9b")))
def test_a_text_without_one_is_left_as_it_is(text: str) -> None:
    assert ansi.stripped(text) == text


@given(st.lists(st.sampled_from(["a", "é", "[", "\n", *SEQUENCES]), max_size=30))
def test_what_lies_between_stays(pieces: list[str]) -> None:
    kept = "".join(piece for piece in pieces if piece not in SEQUENCES)
    assert ansi.stripped("".join(pieces)) == kept


def test_many_beginnings_without_an_end_take_no_long_time() -> None:
    """The time would grow with the square of their number, and this would never end."""
    assert ansi.stripped("\x1b]" * 200_000) == ""
