"""Paths: `~` is the home folder, and what only a shell would replace is refused."""

import sys
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.profiles import reading
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import paths
from linksms_cli.sms.value import InvalidValueError

HOME = {"HOME": "/home/ada"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/var/lib/linksms", "/var/lib/linksms"),
        ("st", "st"),
        ("./~st", "./~st"),
        ("a~b", "a~b"),
        ("price$5", "price$5"),
        ("~", "/home/ada"),
        ("~/", "/home/ada"),
        ("~/st", "/home/ada/st"),
        ("~//etc/passwd", "/home/ada/etc/passwd"),
        ("with blank/in it", "with blank/in it"),
        ("caf\udce9", "caf\udce9"),
        ("-", "-"),
    ],
)
def test_a_path_is_read(text: str, path: str) -> None:
    assert paths.read(text, HOME) == Path(path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        ("$HOME/st", "contains '$HOME', which is not replaced here"),
        ("/x/${HOME}/st", "contains '${HOME}', which is not replaced here"),
        ("${HOME", "contains '${HOME', which is not replaced here"),
        ("$(pwd)/st", "contains '$(pwd)', which is not replaced here"),
        ("`pwd`/st", "contains '`', which is not replaced here"),
        ("/st\n", "ends with a line break"),
        ("/st\r", "ends with a line break"),
        ("/s\nt", "contains a control character"),
        ("/s\x00t", "contains a control character"),
        (" /st", "begins or ends with a blank"),
        ("/st ", "begins or ends with a blank"),
        ('"/st"', "is in quotes, which are not removed here"),
        ("'~/st'", "is in quotes, which are not removed here"),
        ("~root/st", "begins with '~root', another user's home"),
        ("file:///st", "is a URL and not a path"),
        ("https://h/st", "is a URL and not a path"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        paths.read(text, HOME)
    assert caught.value.problem == problem


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_a_tilde_needs_a_home(environ: dict[str, str]) -> None:
    with pytest.raises(InvalidValueError, match="begins with '~', and HOME is not set to a folder"):
        paths.read("~/st", environ)


@given(text=st.text(max_size=12), tilde=st.sampled_from(["", "~", "~/"]))
def test_no_path_begins_with_a_tilde_or_holds_a_variable(text: str, tilde: str) -> None:
    try:
        path = paths.read(tilde + text, HOME)
    except InvalidValueError:
        return
    assert not str(path).startswith("~")
    assert "$HOME" not in str(path)


def test_a_variable_that_names_no_path_is_named() -> None:
    assert paths.from_variable("LINKSMS_STATE", {"LINKSMS_STATE": ""}) is None
    with pytest.raises(ConfigurationError, match=r"LINKSMS_STATE contains '\$HOME'"):
        paths.from_variable("LINKSMS_STATE", {"LINKSMS_STATE": "$HOME/st"})


STATE_BASE = ("XDG_STATE_HOME", ".local/state")


def own(environ: dict[str, str], found: Path | RuntimeError) -> Path:
    def find() -> Path:
        if isinstance(found, RuntimeError):
            raise found
        return found

    return paths.own_folder(STATE_BASE, environ, find, lacking="no store", remedy="Set X.")


def test_our_own_folder_is_the_systems_or_the_users_choice() -> None:
    system = Path("/by/the/system")
    assert own({}, system) == system
    assert own(HOME | {"XDG_STATE_HOME": "/xdg"}, system) == Path("/xdg/linksms")
    assert own(HOME | {"XDG_STATE_HOME": "~/xdg"}, system) == Path("/home/ada/xdg/linksms")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other folders")
def test_on_linux_it_is_where_the_library_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", HOME["HOME"])
    assert own(HOME, Path("/x")) == platformdirs.user_state_path("linksms", appauthor=False)
    assert reading.locate(HOME) == (
        platformdirs.user_config_path("linksms", appauthor=False) / "config.toml"
    )


@pytest.mark.parametrize("found", [RuntimeError("no home"), Path("~/.local/state/linksms")])
@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_folder_there_is_none(
    environ: dict[str, str], found: Path | RuntimeError
) -> None:
    with pytest.raises(ConfigurationError, match="no store: this user has no home folder"):
        own(environ, found)


def test_a_relative_base_folder_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="XDG_STATE_HOME is a relative path: xdg"):
        own(HOME | {"XDG_STATE_HOME": "xdg"}, Path("/x"))


@pytest.mark.parametrize(
    ("state", "warns"),
    [("", False), ("/st", False), ("~/st", False), ("$X", False), ("st", True), ("./st", True)],
)
def test_a_relative_state_folder_is_warned_of(state: str, warns: bool) -> None:
    warning = paths.relative_state(HOME | {"LINKSMS_STATE": state}, Path("/here"))
    assert (warning is not None) is warns
    assert warning is None or "/here/st" in warning
