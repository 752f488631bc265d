"""What a text takes, as a program gets it, and in a few words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.output.escapes import encode
from linksms_cli.sms.text.assess import assess, assess_replaced
from linksms_cli.sms.text.segments import measure
from linksms_cli.views.figures import as_line, left_in
from linksms_cli.views.segments.record import as_json, as_record

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=100) | st.text(
    st.sampled_from('aé’–…\u00a0\u200b\u200d\u202e\x7f\x85áж😀|€\r\n"\\'), max_size=700
)


SURVIVAL = (
    "WAVING HAND SIGN (U+1F44B) may not survive: the guide of a sibling interface says "
    "that characters above U+FFFF are not supported"
)


@given(TEXTS, st.integers(1, 10**9), st.booleans(), st.booleans())
def test_the_fast_way_to_json_gives_the_same(
    text: str, line: int, replace: bool, explain: bool
) -> None:
    assessed = assess_replaced(text) if replace else assess(text)
    fast = as_json(assessed, line, encode=encode, explain=explain)
    assert fast == encode(as_record(assessed, line=line, explain=explain))
    assert "\n" not in fast


def test_a_record_has_every_field() -> None:
    text = "Don’t forget – your parcel is waiting for you until Friday, 17:00. 👋 Bye bye"
    assert json.loads(encode(as_record(assess(text)))) == {
        "line": None,
        "encoding": "UCS-2",
        "units": 77,
        "limit": 567,
        "parts": 2,
        "left_in_last_part": 49,
        "over_limit": False,
        "over_reasons": [],
        "parts_if_67": None,
        "non_gsm": [
            {
                "char": "’",
                "code_point": "U+2019",
                "name": "RIGHT SINGLE QUOTATION MARK",
                "count": 1,
                "first_index": 3,
                "replacement": "'",
            },
            {
                "char": "–",
                "code_point": "U+2013",
                "name": "EN DASH",
                "count": 1,
                "first_index": 13,
                "replacement": "-",
            },
            {
                "char": "👋",
                "code_point": "U+1F44B",
                "name": "WAVING HAND SIGN",
                "count": 1,
                "first_index": 67,
                "replacement": None,
            },
        ],
        "replaced": None,
        "warnings": [SURVIVAL],
    }


def test_with_replace_the_figures_are_those_of_the_replaced_text() -> None:
    text = "Don’t " * 14
    given = as_record(assess(text))
    replaced = as_record(assess_replaced(text), explain=True)
    assert (given["parts"], given["replaced"]) == (
        2,
        {"encoding": "GSM-7", "units": 84, "parts": 1},
    )
    assert replaced == as_record(assess("Don't " * 14), explain=True) | {
        "replaced": {"encoding": "GSM-7", "units": 84, "parts": 1, "text": "Don't " * 14}
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 part GSM-7, 0 of 1377 units"),
        ("a" * 161, "2 parts GSM-7, 161 of 1377 units"),
        ("ж", "1 part UCS-2, 1 of 567 units"),
    ],
)
def test_the_figures_in_a_few_words(text: str, words: str) -> None:
    assert as_line(measure(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ", 160 left in this part"),
        ("a" * 160, ", 0 left in this part"),
        ("a" * 161, ", 145 left in the last part"),
        ("a" * 1377, ", 0 left in the last part"),
        # One more would be over the limit, though the last part has room for 145.
        ("a" + "€" * 688, ", 0 left in the last part"),
        ("a" * 1378, ""),
        ("ж" * 600, ""),
    ],
)
def test_what_is_left_without_one_more_part(text: str, words: str) -> None:
    assert left_in(measure(text)) == words


@pytest.mark.parametrize("text", ["Don’t " * 14, "ж" * 80, "ж’" + "\u200b" * 70, "a" * 200, "👋"])
@pytest.mark.parametrize("explain", [False, True])
def test_the_fast_way_holds_for_texts_that_can_be_replaced(text: str, explain: bool) -> None:
    for assessed in (assess(text), assess_replaced(text)):
        fast = as_json(assessed, 1, encode=encode, explain=explain)
        assert fast == encode(as_record(assessed, line=1, explain=explain))
