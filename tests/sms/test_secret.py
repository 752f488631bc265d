"""Secrets: one way to read them, and no spelling of one that is left in a text."""

import base64
import html
import json
import re
import shlex
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms import secret
from linksms_cli.sms.value import InvalidValueError


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("s3cret", "s3cret"),
        ("s3cret\n", "s3cret"),
        ("s3cret\r\n", "s3cret"),
        ("s3cret\r", "s3cret"),
        ("\ufeffs3cret\n", "s3cret"),
        (" s3 cret \n", " s3 cret "),
    ],
)
def test_what_files_and_stores_add_is_taken_off(text: str, read: str) -> None:
    assert secret.read(text) == read


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        ("\ufeff", "is empty"),
        ("hidden\nhidden", "holds a line break"),
        ("hidden\n\n", "holds a line break"),
        ("hid\tden", "holds a control character, or is not UTF-8"),
        ("hid\udcffden", "holds a control character, or is not UTF-8"),
    ],
)
def test_anything_else_is_refused_and_not_quoted(text: str, problem: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        secret.read(text)
    assert caught.value.problem == problem
    assert "hid" not in f"{caught.value.hint}"


def test_blanks_around_it_are_doubted() -> None:
    assert secret.doubt("s3cret") is None
    assert secret.doubt("s3 cret") is None
    for one in (" s3cret", "s3cret ", "s3cret\u00a0"):
        assert secret.doubt(one) == "begins or ends with a blank, which is taken as part of it"


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL": lambda one: quote(one, safe=""),
    "URL in small letters": lambda one: re.sub(
        "%[0-9A-F]{2}", lambda found: found[0].lower(), quote(one, safe="")
    ),
    "every octet of a URL": lambda one: "".join(f"%{byte:02x}" for byte in one.encode()),
    "form": quote_plus,
    "Latin-1 in a URL": lambda one: quote(one.encode("latin-1"), safe=""),
    "HTML": html.escape,
    "HTML without quotes": lambda one: html.escape(one, quote=False),
    "HTML in numbers": lambda one: "".join(f"&#{ord(sign)};" for sign in one),
    "HTML in hex": lambda one: "".join(f"&#x{ord(sign):X};" for sign in one),
    "JSON": lambda one: json.dumps(one)[1:-1],
    "JSON in UTF-8": lambda one: json.dumps(one, ensure_ascii=False)[1:-1],
    "shell": lambda one: shlex.quote(f" {one}")[2:-1],
    "base64": lambda one: base64.b64encode(one.encode()).decode(),
    "base64 for URLs": lambda one: base64.urlsafe_b64encode(one.encode()).decode(),
    "Basic": lambda one: base64.b64encode(f"user:{one}".encode()).decode(),
    "within base64": lambda one: base64.b64encode(f"us:{one}&x".encode()).decode(),
}
# Letters, digits and signs of Latin-1, all of which may have another spelling somewhere.
SECRETS = st.text(
    st.characters(codec="latin-1", exclude_categories=["C", "Z"]), min_size=6, max_size=16
)


@pytest.mark.parametrize("how", SPELLINGS)
@given(one=SECRETS)
def test_no_spelling_of_a_secret_is_left(how: str, one: str) -> None:
    spelt = SPELLINGS[how](one)
    shown = secret.conceal(one, f"<{spelt}>")
    assert secret.HIDDEN in shown
    assert spelt not in shown


def test_spellings_that_are_mixed_are_found_too() -> None:
    assert secret.conceal("p&w ö'x", "got p%26w+&ouml;\\'x.") == "got ********."


def test_what_is_no_echo_stays() -> None:
    assert secret.conceal("hidden", "hid den") == "hid den"
    assert secret.conceal("abc", "abc") == "abc"  # too short to be told from a word
