"""What may stand for what: nothing that GSM-7 has is touched, and everything put is in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.text import alphabet
from linksms_cli.sms.text.replacements import lossy, plain, rewritten, typographic

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | st.text(
    st.sampled_from("ae\u0301\u030aé’–…\u00a0\u200b\u200d\u00adΩÅ😀ж|€ \n"), max_size=80
)


@pytest.mark.parametrize(
    ("characters", "replacement"),
    [
        ("‘’‚‛‹›′ʻʼ", "'"),
        ("“”„‟«»″", '"'),
        ("‐‑‒–—―−", "-"),
        ("…", "..."),
        ("\t\u00a0\u1680\u202f\u205f\u3000\u2800\u3164\uffa0", " "),
        ("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "),
        ("\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb", ""),
        ("\u0085\u2028\u2029", "\n"),
        ("\u2126", "Ω"),
        ("\u212b", "Å"),
    ],
)
def test_a_sign_has_a_plain_form(characters: str, replacement: str) -> None:
    assert [typographic(each) for each in characters] == [replacement] * len(characters)


@pytest.mark.parametrize(
    ("character", "replacement"),
    [
        *zip("áíóúêÀÈçşğžőÿ", "aioueAEcsgzoy", strict=True),
        *zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True),
        *zip("αβγδεζηθικλμνξοπρσςτυφχψω", "ABΓΔEZHΘIKΛuNΞOΠPΣΣTYΦXΨΩ", strict=True),
        *zip("·×µıłŁđĐðÐħĦŧŦŋŊ", ".xuilLdDdDhHtTnN", strict=True),
        *((each, "'") for each in "`´ˈ"),
        *((each, "*") for each in "•‣∙"),
        *((each, "/") for each in "÷⁄∕"),
        *(("±", "+/-"), ("©", "(c)"), ("®", "(R)")),
        *(("þ", "th"), ("Þ", "TH"), ("Œ", "OE"), ("ẞ", "SS")),
        ("ά", "A"),
        ("ǻ", "å"),  # as many marks as GSM-7 knows
        ("ấ", "a"),
        ("ǜ", "ü"),
        ("œ", "oe"),
        ("™", "TM"),
        ("ﬁ", "fi"),
        ("㎍", "ug"),
        ("Ａ", "A"),
        ("\ufe58", "-"),  # a small dash
    ],
)
def test_a_letter_has_a_lossy_form(character: str, replacement: str) -> None:
    assert (typographic(character), lossy(character)) == (None, replacement)


@pytest.mark.parametrize(
    "character",
    ["ж", "ӂ", "漢", "😀", "¨", "≠", "≮", "½", "²", "\u0301", "\ufe0f", "\u202e", "\x1b"],
)
def test_some_have_nothing_near(character: str) -> None:
    assert (typographic(character), lossy(character)) == (None, None)


def test_whatever_is_put_is_in_gsm_7() -> None:
    lacking = filter(lambda each: not alphabet.is_gsm(each), map(chr, range(0x110000)))
    put = ((each, stand_in) for each in lacking for stand_in in (typographic(each), lossy(each)))
    assert not [pair for pair in put if pair[1] is not None and not alphabet.is_gsm(pair[1])]


@given(TEXTS)
def test_what_gsm_7_has_is_never_touched(text: str) -> None:
    ours = "".join(character for character in text if alphabet.is_gsm(character))
    assert plain(ours, ours) == ours
    assert rewritten(ours) == ours


@given(TEXTS)
def test_a_text_that_stays_ucs2_keeps_every_sign_that_can_be_seen(text: str) -> None:
    replaced = plain(text, text)
    if not alphabet.is_gsm(replaced):
        composed = unicodedata.normalize("NFC", text)
        for invisible in "\u00ad\u200b\u2060\ufeff":
            composed = composed.replace(invisible, "")
        assert replaced == unicodedata.normalize("NFC", composed)


def test_every_sign_that_has_a_plain_form_goes() -> None:
    lacking = filter(lambda each: not alphabet.is_gsm(each), map(chr, range(0x110000)))
    signs = [each for each in lacking if typographic(each) is not None]
    left = [each for each in signs if not alphabet.is_gsm(plain(f"a{each}b", [each]))]
    assert (len(signs) > 50, left) == (True, [])


def test_a_letter_is_joined_with_its_mark_when_nothing_stands_between_any_more() -> None:
    assert plain("e\u200b\u0301", "\u200b\u0301") == "é"
    assert plain("же\u200b\u0306", "же\u200b\u0306") == "жӗ"


def test_joiners_go_only_where_nothing_is_left_to_join() -> None:
    assert plain("a\u200db\u200e", "\u200d\u200e") == "ab"
    assert rewritten("a\u200dб’") == "aб'"
    family = "👨\u200d👩\u200d👧"
    assert plain(family, family) == family


SHAPING = (
    "\u034f\u061c\u115f\u1160\u180e\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067"
    "\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f"
)


def test_what_shapes_other_scripts_goes_from_a_text_that_has_none() -> None:
    for sign in SHAPING + "".join(map(chr, range(0xFE00, 0xFE10))):
        assert plain(f"a{sign}b", [sign]) == rewritten(f"a{sign}b") == "ab"
    assert rewritten("a\u202eb") == "a\u202eb"  # it turns what can be seen around


def test_letters_are_joined_with_their_marks() -> None:
    assert plain("Cafe\u0301 pa\u030a", "\u0301\u030a") == "Café på"
