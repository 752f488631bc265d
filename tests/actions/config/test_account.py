"""The account, with its password fetched from where its place says."""

import subprocess
import sys
from pathlib import Path

import pytest

from linksms_cli.actions.config.account import Found, find_account
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.profile import Account, Settings
from tests.loading import heavy

ENVIRONMENT = {
    "LINKSMS_BASE_URL": "https://env.example/smscsimplehttp",
    "LINKSMS_SERVICE_ID": "9",
    "LINKSMS_USERNAME": "env",
}


def account(password: str) -> Account:
    url = "https://env.example/smscsimplehttp"
    return Account(base_url=url, service_id=9, username="env", password=password)


def config(path: Path, *lines: str) -> dict[str, str]:
    """Write a file with a profile 'p', and return the environment that leads to it."""
    base = 'base_url = "https://env.example/smscsimplehttp"\nservice_id = 9\nusername = "env"\n'
    path.write_text(f"[profiles.p]\n{base}" + "\n".join(lines))
    path.chmod(0o600)
    return {"LINKSMS_CONFIG": str(path)}


def test_from_the_environment(tmp_path: Path) -> None:
    expected = Found(settings=Settings(name=None, account=account("secret")), notices=())
    assert find_account(None, ENVIRONMENT | {"LINKSMS_PASSWORD": "secret"}) == expected
    (tmp_path / "p").write_text("secret\n")
    named = {"LINKSMS_PASSWORD_FILE": str(tmp_path / "p")}
    assert find_account(None, ENVIRONMENT | named) == expected


def test_from_a_profile_with_a_password(tmp_path: Path) -> None:
    environ = config(tmp_path / "c.toml", 'password = "secret"')
    expected = Found(settings=Settings(name="p", account=account("secret")), notices=())
    assert find_account("p", environ) == expected


def test_from_a_profile_with_a_command_that_has_something_to_say(tmp_path: Path) -> None:
    command = "sh -c 'echo secret; echo unlocked >&2'"
    environ = config(tmp_path / "c.toml", f'password_command = "{command}"')
    assert find_account("p", environ | {"LINKSMS_USERNAME": "x"}) == Found(
        settings=Settings(name="p", account=account("secret")),
        notices=(
            "profile 'p' is used: LINKSMS_USERNAME in the environment ignored",
            "password_command: unlocked",
        ),
    )


def test_a_command_that_fails_is_an_error_and_nothing_else_is_tried(tmp_path: Path) -> None:
    environ = config(tmp_path / "c.toml", 'password_command = "false"')
    with pytest.raises(ConfigurationError) as caught:
        find_account("p", environ | {"LINKSMS_PASSWORD": "other"})
    assert caught.value.message == ("password_command of profile 'p' failed with exit code 1")


def test_the_environment_loads_no_library_for_files_or_secrets() -> None:
    script = (
        "import sys; before = set(sys.modules);"
        "from linksms_cli.actions.config.account import find_account;"
        f"find_account(None, {ENVIRONMENT | {'LINKSMS_PASSWORD': 'x', 'HOME': '/home/none'}!r});"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert heavy(set(done.stdout.split())) == set()
