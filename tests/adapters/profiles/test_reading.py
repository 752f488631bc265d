"""The profile file as it is read: found, understood, or refused in one clear line."""

import os
import threading
from pathlib import Path

import pytest

from linksms_cli.adapters.profiles import files, reading
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.profile import Profile, ProfileFile

WHOLE = """\
version = 1
default = "prod"

[profiles.prod]
base_url = "https://n-eu.linkmobility.io/smscsimplehttp"
service_id = 12345
username = "acme"
password = "hidden"
source = "LINK"
allow_http = false
ca_bundle = "/ca.pem"
allowed_destinations = ["+4670", "+47"]
async = true

[profiles.test]
password_command = "pass show linksms"

[profiles.other]
keyring = true
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def write(path: Path, text: str | bytes, mode: int = 0o600) -> None:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)


def test_a_whole_file(path: Path) -> None:
    write(path, WHOLE)
    assert reading.read(path) == ProfileFile(
        path=str(path),
        default="prod",
        profiles={
            "prod": Profile(
                base_url="https://n-eu.linkmobility.io/smscsimplehttp",
                service_id=12345,
                username="acme",
                password="hidden",
                source="LINK",
                allow_http=False,
                ca_bundle="/ca.pem",
                allowed_destinations=("+4670", "+47"),
                async_=True,
            ),
            "test": Profile(password_command="pass show linksms"),
            "other": Profile(keyring=True),
        },
    )


def test_no_file_holds_no_profiles(path: Path) -> None:
    assert reading.read(path) == ProfileFile(path=str(path))


def test_an_empty_file_and_a_byte_order_mark(path: Path) -> None:
    write(path, b"\xef\xbb\xbf# nothing yet\r\n")
    assert reading.read(path) == ProfileFile(path=str(path))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            '[profiles.prod]\nusername "x"\n',
            (
                "{path} is not TOML: Expected '=' after a key in a key/value pair "
                "(at line 2, column 10)"
            ),
            "Correct that line, or move the file aside.",
        ),
        (
            b'[profiles.p]\nusername = "\xe5"\n',
            "{path} is not UTF-8 (line 2): byte 0xe5",
            "Save it as UTF-8.",
        ),
        (
            "version = 2\nfuture = 1\n",
            "{path} was written by a newer linksms (version 2)",
            "Update linksms, or set LINKSMS_CONFIG to another file.",
        ),
        (
            '[profiles.prod]\nuser_name = "x"\n',
            "unknown key 'user_name' in profile 'prod' in {path}",
            "Did you mean username?",
        ),
        (
            '[profile.prod]\nusername = "x"\n',
            "unknown key 'profile' in {path}",
            "Did you mean profiles?",
        ),
        (
            "[profiles.prod]\nzzz = 1\n",
            "unknown key 'zzz' in profile 'prod' in {path}",
            f"Known: {', '.join(Key)}.",
        ),
        (
            '[profiles.prod]\nservice_id = "1"\n',
            "service_id of profile 'prod' in {path} must be an integer",
            "Write it without quotes.",
        ),
        ("default = [1]\n", "default in {path} must be a string", "Write it in quotes."),
        ("profiles = 1\n", "profiles in {path} must be tables", "Write [profiles.NAME]."),
        (
            "[profiles]\nprod = 1\n",
            "profile 'prod' in {path} must be a table",
            "Write [profiles.prod].",
        ),
        (
            '[profiles."a b\\u001b[2J"]\n',
            "profile 'a b\\x1b[2J' in {path} has an invalid name",
            "Use A-Z a-z 0-9 _ and -.",
        ),
        (
            '[profiles.p]\npassword = "x"\npassword_command = "y"\nkeyring = true\n',
            "profile 'p' in {path} has password and password_command and keyring",
            "Keep one: a password comes from one place.",
        ),
    ],
)
def test_a_wrong_file_is_one_clear_line(
    path: Path, text: str | bytes, message: str, hint: str
) -> None:
    write(path, text)
    with pytest.raises(ConfigurationError) as caught:
        reading.read(path)
    assert caught.value.message == message.format(path=path)
    assert caught.value.hint == hint


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_password_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    write(path, WHOLE, mode)
    with pytest.raises(ConfigurationError) as caught:
        reading.read(path)
    assert caught.value.message == (
        f"{path} holds a password, and others can read it (mode {mode:04o})"
    )
    assert caught.value.hint == f"Run: chmod 600 '{path}' (and change the password if they did)."


def test_a_file_without_a_password_may_be_read_by_anybody(path: Path) -> None:
    write(path, '[profiles.p]\npassword_command = "x"\n', 0o644)
    assert reading.read(path).profiles == {"p": Profile(password_command="x")}


@pytest.mark.parametrize("mode", [0o620, 0o602])
@pytest.mark.parametrize("way", ['password = "x"', 'password_command = "x"', "keyring = true"])
def test_a_file_that_leads_to_a_password_and_that_others_can_write_is_refused(
    path: Path, way: str, mode: int
) -> None:
    write(path, f"[profiles.p]\n{way}\n", mode)
    with pytest.raises(ConfigurationError) as caught:
        reading.read(path)
    assert caught.value.message == (
        f"{path} decides where a password is sent, and others can write it (mode {mode:04o})"
    )
    assert caught.value.hint == f"Run: chmod 600 '{path}'."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = " + "[" * 100_000, "is nested too deeply"),
        ("version = " + "9" * 5000, "contains a number that is too long"),
        ("version = 0x" + "f" * 5000, "must be 1"),
        ("version = { a = 1 }", "must be 1"),
        ("[profiles.p]\nservice_id = " + "9" * 5000, "contains a number that is too long"),
        ("[profiles.p]\nservice_id = 0x" + "f" * 5000, "is not a valid service id"),
        ("[profiles.p]\nservice_id = -1", "is not a valid service id"),
        ("a." * 5000 + "b = 1", "unknown key 'a'"),
        ("# " + "x" * 2_000_000, "is longer than 1 MiB"),
    ],
    ids=str,
)
def test_what_would_break_a_parser_is_one_clear_line(path: Path, text: str, problem: str) -> None:
    write(path, text)
    with pytest.raises(ConfigurationError) as caught:
        reading.read(path)
    assert problem in caught.value.message
    assert len(caught.value.message) < 300


def test_a_pipe_is_read_once_somebody_writes(path: Path) -> None:
    os.mkfifo(path, 0o600)
    writing = threading.Thread(target=path.write_text, args=['[profiles.p]\nusername = "x"\n'])
    writing.start()
    assert reading.read(path).profiles == {"p": Profile(username="x")}
    writing.join()


def test_a_pipe_into_which_nobody_writes_is_given_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TimeoutError, match="nobody writes into this pipe"):
        files.read(tmp_path / "pipe", most=1, pipe_seconds=0.01)


def test_what_has_no_end_is_not_read_to_it() -> None:
    assert len(files.read(Path("/dev/zero"), most=10_000).raw) > 10_000
    assert files.read(Path("/dev/null"), most=1).raw == b""


def test_a_folder_in_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigurationError, match=r"cannot be read: Is a directory"):
        reading.read(path)


def test_the_place_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.locate({"LINKSMS_CONFIG": "/x/y.toml"}) == Path("/x/y.toml")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert reading.locate({}) == tmp_path / "linksms" / "config.toml"


def test_without_a_home_folder_there_is_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_config_path", lambda *_a, **_k: Path("~/.config/x"))
    with pytest.raises(ConfigurationError, match="no home folder"):
        reading.locate({})
