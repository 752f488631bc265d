"""A password in a server's text is blacked out, whatever was done to it on the way."""

import base64
import html
import json
from collections.abc import Callable
from html.entities import codepoint2name
from itertools import product
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.codes import table
from linksms_cli.sms.mt.echo import BLACKED, black_out

Encoder = Callable[[str], str]


def named(text: str) -> str:
    """Escape as PHP's htmlentities does: each character that has a name by its name."""
    names = codepoint2name | {ord("'"): "apos", ord("!"): "excl", ord("/"): "sol"}
    return "".join(f"&{names[ord(c)]};" if ord(c) in names else c for c in text)


def units(text: str) -> list[int]:
    octets = text.encode("utf-16-be")
    return [high << 8 | low for high, low in zip(octets[::2], octets[1::2], strict=True)]


def latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")


ESCAPES: dict[str, Encoder] = {
    "as it is": str,
    "URL": lambda p: quote(p, safe=""),
    "URL in small letters": lambda p: "".join(
        c if c.isalnum() and c.isascii() else "".join(f"%{o:02x}" for o in c.encode()) for c in p
    ),
    "URL, all of it": lambda p: "".join(f"%{octet:02X}" for octet in p.encode()),
    "URL of Latin-1": lambda p: quote(latin(p), safe=""),
    "form": quote_plus,
    "JavaScript": lambda p: "".join(f"%u{unit:04x}" for unit in units(p)),
    "HTML": html.escape,
    "HTML without quotes": lambda p: html.escape(p, quote=False),
    "HTML by decimal numbers": lambda p: "".join(f"&#{ord(c)};" for c in p),
    "HTML by hexadecimal numbers": lambda p: "".join(f"&#x{ord(c):X};" for c in p),
    "HTML by names": named,
    "JSON": lambda p: json.dumps(p)[1:-1],
    "JSON in UTF-8": lambda p: json.dumps(p, ensure_ascii=False)[1:-1],
    "JSON of PHP": lambda p: json.dumps(p)[1:-1].replace("/", r"\/"),
    "Python": lambda p: repr(p)[1:-1],
    "Python's ASCII": lambda p: ascii(p)[1:-1],
    "JavaScript by code points": lambda p: "".join(f"\\u{{{ord(c):x}}}" for c in p),
    "C": lambda p: "".join(f"\\{octet:03o}" for octet in p.encode()),
    "Latin-1": lambda p: latin(p).decode("utf-8", "replace"),
    "UTF-8 taken for Latin-1": lambda p: p.encode().decode("latin-1"),
    "ASCII": lambda p: p.encode("ascii", "replace").decode(),
}
PACKINGS: dict[str, Encoder] = {
    "base64": lambda p: base64.b64encode(p.encode()).decode(),
    "base64 for URLs": lambda p: base64.urlsafe_b64encode(p.encode()).decode().rstrip("="),
    "base64 of Latin-1": lambda p: base64.b64encode(latin(p)).decode(),
    "base64 of UTF-16": lambda p: base64.b64encode(
        latin(p).decode("latin-1").encode("utf-16-le")
    ).decode(),
    "HTTP's Basic": lambda p: base64.b64encode(f"me:{p}".encode()).decode(),
    "base64 of the query": lambda p: base64.b64encode(f"a=1&b={quote(p)}&c".encode()).decode(),
    "hex": lambda p: p.encode().hex(),
    "hex in capitals": lambda p: f"0x{p.encode().hex().upper()}",
}
PASSWORDS = [
    "Zebra&Gnu é;42",
    "a/b\"c<d>'e",
    "p\\u0041ss\\",
    "100%2fx%",
    "пароль!",
    "a+b c=d",
    "x~y\U0001f600!",
]


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("encoder", [*ESCAPES, *PACKINGS])
def test_it_is_found_however_it_is_spelt(password: str, encoder: str) -> None:
    spelt = (ESCAPES | PACKINGS)[encoder](password)
    for before, after in (
        ("", ""),
        ("bad Password '", "'"),
        ("&Password=", "&Source=LINK"),
        ('"', '"}'),
    ):
        shown = black_out(password, f"{before}{spelt}{after}")
        assert BLACKED in shown
        assert spelt not in shown
        if encoder in ESCAPES:
            assert shown == f"{before}{BLACKED}{after}"


