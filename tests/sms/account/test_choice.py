"""Where an account comes from: the table of places, and what else the choice of one says."""

from dataclasses import replace

import pytest

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account import choice
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.place import Kind, PasswordSource
from linksms_cli.sms.account.place import settings as settings_of
from linksms_cli.sms.account.profile import Profile, ProfileFile, Settings
from linksms_cli.sms.value import InvalidValueError
from tests.places_table import ENVIRONMENT, FILE, ROWS, Row, without


def follow(row: Row) -> tuple[Settings | str, tuple[str, ...]]:
    """Where a row leads: the settings, or the error's line."""
    try:
        place = choice.choose(row.option, row.environ, row.file)
        source = choice.complete(place)
    except ConfigurationError as failure:
        return failure.message, row.notices
    return settings_of(place, source.text), place.notices


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_the_account_comes_from_one_place(row: Row) -> None:
    assert follow(row) == (row.leads_to, row.notices)


def test_the_file_is_looked_at_only_where_the_account_may_be_in_it() -> None:
    assert not choice.needs_file(None, ENVIRONMENT)
    assert not choice.needs_file(None, {"LINKSMS_USERNAME": "u"})
    assert choice.needs_file("prod", ENVIRONMENT)
    assert choice.needs_file(None, {"LINKSMS_SOURCE": "LINK"})


def test_without_an_account_the_hint_says_how_to_make_one_and_how_to_try() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choice.choose(None, {}, ProfileFile(path="/c.toml"))
    assert caught.value.hint == (
        "Create one with 'linksms config set NAME', or try it without: "
        'linksms send --sandbox -t +99955501234 -f LINK "Hello".'
    )


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choice.choose("x", {}, FILE)
    assert caught.value.hint == "Known: prod, test."
    with pytest.raises(ConfigurationError) as caught:
        choice.choose("prd", {}, FILE)
    assert caught.value.hint == "Did you mean prod? Known: prod, test."


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        (replace(FILE, require_profile=True), "Name one with -p: prod, test."),
        (ProfileFile(path="/c.toml", require_profile=True), "Name one with -p."),
    ],
)
def test_a_file_that_requires_a_profile_says_which_there_are(file: ProfileFile, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        choice.choose(None, ENVIRONMENT, file)
    assert caught.value.hint == hint


def test_the_path_of_a_profile_begins_at_the_home_folder_of_the_environment() -> None:
    values = replace(FILE.profiles["prod"], ca_bundle="~/ca.pem")
    file = replace(FILE, profiles={"prod": values})
    found = choice.choose("prod", {"HOME": "/home/me"}, file).values
    assert found == replace(values, ca_bundle="/home/me/ca.pem")
    with pytest.raises(ConfigurationError) as caught:
        choice.choose("prod", {}, file)
    assert str(caught.value).startswith("ca_bundle of profile 'prod' begins with '~'")
    assert caught.value.hint == "Write the path in full."


def test_a_variable_of_the_wrong_form_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choice.choose("prod", {"LINKSMS_CA_BUNDLE": "$HOME/ca.pem"}, FILE)
    assert str(caught.value.hint).startswith("Write the path in full")


@pytest.mark.parametrize("way", [ENVIRONMENT, {"LINKSMS_PROFILE": "test"}])
def test_a_guard_of_the_wrong_form_says_what_to_write(way: dict[str, str]) -> None:
    with pytest.raises(InvalidValueError) as wrong:
        Key.ALLOWED_DESTINATIONS.form.from_text("070")
    with pytest.raises(ConfigurationError) as caught:
        choice.choose(None, way | {"LINKSMS_ALLOWED_DESTINATIONS": "070"}, FILE)
    assert caught.value.message == f"LINKSMS_ALLOWED_DESTINATIONS {wrong.value.problem}"
    assert caught.value.hint == wrong.value.hint is not None


def test_each_value_knows_where_it_came_from() -> None:
    place = choice.choose("prod", {"LINKSMS_CA_BUNDLE": "/ca.pem"}, FILE)
    there = "profile 'prod'"
    assert place.origins == {
        Key.BASE_URL: there,
        Key.SERVICE_ID: there,
        Key.USERNAME: there,
        Key.PASSWORD: there,
        Key.SOURCE: there,
        Key.CA_BUNDLE: "LINKSMS_CA_BUNDLE",
    }


def test_what_is_set_beside_a_profile_and_has_no_effect_is_warned_of() -> None:
    unused = {"LINKSMS_ALLOW_HTTP": "true", "LINKSMS_ASYNC": "true"}
    others = {"LINKSMS_ALLOWED_DESTINATIONS": "+46", "LINKSMS_SOURCE": "LINK"}
    for option, environ in (("prod", ENVIRONMENT), (None, {}), (None, {"LINKSMS_PROFILE": "prod"})):
        assert choice.choose(option, environ | unused | others, FILE).warnings == (
            "LINKSMS_ALLOW_HTTP has no effect: profile 'prod' has its own settings",
            "LINKSMS_ASYNC has no effect: profile 'prod' has its own settings",
        )
    assert choice.choose(None, ENVIRONMENT | unused, FILE).warnings == ()
    assert choice.stored("prod", FILE).warnings == choice.stored("prod", FILE).notices == ()


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        (Profile(password="p"), Kind.VALUE, "p"),
        (Profile(password_command="pass x"), Kind.COMMAND, "pass x"),
        (
            Profile(keyring=True, base_url="https://h/x", service_id=1, username="u"),
            Kind.KEYRING,
            "1/u@https://h/x",
        ),
    ],
)
def test_a_profile_says_how_to_come_by_its_password(values: Profile, kind: Kind, text: str) -> None:
    file = ProfileFile(path="/c.toml", profiles={"p": values})
    source = choice.choose("p", {}, file).password_source
    assert source == PasswordSource(kind=kind, text=text, origin="profile 'p'")
    assert "pass x" not in repr(source)


