"""The table of places: which account, whole and from one place, for every way of asking."""

from dataclasses import dataclass, field

import pytest

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import places
from linksms_cli.sms.profile import Account, Key, Profile, ProfileFile, Settings

ENVIRONMENT = {
    "LINKSMS_BASE_URL": "https://env.example/smscsimplehttp",
    "LINKSMS_SERVICE_ID": "9",
    "LINKSMS_USERNAME": "env",
    "LINKSMS_PASSWORD": "env-password",
}


def profile(name: str, source: str | None = None) -> Profile:
    return Profile(
        base_url=f"https://{name}.example/smscsimplehttp",
        service_id=len(name),
        username=name,
        password=f"{name}-password",
        source=source,
    )


FILE = ProfileFile(
    path="/c.toml",
    default="prod",
    profiles={"prod": profile("prod", source="LINK"), "test": profile("test")},
)


def account(name: str, service_id: int) -> Account:
    return Account(
        base_url=f"https://{name}.example/smscsimplehttp",
        service_id=service_id,
        username=name,
        password=f"{name}-password",
    )


PROD = Settings(name="prod", account=account("prod", 4), source="LINK")
TEST = Settings(name="test", account=account("test", 4))
FROM_ENVIRONMENT = Settings(name=None, account=account("env", 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table: what is asked for, and what it leads to."""

    says: str
    option: str | None = None
    environ: dict[str, str] = field(default_factory=dict)
    file: ProfileFile = FILE
    leads_to: Settings | str
    notices: tuple[str, ...] = ()


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in ENVIRONMENT.items() if name not in names}


PASSED_OVER = (
    "LINKSMS_BASE_URL, LINKSMS_SERVICE_ID, LINKSMS_USERNAME and LINKSMS_PASSWORD in the environment"
)
ROWS = [
    Row(says="nothing said: the default profile", leads_to=PROD),
    Row(says="-p", option="test", leads_to=TEST),
    Row(says="LINKSMS_PROFILE", environ={"LINKSMS_PROFILE": "test"}, leads_to=TEST),
    Row(says="the environment", environ=ENVIRONMENT, leads_to=FROM_ENVIRONMENT),
    Row(
        says="the environment needs no file",
        environ=ENVIRONMENT,
        file=ProfileFile(path="/none"),
        leads_to=FROM_ENVIRONMENT,
    ),
    Row(
        says="-p over LINKSMS_PROFILE",
        option="test",
        environ={"LINKSMS_PROFILE": "prod"},
        leads_to=TEST,
    ),
    Row(
        says="-p over the environment, which it says",
        option="test",
        environ=ENVIRONMENT,
        leads_to=TEST,
        notices=(f"-p test: {PASSED_OVER} passed over",),
    ),
    Row(
        says="-p over both",
        option="test",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": "prod"},
        leads_to=TEST,
        notices=(f"-p test: {PASSED_OVER} passed over",),
    ),
    Row(
        says="-p over a part of an account",
        option="test",
        environ={"LINKSMS_USERNAME": "env"},
        leads_to=TEST,
        notices=("-p test: LINKSMS_USERNAME in the environment passed over",),
    ),
    Row(
        says="environment and LINKSMS_PROFILE",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": "test"},
        leads_to="the environment sets an account (LINKSMS_BASE_URL, LINKSMS_SERVICE_ID, "
        "LINKSMS_USERNAME, LINKSMS_PASSWORD) and LINKSMS_PROFILE",
    ),
    Row(
        says="one account variable and LINKSMS_PROFILE",
        environ={"LINKSMS_PASSWORD": "x", "LINKSMS_PROFILE": "test"},
        leads_to="the environment sets an account (LINKSMS_PASSWORD) and LINKSMS_PROFILE",
    ),
    *(
        Row(
            says=f"the environment without {name}",
            environ=without(name),
            leads_to=f"part of an account in the environment: {name} not set",
        )
        for name in ("LINKSMS_BASE_URL", "LINKSMS_SERVICE_ID", "LINKSMS_USERNAME")
    ),
    Row(
        says="the environment without a password, though the default profile has one",
        environ=without("LINKSMS_PASSWORD"),
        leads_to="part of an account in the environment: "
        "LINKSMS_PASSWORD (or LINKSMS_PASSWORD_FILE) not set",
    ),
    Row(
        says="a password alone, though the default profile has the rest",
        environ={"LINKSMS_PASSWORD": "x"},
        leads_to="part of an account in the environment: "
        "LINKSMS_BASE_URL, LINKSMS_SERVICE_ID and LINKSMS_USERNAME not set",
    ),
    Row(
        says="empty variables are not set",
        environ=dict.fromkeys([*ENVIRONMENT, "LINKSMS_PROFILE", "LINKSMS_SOURCE"], ""),
        leads_to=PROD,
    ),
    Row(
        says="an empty LINKSMS_PROFILE beside the environment",
        environ=ENVIRONMENT | {"LINKSMS_PROFILE": ""},
        leads_to=FROM_ENVIRONMENT,
    ),
    Row(says="an unknown profile", option="x", leads_to="no profile 'x' in /c.toml"),
    Row(
        says="an unknown LINKSMS_PROFILE",
        environ={"LINKSMS_PROFILE": "x"},
        leads_to="no profile 'x' in /c.toml",
    ),
    Row(says="an empty -p", option="", leads_to="no profile '' in /c.toml"),
    Row(
        says="nothing at all",
        file=ProfileFile(path="/c.toml"),
        leads_to="no account: no variables in the environment, no profile in /c.toml",
    ),
    Row(
        says="settings alone are no account",
        environ={"LINKSMS_SOURCE": "LINK", "LINKSMS_ALLOW_HTTP": "1"},
        file=ProfileFile(path="/c.toml"),
        leads_to="no account: no variables in the environment, no profile in /c.toml",
    ),
    Row(
        says="profiles without a default",
        file=ProfileFile(path="/c.toml", profiles=FILE.profiles),
        leads_to="no profile is the default in /c.toml",
    ),
    Row(
        says="part of an account in a profile, though the environment has the rest",
        option="half",
        environ={"LINKSMS_PASSWORD": "x"},
        file=ProfileFile(path="/c.toml", profiles={"half": Profile(username="u")}),
        leads_to="part of an account in profile 'half': "
        "no base_url, service_id and password in /c.toml",
        notices=("-p half: LINKSMS_PASSWORD in the environment passed over",),
    ),
    Row(
        says="everything else of the environment",
        environ=ENVIRONMENT
        | {
            "LINKSMS_SOURCE": "72401",
            "LINKSMS_CA_BUNDLE": "/ca.pem",
            "LINKSMS_ALLOW_HTTP": "true",
            "LINKSMS_ALLOWED_DESTINATIONS": "+46 70-1, +4672,",
            "LINKSMS_ASYNC": "no",
        },
        leads_to=Settings(
            name=None,
            account=account("env", 9),
            source="72401",
            ca_bundle="/ca.pem",
            allow_http=True,
            allowed_destinations=("+46701", "+4672"),
            async_=False,
        ),
    ),
    Row(
        says="of a profile's gaps only source and CA bundle are filled",
        option="test",
        environ={
            "LINKSMS_SOURCE": "72401",
            "LINKSMS_CA_BUNDLE": "/ca.pem",
            "LINKSMS_ALLOW_HTTP": "true",
            "LINKSMS_ALLOWED_DESTINATIONS": "+4670",
            "LINKSMS_ASYNC": "true",
        },
        leads_to=Settings(
            name="test", account=account("test", 4), source="72401", ca_bundle="/ca.pem"
        ),
    ),
    Row(
        says="what a profile holds is no gap",
        environ={"LINKSMS_SOURCE": "72401"},
        leads_to=PROD,
    ),
    Row(
        says="a variable of the wrong form",
        environ=ENVIRONMENT | {"LINKSMS_SERVICE_ID": "1x"},
        leads_to="LINKSMS_SERVICE_ID must be a whole number, not '1x'",
    ),
    Row(
        says="two passwords",
        environ=ENVIRONMENT | {"LINKSMS_PASSWORD_FILE": "/run/secrets/p"},
        leads_to="the environment sets LINKSMS_PASSWORD and LINKSMS_PASSWORD_FILE",
    ),
    Row(
        says="plain HTTP over a network",
        environ=ENVIRONMENT | {"LINKSMS_BASE_URL": "http://env.example/x"},
        leads_to="the base URL http://env.example/x is plain HTTP: "
        "anybody on the way could read the password",
    ),
]


def follow(row: Row) -> tuple[Settings | str, tuple[str, ...]]:
    """Where a row leads: the settings, or the error's line."""
    try:
        place = places.choose(row.option, row.environ, row.file)
        source = places.complete(place)
    except ConfigurationError as failure:
        return failure.message, row.notices
    return places.settings(place, source.text), place.notices


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_the_account_comes_from_one_place(row: Row) -> None:
    assert follow(row) == (row.leads_to, row.notices)


def test_the_file_is_looked_at_only_where_the_account_may_be_in_it() -> None:
    assert not places.needs_file(None, ENVIRONMENT)
    assert not places.needs_file(None, {"LINKSMS_USERNAME": "u"})
    assert places.needs_file("prod", ENVIRONMENT)
    assert places.needs_file(None, {"LINKSMS_SOURCE": "LINK"})


def test_without_an_account_the_hint_says_how_to_make_one_and_how_to_try() -> None:
    with pytest.raises(ConfigurationError) as caught:
        places.choose(None, {}, ProfileFile(path="/c.toml"))
    assert caught.value.hint == (
        "Make one with 'linksms config set NAME', or try it without: "
        'linksms send --sandbox -t +99955501234 -f LINK "Hello".'
    )


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError) as caught:
        places.choose("x", {}, FILE)
    assert caught.value.hint == "Known: prod, test."


def test_each_value_knows_where_it_came_from() -> None:
    place = places.choose("prod", {"LINKSMS_CA_BUNDLE": "/ca.pem"}, FILE)
    there = "profile 'prod'"
    assert place.origins == {
        Key.BASE_URL: there,
        Key.SERVICE_ID: there,
        Key.USERNAME: there,
        Key.PASSWORD: there,
        Key.SOURCE: there,
        Key.CA_BUNDLE: "LINKSMS_CA_BUNDLE",
    }


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        (Profile(password="p"), places.Kind.VALUE, "p"),
        (Profile(password_command="pass x"), places.Kind.COMMAND, "pass x"),
        (
            Profile(keyring=True, base_url="https://h/x", service_id=1, username="u"),
            places.Kind.KEYRING,
            "1/u@https://h/x",
        ),
    ],
)
def test_a_profile_says_how_to_come_by_its_password(
    values: Profile, kind: places.Kind, text: str
) -> None:
    file = ProfileFile(path="/c.toml", profiles={"p": values})
    source = places.choose("p", {}, file).password_source
    assert source == places.PasswordSource(kind=kind, text=text, origin="profile 'p'")
    assert "pass x" not in repr(source)


