"""The form of each value: what is taken, how it is cleaned, and what is refused, and why."""

import contextlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms import number as numbers
from linksms_cli.sms.account.keys import Key, Value, is_name
from linksms_cli.sms.account.profile import Profile
from linksms_cli.sms.value import InvalidValueError


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        (Key.BASE_URL, "https://n-eu.linkmobility.io/x", "https://n-eu.linkmobility.io/x"),
        (Key.BASE_URL, "HTTPS://N-EU.LinkMobility.io/Path ", "https://n-eu.linkmobility.io/Path"),
        (Key.BASE_URL, "http://[::1]:8025/x", "http://[::1]:8025/x"),
        (Key.BASE_URL, "https://h", "https://h"),
        (Key.SERVICE_ID, " 12345 ", 12345),
        (Key.USERNAME, "Ünal & Co", "Ünal & Co"),
        (Key.USERNAME, " acme\n", "acme"),
        (Key.PASSWORD, " p ä;=\"'", " p ä;=\"'"),
        (Key.PASSWORD, "\ufeffsecret\r\n", "secret"),
        (Key.PASSWORD, "secret\r", "secret"),
        *((Key.ALLOW_HTTP, word, True) for word in ("TRUE", "true", "yes", "on", "1")),
        *((Key.ASYNC, word, False) for word in ("False", "false", "no", "off", "0")),
        (Key.KEYRING, "on", True),
        (Key.ALLOWED_DESTINATIONS, "+46 (70) 12-34,+47,+47", ("+46701234", "+47")),
        (Key.ALLOWED_DESTINATIONS, "+46701234567, +4670123456*", ("+46701234567", "+4670123456*")),
        (Key.SOURCE, "LINK", "LINK"),
        (Key.SOURCE, "+46 732 594 084", "+46732594084"),
    ],
)
def test_text_becomes_a_value(key: Key, text: str, value: Value) -> None:
    assert key.form.from_text(text) == value