def test_a_password_file_is_the_environments() -> None:
    environ = without("LINKSMS_PASSWORD") | {"LINKSMS_PASSWORD_FILE": "/run/secrets/p"}
    place = choice.choose(None, environ, ProfileFile())
    assert choice.complete(place) == PasswordSource(
        kind=Kind.FILE, text="/run/secrets/p", origin="LINKSMS_PASSWORD_FILE"
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost", "[::1]:1", "127.1.2.3"])
def test_plain_http_is_allowed_to_this_machine(host: str) -> None:
    environ = ENVIRONMENT | {"LINKSMS_BASE_URL": f"http://{host}/x"}
    place = choice.choose(None, environ, ProfileFile())
    assert choice.complete(place).text == "env-password"


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.example", "10.0.0.1", "[::2]"])
def test_plain_http_elsewhere_needs_allow_http(host: str) -> None:
    environ = ENVIRONMENT | {"LINKSMS_BASE_URL": f"http://{host}/x"}
    with pytest.raises(ConfigurationError) as caught:
        choice.complete(choice.choose(None, environ, ProfileFile()))
    assert caught.value.hint == "Use https://, or set LINKSMS_ALLOW_HTTP=true."
    kept = replace(FILE.profiles["prod"], base_url=f"http://{host}/x")
    with pytest.raises(ConfigurationError) as caught:
        choice.complete(choice.choose("prod", {}, replace(FILE, profiles={"prod": kept})))
    remedy = "run 'linksms config set prod allow_http=true'"
    assert caught.value.hint == f"Use https://, or {remedy}."
    allowed = environ | {"LINKSMS_ALLOW_HTTP": "1"}
    place = choice.choose(None, allowed, ProfileFile())
    assert choice.complete(place).text == "env-password"


def test_secrets_are_in_no_repr() -> None:
    place = choice.choose(None, ENVIRONMENT, ProfileFile())
    settings = settings_of(place, "env-password")
    assert "env-password" not in repr(place)
    assert "env-password" not in repr(settings)
