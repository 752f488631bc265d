"""`linksms send` and the account it uses: each row of the table of places, as a real process."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from linksms_cli.adapters.profiles import writing
from linksms_cli.sms.account.profile import Settings
from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder
from tests.places_table import ENVIRONMENT, ROWS, Row, without


def sent(gateway: Recorder) -> list[tuple[str, dict[str, str]]]:
    """The path and the parameters of each request."""
    targets = [urlsplit(line.split()[1]) for line in gateway.request_lines]
    return [(target.path, dict(parse_qsl(target.query))) for target in targets]


def brought_here(row: Row, url: str, path: Path) -> Row:
    """The row with its gateways on the recorder, and its file where this test has it."""

    def here(text: str) -> str:
        text = re.sub(r"https://(\w+)\.example/smscsimplehttp", rf"{url}/\1", text)
        return text.replace("/c.toml", str(path))

    profiles = {
        name: replace(one, base_url=here(one.base_url)) if one.base_url else one
        for name, one in row.file.profiles.items()
    }
    return replace(
        row,
        environ={name: here(value) for name, value in row.environ.items()},
        file=replace(row.file, path=str(path), profiles=profiles),
        leads_to=here(row.leads_to) if isinstance(row.leads_to, str) else row.leads_to,
    )


def send(linksms: Linksms, row: Row) -> Finished:
    words = ["send", "-t", "+46701234567", "--no-store", "Hello"]
    if not (isinstance(row.leads_to, Settings) and row.leads_to.source):
        words += ["-f", "LINK"]
    if row.option is not None:
        words += ["-p", row.option]
    return linksms(*words, env=row.environ)


def on_the_wire(settings: Settings) -> tuple[str, dict[str, str]]:
    """The path and the parameters that a message sent with these settings has."""
    account = settings.account
    parameters = {
        "ServiceId": str(account.service_id),
        "Username": account.username,
        "Password": account.password,
        "Source": settings.source or "LINK",
        "Destination": "+46701234567",
        "Userdata": "Hello",
    }
    if settings.async_ is not None:
        parameters["Async"] = "true" if settings.async_ else "false"
    return f"/{account.username}", parameters


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_the_account_that_goes_out_comes_from_one_place(
    linksms: Linksms, gateway: Recorder, environment: dict[str, str], row: Row
) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    row = brought_here(row, f"http://{gateway.netloc}", path)
    if row.file.profiles:
        writing.edit(path, lambda _: row.file)
    done = send(linksms, row)
    if isinstance(row.leads_to, Settings):
        assert (done.code, sent(gateway)) == (0, [on_the_wire(row.leads_to)])
        assert all(f"{notice}\n" in done.stderr for notice in row.notices)
        return
    assert (done.code, done.stdout, gateway.requests) == (3, "", [])
    assert f"error: {row.leads_to}. " in done.stderr


def test_quiet_says_nothing_of_what_is_passed_over(
    linksms: Linksms, gateway: Recorder, environment: dict[str, str]
) -> None:
    (row,) = [row for row in ROWS if row.says == "-p over the environment, which it says"]
    path = Path(environment["LINKSMS_CONFIG"])
    row = brought_here(row, f"http://{gateway.netloc}", path)
    writing.edit(path, lambda _: row.file)
    words = ("send", "-p", "test", "-f", "LINK", "-t", "+46701234567", "--no-store", "-q", "Hello")
    assert linksms(*words, env=row.environ) == Finished(code=0, stdout="abc123\n", stderr="")


@pytest.fixture
def profile(linksms: Linksms, gateway: Recorder) -> str:
    """A profile whose gateway is the recorder."""
    linksms(
        *("config", "set", "p", f"base_url={gateway.url}", "service_id=1", "username=u"),
        *("password_command=echo p", "source=LINK"),
    )
    return "p"


def test_a_variable_that_has_no_effect_is_warned_of(
    linksms: Linksms, gateway: Recorder, profile: str
) -> None:
    env = {"LINKSMS_ASYNC": "true"}
    words = ("send", "-t", "+99955501234", "--no-store", "Hello")
    said = f"LINKSMS_ASYNC has no effect: profile '{profile}' has its own settings"
    assert f"warning: {said}\n" in linksms(*words, env=env).stderr
    assert linksms(*words, "--json", env=env).stderr == f'{{"warning": "{said}"}}\n'
    assert linksms(*words, "-q", env=env).stderr == ""
    assert linksms("config", "show", env=env).stderr == f"warning: {said}\n"
    records = linksms("config", "check", "--json", env=env).records
    assert [one["status"] for one in records if one["finding"] == said] == ["warning"]
    assert len(gateway.requests) == 4


@pytest.mark.parametrize("way", [("-p", "p"), ()], ids=["-p", "the default"])
def test_the_guard_of_the_environment_holds_beside_a_profile(
    linksms: Linksms, gateway: Recorder, profile: str, way: tuple[str, ...]
) -> None:
    linksms("config", "set", profile, "allowed_destinations=+9995550123,+9995550124*")
    env = {"LINKSMS_ALLOWED_DESTINATIONS": "+9995550124,+9995550125"}
    words = ("send", *way, "--no-store", "--json", "Hello")
    told = [
        linksms(*words, "-t", number, env=env)
        for number in ("+9995550123", "+9995550125", "+9995550124")
    ]
    assert [done.code for done in told] == [10, 10, 0]
    assert [done.record["error"] and done.record["error"]["message"] for done in told] == [
        "LINKSMS_ALLOWED_DESTINATIONS does not allow +9995550123",
        "profile 'p' does not allow +9995550125",
        None,
    ]
    assert len(gateway.requests) == 1
    shown = linksms("config", "show", *way[1:], env=env).stdout
    assert "allowed_destinations  +9995550123, +9995550124*" in shown
    assert "allowed_destinations  +9995550124, +9995550125" in shown
    empty = linksms(*words, "-t", "+9995550124", env={"LINKSMS_ALLOWED_DESTINATIONS": ""})
    assert (empty.code, empty.stdout) == (3, "")
    assert "LINKSMS_ALLOWED_DESTINATIONS is set, but empty" in empty.stderr
    assert len(gateway.requests) == 1
    checked = linksms("config", "check", *way[1:], env=env).stdout
    assert "allowed_destinations from LINKSMS_ALLOWED_DESTINATIONS" in checked


def test_a_profile_that_is_required_is_named_with_p(
    linksms: Linksms, gateway: Recorder, profile: str, environment: dict[str, str]
) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    path.write_text(f"require_profile = true\n{path.read_text()}")
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--no-store", "Hello")
    for env in ({}, {"LINKSMS_PROFILE": "p"}, account(gateway.url)):
        done = linksms(*words, env=env)
        assert (done.code, done.stdout) == (3, "")
        assert f"no profile is named, and {path} says require_profile = true" in done.stderr
        assert linksms("config", "show", env=env).code == 3
        assert linksms("config", "check", env=env).code == 3
    assert gateway.requests == []
    assert linksms(*words, "-p", profile).code == 0
    # It stays, whatever else is edited, and is no key of one profile.
    assert linksms("config", "set", profile, "source=").code == 0
    assert "require_profile = true" in path.read_text()
    done = linksms("config", "set", profile, "require_profile=true")
    assert done.code == 2
    assert "Write it at the top of the profile file" in done.stderr


@pytest.mark.parametrize(
    ("text", "code"),
    [("this is no TOML", 0), ("require_profile = maybe", 3), ("require_profile = false", 0)],
)
def test_a_file_that_the_account_does_not_come_from_is_asked_for_that_alone(
    linksms: Linksms, gateway: Recorder, environment: dict[str, str], text: str, code: int
) -> None:
    Path(environment["LINKSMS_CONFIG"]).write_text(text)
    words = ("send", "-t", "+99955501234", "-f", "LINK", "--no-store", "Hello")
    assert linksms(*words, env=account(gateway.url)).code == code
    assert len(gateway.requests) == (code == 0)


def test_what_is_missing_or_refused_is_told_by_where_it_is_set(
    linksms: Linksms, gateway: Recorder
) -> None:
    values = {
        "base_url": gateway.url,
        "service_id": "1",
        "username": "u",
        "allowed_destinations": "+46",
    }
    linksms("config", "set", "p", *(f"{key}={value}" for key, value in values.items()))
    variables = {f"LINKSMS_{key.upper()}": value for key, value in values.items()}
    password = {"LINKSMS_PASSWORD": "p"}
    linksms("config", "set", "p", "--password-stdin", stdin=b"p")
    words = ("send", "-t", "+99955501234", "--no-store", "Hello")
    for env, sender, guard, remedy in (
        (
            variables | password,
            "set LINKSMS_SOURCE",
            "LINKSMS_ALLOWED_DESTINATIONS",
            "change it",
        ),
        (
            {},
            "put a source into profile 'p'",
            "profile 'p'",
            "change its allowed_destinations",
        ),
    ):
        done = linksms(*words, env=env)
        assert (done.code, done.stderr) == (
            2,
            f"error: no sender. Give one with --from, like --from LINK, or {sender}.\n",
        )
        done = linksms(*words, "-f", "LINK", "--json", env=env)
        assert (done.code, done.record["error"]) == (
            10,
            {
                "kind": "destination_not_allowed",
                "message": f"{guard} does not allow +99955501234",
                "hint": f"It allows +46: {remedy} to send there.",
            },
        )
    assert gateway.requests == []


def test_no_spelling_makes_another_number(linksms: Linksms, gateway: Recorder) -> None:
    env = account(gateway.url, LINKSMS_NO_STORE="1")
    for typed in ("+99955501234.0", "+99955501234.00", "+99955501234-0", "+99955501234 (2)"):
        done = linksms("send", "-t", typed, "-f", "LINK", "Hello", env=env)
        assert (done.code, done.stdout) == (2, "")
        assert "Write +99955501234" in done.stderr
    # Nor does it get past a guard that names one number.
    guarded = env | {"LINKSMS_ALLOWED_DESTINATIONS": "+99955501234"}
    done = linksms("send", "-t", "+999555012340", "-f", "LINK", "Hello", "--json", env=guarded)
    assert done.code == 10
    assert done.record["error"]["hint"] == (
        "It allows +99955501234: change it to send there. "
        "+99955501234 is one number; +99955501234* would allow longer ones too."
    )
    assert gateway.requests == []
    assert (
        linksms("send", "-t", "+99955501234", "-f", " LINK ", "-q", "Hello", env=guarded).code == 0
    )
    ((_, parameters),) = sent(gateway)
    assert (parameters["Destination"], parameters["Source"]) == ("+99955501234", "LINK")


def test_from_the_environment_alone_without_a_home_and_read_only(
    linksms: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("env-password\n")
    environ = without("LINKSMS_PASSWORD") | {
        "LINKSMS_BASE_URL": f"http://{gateway.netloc}/env",
        "LINKSMS_PASSWORD_FILE": str(secret),
        "LINKSMS_NO_STORE": "1",
        # Nothing could be made in any of these.
        "HOME": "/proc/none",
        "XDG_CONFIG_HOME": "/proc/none",
        "LINKSMS_CONFIG": "",
        "LINKSMS_STATE": "/proc/none",
    }
    done = linksms("send", "-t", "+46701234567", "-f", "LINK", "-q", "Hello", env=environ)
    assert done == Finished(code=0, stdout="abc123\n", stderr="")
    ((path, parameters),) = sent(gateway)
    assert (path, parameters["Password"]) == ("/env", "env-password")
    assert {one.name for one in tmp_path.iterdir()} == {"home", "secret"}


def test_without_an_account_it_says_how_to_make_one_and_how_to_try(linksms: Linksms) -> None:
    done = linksms("send", "-t", "+46701234567", "-f", "LINK", "Hello")
    assert done.code == 3
    assert "linksms config set NAME" in done.stderr
    assert "linksms send --sandbox" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_password_command_that_fails_sends_nothing(linksms: Linksms, gateway: Recorder) -> None:
    linksms(
        *("config", "set", "p", f"base_url={gateway.url}", "service_id=1", "username=p"),
        "password_command=sh -c 'echo no key >&2; exit 2'",
    )
    done = linksms(
        *("send", "-p", "p", "-t", "+46701234567", "-f", "LINK", "--no-store", "Hello"),
        env={"LINKSMS_PASSWORD": ENVIRONMENT["LINKSMS_PASSWORD"]},
    )
    assert done.code == 3
    assert "password_command of profile 'p' failed with exit code 2: no key" in done.stderr
    assert gateway.requests == []


def test_a_password_from_the_keyring_goes_out(
    linksms: Linksms, gateway: Recorder, environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {
        "PYTHONPATH": str(Path(__file__).parent.parent / "keyrings"),
        "PYTHON_KEYRING_BACKEND": "linksms_test_keyrings.Working",
        "TEST_KEYRING_FILE": str(tmp_path / "keyring.json"),
    }
    linksms(
        *("config", "set", "p", f"base_url={gateway.url}", "service_id=1", "username=p"),
        *("keyring=true", "--password-stdin"),
        stdin=b"from the keyring",
    )
    words = ("send", "-t", "+46701234567", "-f", "LINK", "--no-store", "Hello")
    assert linksms(*words).code == 0
    ((_, parameters),) = sent(gateway)
    assert parameters["Password"] == "from the keyring"
    hanging = {"PYTHON_KEYRING_BACKEND": "linksms_test_keyrings.Hanging"}
    done = linksms(*words, env=hanging)
    assert done.code == 3
    assert "the keyring did not answer within 3 s" in done.stderr
    assert len(gateway.requests) == 1