@pytest.mark.parametrize(
    ("key", "text", "problem"),
    [
        (Key.BASE_URL, "n-eu.linkmobility.io/x", "is not a URL"),
        (Key.BASE_URL, "https://h/a b", "is not a URL"),
        (Key.BASE_URL, "https://hé/x", "is not a URL"),
        (Key.BASE_URL, "ftp://h/x", "does not begin with https://"),
        (
            Key.BASE_URL,
            "https://user:hidden@h/x",
            "contains a user name or password, which have keys of their own",
        ),
        (
            Key.BASE_URL,
            "https://h/x?Password=hidden",
            "has '?' or '#' after its path, which do not belong there",
        ),
        (Key.BASE_URL, "https:///x", "has no host"),
        (Key.BASE_URL, "https://h:x/", "has a port that does not exist"),
        (Key.BASE_URL, "https://h:99999/", "has a port that does not exist"),
        (Key.SERVICE_ID, "12.5", "must be a whole number, not '12.5'"),
        (Key.SERVICE_ID, "١٢", "must be a whole number, not '١٢'"),
        (Key.SERVICE_ID, "-1", "must be a whole number, not '-1'"),
        (Key.USERNAME, "  ", "is empty"),
        (Key.USERNAME, "a\tb", "contains a control character or is not UTF-8"),
        (Key.PASSWORD, "hidden\nhidden", "contains a line break"),
        (Key.PASSWORD, "hidden\n\n", "contains a line break"),
        (Key.PASSWORD, "\n", "is empty"),
        (Key.PASSWORD, "hid\x00den", "contains a control character or is not UTF-8"),
        (Key.PASSWORD, "hid\udcffden", "contains a control character or is not UTF-8"),
        (Key.ALLOW_HTTP, "maybe", "must be true or false, not 'maybe'"),
        (
            Key.ALLOWED_DESTINATIONS,
            "070",
            "is not valid: '070' is neither a number nor the beginning of one",
        ),
        (Key.ALLOWED_DESTINATIONS, "+4670.0", "is not valid: '+4670.0' is written with decimals"),
        (Key.ALLOWED_DESTINATIONS, " , ", "contains no number"),
        (
            Key.SOURCE,
            "TWELVE chars",
            "is not valid: the source 'TWELVE chars' takes 12 septets; a name holds 11",
        ),
    ],
)
def test_text_of_the_wrong_form_is_refused(key: Key, text: str, problem: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        key.form.from_text(text)
    assert caught.value.problem == problem
    assert "hidden" not in f"{caught.value.problem}{caught.value.hint}"


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        (Key.SERVICE_ID, "1", "must be an integer"),
        (Key.SERVICE_ID, True, "must be an integer"),
        (Key.ASYNC, "true", "must be true or false"),
        (Key.ALLOWED_DESTINATIONS, "+46", "must be a list of strings"),
        (Key.ALLOWED_DESTINATIONS, [46], "must be a list of strings"),
        (Key.ALLOWED_DESTINATIONS, [], "contains no number"),
        (Key.USERNAME, 1, "must be a string"),
        (Key.PASSWORD, "", "is empty"),
    ],
)
def test_toml_of_the_wrong_type_is_refused(key: Key, value: object, problem: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        key.form.from_toml(value)
    assert caught.value.problem == problem


@given(number=st.integers())
@example(number=-1)
@example(number=0)
@example(number=10**18 - 1)
@example(number=10**18)
def test_a_service_id_is_the_same_in_text_and_in_toml(number: int) -> None:
    form = Key.SERVICE_ID.form
    if 0 <= number < 10**18:
        assert form.from_text(str(number)) == form.from_toml(number) == number
        return
    expected = "LINK Support assigns it with the account."
    assert hint_of(form.from_text, str(number)) == hint_of(form.from_toml, number) == expected


def hint_of(read: Callable[[Any], object], value: object) -> str | None:
    with pytest.raises((InvalidValueError, UsageError)) as caught:
        read(value)
    assert isinstance(caught.value, InvalidValueError | UsageError)
    return caught.value.hint


def test_what_is_wrong_says_what_to_do_about_it() -> None:
    destinations, source = Key.ALLOWED_DESTINATIONS.form, Key.SOURCE.form
    # Of a number the hint is that of whoever reads numbers anywhere.
    for read, anywhere, text in (
        (destinations.from_text, numbers.allowed, "070"),
        (destinations.from_text, numbers.allowed, "+4670.0"),
        (source.from_text, numbers.source, "TWELVE chars"),
    ):
        assert hint_of(read, text) == hint_of(anywhere, text) is not None
    for value in ("+46", [46]):
        expected = 'Write it like ["+46701234567", "+4670"].'
        assert hint_of(destinations.from_toml, value) == expected


def test_toml_becomes_a_value() -> None:
    assert Key.SERVICE_ID.form.from_toml(5) == 5
    assert Key.ASYNC.form.from_toml(False) is False
    assert Key.ALLOWED_DESTINATIONS.form.from_toml(["+46 70", "+47"]) == ("+4670", "+47")
    assert Key.BASE_URL.form.from_toml("https://h/x") == "https://h/x"


@given(key=st.sampled_from(list(Key)), text=st.text())
def test_a_value_that_was_taken_is_taken_again_unchanged(key: Key, text: str) -> None:
    with contextlib.suppress(InvalidValueError):
        value = key.form.from_text(text)
        again = list(value) if isinstance(value, tuple) else value
        assert key.form.from_toml(again) == value


@pytest.mark.parametrize("name", ["prod", "A_1-x", "-", "0"])
def test_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "a b", "a.b", "å", "a\n", "../x"])
def test_no_name(name: str) -> None:
    assert not is_name(name)


def test_a_profile_has_a_field_for_each_key() -> None:
    known = {"async_" if key is Key.ASYNC else key.value for key in Key}
    assert {field.name for field in fields(Profile)} == known | {"password_file"}


def test_a_key_and_its_variable_have_the_names_that_profiles_and_scripts_use() -> None:
    assert {key.value: key.variable for key in Key} == {
        "base_url": "LINKSMS_BASE_URL",
        "service_id": "LINKSMS_SERVICE_ID",
        "username": "LINKSMS_USERNAME",
        "password": "LINKSMS_PASSWORD",
        "password_command": "",
        "keyring": "",
        "source": "LINKSMS_SOURCE",
        "allow_http": "LINKSMS_ALLOW_HTTP",
        "ca_bundle": "LINKSMS_CA_BUNDLE",
        "allowed_destinations": "LINKSMS_ALLOWED_DESTINATIONS",
        "country": "LINKSMS_COUNTRY",
        "async": "LINKSMS_ASYNC",
    }