def test_a_password_file_is_the_environments() -> None:
    environ = without("LINKSMS_PASSWORD") | {"LINKSMS_PASSWORD_FILE": "/run/secrets/p"}
    place = places.choose(None, environ, ProfileFile(path=""))
    assert places.complete(place) == places.PasswordSource(
        kind=places.Kind.FILE, text="/run/secrets/p", origin="LINKSMS_PASSWORD_FILE"
    )


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost", "[::1]:1", "127.1.2.3"])
def test_plain_http_is_allowed_to_this_machine(host: str) -> None:
    environ = ENVIRONMENT | {"LINKSMS_BASE_URL": f"http://{host}/x"}
    place = places.choose(None, environ, ProfileFile(path=""))
    assert places.complete(place).text == "env-password"


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.example", "10.0.0.1", "[::2]"])
def test_plain_http_elsewhere_needs_allow_http(host: str) -> None:
    environ = ENVIRONMENT | {"LINKSMS_BASE_URL": f"http://{host}/x"}
    with pytest.raises(ConfigurationError):
        places.complete(places.choose(None, environ, ProfileFile(path="")))
    allowed = environ | {"LINKSMS_ALLOW_HTTP": "1"}
    place = places.choose(None, allowed, ProfileFile(path=""))
    assert places.complete(place).text == "env-password"


def test_secrets_are_in_no_repr() -> None:
    place = places.choose(None, ENVIRONMENT, ProfileFile(path=""))
    settings = places.settings(place, "env-password")
    assert "env-password" not in repr(place)
    assert "env-password" not in repr(settings)
