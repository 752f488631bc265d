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
IN_FULL = "Write the path in full; '~' at its beginning is your home folder."


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
        ("~/X11", "/home/ada/X11"),
        ("/x/", "/x"),
        ("'", "'"),
        ("'x", "'x"),
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
        ("/s\x7ft", "contains a control character"),
        (" /st", "begins or ends with a blank"),
        ("/st ", "begins or ends with a blank"),
        ('"/st"', "is in quotes, which are not removed here"),
        ("'~/st'", "is in quotes, which are not removed here"),
        ('""', "is in quotes, which are not removed here"),
        ("~root/st", "begins with '~root', another user's home"),
        ("file:///st", "is a URL and not a path"),
        ("File:st", "is a URL and not a path"),
        ("https://h/st", "is a URL and not a path"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        paths.read(text, HOME)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("$HOME/st", IN_FULL),
        ("file:///st", IN_FULL),
        ("~root/st", "Write the path in full, or './~root' for a file of that name."),
        ("'/st'", "Remove them."),
        ("/st\n", "Remove it."),
        (" /st", "Remove it."),
    ],
)
def test_what_cannot_be_meant_says_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        paths.read(text, HOME)
    assert caught.value.hint == hint
    with pytest.raises(ConfigurationError) as refused:
        paths.from_variable("LINKSMS_STATE", HOME | {"LINKSMS_STATE": text})
    assert refused.value.hint == hint


def test_the_home_folder_is_that_of_home_or_of_the_user_profile() -> None:
    assert paths.read("~/st", {"USERPROFILE": "/home/eve"}) == Path("/home/eve/st")
    assert paths.read("~/st", HOME | {"USERPROFILE": "/home/eve"}) == Path("/home/ada/st")


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


def test_only_a_relative_path_needs_a_working_directory() -> None:
    def gone() -> Path:
        raise FileNotFoundError

    whole, relative = {"LINKSMS_STATE": "/st"}, {"LINKSMS_STATE": "st"}
    assert paths.from_variable("LINKSMS_STATE", whole, gone) == Path("/st")
    assert paths.from_variable("LINKSMS_STATE", relative) == Path("st")
    found = paths.from_variable("LINKSMS_STATE", relative, lambda: Path("/here"))
    assert found == Path("/here/st")
    with pytest.raises(ConfigurationError) as caught:
        paths.from_variable("LINKSMS_STATE", relative, gone)
    assert caught.value.message == (
        "LINKSMS_STATE is a relative path, and the working directory is gone"
    )


@pytest.mark.parametrize("state", ["postgresql://h/db", "postgres://u@h/db", "service=linksms"])
def test_a_state_may_be_the_address_of_a_server(state: str) -> None:
    assert paths.server({"LINKSMS_STATE": state}) == state
    assert paths.relative_state({"LINKSMS_STATE": state}, Path("/here")) is None


@pytest.mark.parametrize("environ", [{}, {"LINKSMS_STATE": ""}, {"LINKSMS_STATE": "/service=x"}])
def test_any_other_state_is_a_path(environ: dict[str, str]) -> None:
    assert paths.server(environ) is None
    assert paths.relative_state(environ, Path("/here")) is None


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
    with pytest.raises(ConfigurationError, match="no store: this user has no home folder") as none:
        own(environ, found)
    assert none.value.hint == "Set X."


def test_a_relative_base_folder_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        own(HOME | {"XDG_STATE_HOME": "xdg"}, Path("/x"))
    assert caught.value.message == "XDG_STATE_HOME is a relative path: xdg"
    assert caught.value.hint == IN_FULL


@pytest.mark.parametrize(
    ("state", "warns"),
    [("", False), ("/st", False), ("~/st", False), ("$X", False), ("st", True), ("./st", True)],
)
def test_a_relative_state_folder_is_warned_of(state: str, warns: bool) -> None:
    warning = paths.relative_state(HOME | {"LINKSMS_STATE": state}, Path("/here"))
    assert (warning is not None) is warns
    assert warning is None or "/here/st" in warning
