"""Secrets: one way to read them, wherever they come from."""

import pytest

from linksms_cli.errors import ConfigurationError
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
        ("hidden\nhidden", "contains a line break"),
        ("hidden\rhidden", "contains a line break"),
        ("hidden\n\n", "contains a line break"),
        ("hid\tden", "contains a control character or is not UTF-8"),
        ("hid\udcffden", "contains a control character or is not UTF-8"),
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


@pytest.mark.parametrize("value", ["tok", "tok\n", " tok \r\n", "\ufefftok"])
def test_one_that_callers_show_is_compared_without_what_stores_add(value: str) -> None:
    assert secret.shown_to_us("X_TOKEN", {"X_TOKEN": value}) == "tok"


def test_one_that_is_not_set_or_cannot_be_shown() -> None:
    assert secret.shown_to_us("X_TOKEN", {}) is None
    assert secret.shown_to_us("X_TOKEN", {"X_TOKEN": ""}) is None
    for value, problem, hint in (
        ("  ", "is empty", None),
        ("a\nb", "contains a line break", "A secret is one line."),
    ):
        with pytest.raises(ConfigurationError, match=f"X_TOKEN {problem}") as caught:
            secret.shown_to_us("X_TOKEN", {"X_TOKEN": value})
        assert caught.value.hint == hint
