"""Paths as every command reads them: from the environment, from options and from a profile."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Linksms, account
from tests.loopback import Recorder

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "Hello")
# A user whom the system does not know, as in a container that runs under any number.
UNKNOWN_USER = """
import pwd
def unknown(_user):
    raise KeyError
pwd.getpwuid = unknown
from linksms_cli.__main__ import run
run()
"""


def test_a_key_holds_from_every_folder_if_the_state_is_in_the_home(
    environment: dict[str, str], gateway: Recorder, tmp_path: Path
) -> None:
    env = environment | account(gateway.url) | {"LINKSMS_STATE": "~/st"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        words = [sys.executable, "-m", "linksms_cli", *SEND, "--once", "deploy-1", "-q"]
        assert subprocess.run(words, env=env, cwd=tmp_path / name, check=False).returncode == 0
        assert list((tmp_path / name).iterdir()) == []
    assert len(gateway.requests) == 1
    assert (tmp_path / "home" / "st" / "linksms.db").exists()


def test_config_writes_to_the_home_that_it_shows(linksms: Linksms, tmp_path: Path) -> None:
    env = {"LINKSMS_CONFIG": "~/profiles.toml"}
    path = tmp_path / "home" / "profiles.toml"
    made = linksms("config", "set", "p", "ca_bundle=~/ca.pem", "--json", env=env)
    assert made.record["file"] == str(path)
    assert 'ca_bundle = "~/ca.pem"' in path.read_text()
    shown = linksms("config", "show", "p", "--json", env=env).record
    assert (shown["file"], shown["ca_bundle"]) == (str(path), str(tmp_path / "home" / "ca.pem"))
    assert not (tmp_path / "~").exists()
    assert linksms("config", "path", env={"LINKSMS_CONFIG": "c.toml"}).stdout == (
        f"{tmp_path / 'c.toml'}\n"
    )


def test_a_password_and_a_ca_bundle_are_read_from_the_home(
    linksms: Linksms, gateway: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "home" / "secret").write_text("from home\n")
    env = account(gateway.url, LINKSMS_PASSWORD="", LINKSMS_PASSWORD_FILE="~/secret")
    assert linksms(*SEND, "--no-store", env=env).code == 0
    assert "Password=from%20home&" in gateway.request_lines[0]
    env |= {"LINKSMS_BASE_URL": "https://127.0.0.1:1/x", "LINKSMS_CA_BUNDLE": "~/ca.pem"}
    done = linksms(*SEND, "--no-store", env=env)
    assert done.code == 3
    assert f"the CA bundle {tmp_path / 'home' / 'ca.pem'} cannot be read" in done.stderr


def test_a_text_is_read_from_the_home(linksms: Linksms, tmp_path: Path) -> None:
    (tmp_path / "home" / "text").write_text("Hello")
    assert linksms("segments", "-F", "~/text", "--json").record["units"] == 5


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("LINKSMS_STATE", ("status",)),
        ("LINKSMS_STATE", SEND),
        ("LINKSMS_STATE", ("listen", "--port", "0", "--timeout", "1")),
        ("LINKSMS_CONFIG", ("config", "list")),
        ("LINKSMS_CONFIG", ("config", "set", "p", "source=LINK")),
        ("LINKSMS_PASSWORD_FILE", SEND),
        ("LINKSMS_CA_BUNDLE", SEND),
        ("XDG_STATE_HOME", ("status",)),
        ("XDG_CONFIG_HOME", ("config", "path")),
    ],
)
def test_what_only_a_shell_replaces_is_refused(
    linksms: Linksms, tmp_path: Path, variable: str, words: tuple[str, ...]
) -> None:
    env = account("http://127.0.0.1:1/x") | {"LINKSMS_STATE": "", "LINKSMS_CONFIG": ""}
    if variable == "LINKSMS_PASSWORD_FILE":
        env["LINKSMS_PASSWORD"] = ""
    for value, problem in (
        ("$HOME/x", "contains '$HOME', which is not replaced here"),
        (f"{tmp_path}/x\n", "ends with a line break"),
    ):
        done = linksms(*words, env=env | {variable: value})
        assert (done.code, done.stdout) == (3, "")
        assert f"{variable} {problem}." in done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"home"}


def test_a_path_of_an_option_is_a_usage_error(linksms: Linksms) -> None:
    done = linksms("segments", "-F", "$HOME/text")
    assert done.code == 2
    assert "'$HOME/text' contains '$HOME', which is not replaced here" in done.stderr


@pytest.mark.parametrize("words", [SEND, ("status",), ("listen", "--replay")])
def test_a_relative_state_folder_is_told(
    linksms: Linksms, gateway: Recorder, tmp_path: Path, words: tuple[str, ...]
) -> None:
    env = account(gateway.url) | {"LINKSMS_STATE": "st"}
    told = f"LINKSMS_STATE=st is a relative path: from here the store is {tmp_path / 'st'}, "
    assert told in linksms(*words, env=env).stderr
    assert told not in linksms(*words, env=env | {"LINKSMS_STATE": str(tmp_path / "st")}).stderr


@pytest.mark.parametrize(
    "words",
    [
        SEND,
        ("status",),
        ("listen", "--port", "0", "--timeout", "1"),
        ("config", "list"),
        ("config", "show"),
        ("config", "set", "p", "source=LINK"),
        ("config", "check"),
        ("config", "path"),
    ],
    ids=" ".join,
)
def test_a_user_without_a_home_gets_one_clear_line(
    environment: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    left_out = {"HOME", "LINKSMS_CONFIG", "LINKSMS_STATE"}
    env = {name: value for name, value in environment.items() if name not in left_out}
    done = subprocess.run(
        [sys.executable, "-c", UNKNOWN_USER, *words, *(["--json"] if "check" in words else [])],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 3
    (line,) = (done.stdout + done.stderr).splitlines()
    assert "this user has no home folder" in line
    assert {one.name for one in tmp_path.iterdir()} == {"home"}


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("LINKSMS_STATE", ("status",)),
        ("LINKSMS_STATE", SEND),
        ("LINKSMS_CONFIG", ("config", "list")),
        ("LINKSMS_CONFIG", ("config", "set", "p", "source=LINK")),
    ],
)
def test_a_relative_path_in_a_folder_that_is_gone_is_one_clear_line(
    environment: dict[str, str], tmp_path: Path, variable: str, words: tuple[str, ...]
) -> None:
    env = environment | account("http://127.0.0.1:1/x") | {variable: "there"}
    done = run_in_a_folder_that_is_gone(tmp_path, words, env)
    said = f"error: {variable} is a relative path, and the working directory is gone. "
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def run_in_a_folder_that_is_gone(
    tmp_path: Path, words: tuple[str, ...], env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os, sys; os.rmdir({str(gone)!r}); os.execv(sys.argv[1], sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", script, sys.executable, "-P", "-m", "linksms_cli", *words],
        env=env,
        cwd=gone,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_whole_paths_hold_in_a_folder_that_is_gone(
    environment: dict[str, str], gateway: Recorder, tmp_path: Path
) -> None:
    done = run_in_a_folder_that_is_gone(tmp_path, (*SEND, "-q"), environment | account(gateway.url))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", [SEND, ("status",), ("listen", "--port", "0"), ("store", "info")], ids=" ".join
)
def test_a_store_behind_a_circle_of_links_is_one_clear_line(
    call: Linksms, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "circle").symlink_to("circle")
    env = account("http://127.0.0.1:1/x") | {"LINKSMS_STATE": str(tmp_path / "circle" / "x")}
    done = call(*words, env=env)
    assert (done.code, done.stdout) == (3, "")
    assert "cannot be used: Too many levels of symbolic links." in done.stderr.splitlines()[-1]


def test_a_path_that_no_system_takes_is_shown_too(call: Linksms) -> None:
    path = f"/{'x' * 300}"
    done = call("config", "path", "--json", env={"LINKSMS_CONFIG": path})
    assert (done.code, done.record) == (0, {"path": path, "exists": False})