@pytest.mark.parametrize("password", PASSWORDS)
def test_it_is_found_below_two_layers(password: str) -> None:
    every = ESCAPES | PACKINGS
    # A question mark, and a name that is not known here, stand for a character each.
    exact = {"ASCII", "HTML by names"}
    layers = [name for name in ESCAPES if name not in exact]
    for inner, outer in [*product(every, layers), *product(ESCAPES, PACKINGS)]:
        spelt = every[outer](every[inner](password))
        assert BLACKED in black_out(password, f"it was '{spelt}'."), (inner, outer)


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), min_size=4, max_size=24),
    st.sampled_from(list(ESCAPES)),
)
def test_any_password_is_found(password: str, encoder: str) -> None:
    spelt = ESCAPES[encoder](password)
    assert BLACKED in black_out(password, f"it was '{spelt}'.")


@given(st.text(min_size=4, max_size=12), st.text(max_size=60))
def test_any_text_is_searched(password: str, text: str) -> None:
    shown = black_out(password, text)
    assert password not in shown or password in BLACKED
    assert password in text or BLACKED in shown or shown == text


IDS = [
    "Dcshuhod0PMAAAFQ+/PbnR3x",
    "pomV3OE2P/9anlkK6desBig=",
    "4urOpOwwpOsrTUB+QNy+8WI=",
    "550e8400-e29b-41d4-a716-446655440000",
    "AAAAAAAAAAAAAAAAAAAAAAAA",
]


@pytest.mark.parametrize(
    "password", [*PASSWORDS, "hunter2!", "tr0ub4dor&3", "1234", "correct horse"]
)
def test_nothing_else_is_blacked_out(password: str) -> None:
    for text in [*IDS, *(f"{code.description}; see {code.code}" for code in table())]:
        assert black_out(password, text) == text


def test_a_short_password_is_left() -> None:
    assert black_out("abc", "abc abc") == "abc abc"


@pytest.mark.parametrize("password", ["é!é!é!é!é!é!", "пароль-пароль", "%%%%%%", "\\\\\\\\"])
@pytest.mark.parametrize(
    "piece", ["é!", "é", "!", "%25", "&x1;", "\\", "пароль-", "QUJD", "0f", "%"]
)
def test_no_text_makes_the_search_go_on_for_ever(password: str, piece: str) -> None:
    """64 KiB is the longest answer; the test's own limit of time ends one that tries everything."""
    black_out(password, piece * (65536 // len(piece)))


def test_each_echo_is_blacked_out_and_the_rest_is_left() -> None:
    shown = black_out("hunter22", "a hunter22, b hunter%32%32 and c")
    assert shown == f"a {BLACKED}, b {BLACKED} and c"


@pytest.mark.parametrize(
    ("password", "text", "is_found"),
    [
        # From eight characters on, in other capitals too.
        ("hunter22", "HUNTER22", True),
        ("hunter2", "HUNTER2", False),
        # What looks like an escape in a password may have been undone.
        ("100%2fx%", "100/x%", True),
        ("%41BCD", "ABCD", True),
        # But not if it leaves too little to be sure of.
        ("%41%42%43", "ABC", False),
        ("pass\U0010ffff", "pass&#1114111;", True),
        # Numbers of no character.
        ("hunter22", "&#9999999;\\U00110000hunter22", True),
    ],
)
def test_what_counts_as_an_echo(password: str, text: str, is_found: bool) -> None:
    assert (BLACKED in black_out(password, text)) is is_found


@pytest.mark.parametrize("name", ["amp", "lt", "gt", "quot", "apos", "LT"])
def test_the_name_of_another_sign_is_no_echo(name: str) -> None:
    assert black_out("a/bcd", f"a&{name};bcd") == f"a&{name};bcd"


def test_what_was_blacked_out_does_not_tell_how_long_it_was() -> None:
    for password in ("1234", "1234567890"):
        assert black_out(password, f"Password={password}&") == "Password=********&"


def test_the_shortest_password_is_found_packed_too() -> None:
    for packed in ("YS9iMQ", "612f6231"):  # base64 without its padding, and hexadecimal digits
        assert black_out("a/b1", f"it was '{packed}'.") == f"it was '{BLACKED}'."
