"""`linksms config`: profiles made, changed, shown, chosen and removed, in words and in JSON."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.profiles import reading
from tests.conftest import Finished, Linksms
from tests.terminal import PROGRAM, Terminal

URL = "https://n-eu.linkmobility.io/smscsimplehttp"
WHOLE = (f"base_url={URL}", "service_id=12345", "username=acme")
SECRET = "s3cret;ä"
KEYRINGS = Path(__file__).parent.parent.parent / "keyrings"


@pytest.fixture
def path(environment: dict[str, str]) -> Path:
    return Path(environment["LINKSMS_CONFIG"])


def said(done: Finished) -> str:
    return done.stdout + done.stderr


def error(done: Finished) -> dict[str, Any]:
    """The error that --json put on stderr, after any warnings."""
    found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])["error"]
    return found


def test_the_first_profile_is_the_default_and_holds_the_password_in_private(
    linksms: Linksms, path: Path
) -> None:
    done = linksms(
        "config", "set", "prod", *WHOLE, "--password-stdin", stdin=f"{SECRET}\n".encode()
    )
    assert done == Finished(
        code=0,
        stdout="Profile prod created: base_url, service_id, username, password. "
        "It is the default.\n",
        stderr="warning: the password is stored in plain text in the file; keyring=true or "
        "password_command=... keep it elsewhere\n",
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert reading.read(path).profiles["prod"].password == SECRET


@pytest.fixture
def two(path: Path) -> Path:
    """A file with a whole default profile and a part of another."""
    path.write_text(
        f'default = "prod"\n[profiles.prod]\nbase_url = "{URL}"\nservice_id = 12345\n'
        f'username = "acme"\npassword = "{SECRET}"\nsource = "LINK"\n'
        '[profiles.test]\npassword_command = "pass show linksms"\nasync = true\n'
    )
    path.chmod(0o600)
    return path


PROD = {
    "name": "prod",
    "default": True,
    "base_url": URL,
    "service_id": 12345,
    "username": "acme",
    "password": "********",
    "password_command": None,
    "keyring": None,
    "source": "LINK",
    "allow_http": None,
    "ca_bundle": None,
    "allowed_destinations": None,
    "country": None,
    "async": None,
    "origins": dict.fromkeys(
        ("base_url", "service_id", "username", "password", "source"), "profile 'prod'"
    ),
    "guards": {},
    "missing": [],
}
TEST = {
    **dict.fromkeys(PROD),
    "name": "test",
    "default": False,
    "password_command": "pass …",
    "async": True,
    "origins": dict.fromkeys(("password_command", "async"), "profile 'test'"),
    "guards": {},
    "missing": ["base_url", "service_id", "username"],
}


def test_list(call: Linksms, two: Path) -> None:
    assert call("config", "list").stdout == (
        f"*  prod  {URL}  12345          acme         password in the file\n"
        "   test  no base_url                                  no service_id  no username  "
        "password by command\n"
    )
    records = call("config", "list", "--json").records
    assert records == [PROD | {"file": str(two)}, TEST | {"file": str(two)}]


def test_list_without_profiles(call: Linksms, path: Path) -> None:
    assert call("config", "list") == Finished(
        code=0,
        stdout="",
        stderr=f"No profiles in {path}. Create one: linksms config set NAME\n",
    )
    assert call("config", "list", "--json") == Finished(code=0, stdout="", stderr="")


def test_show(call: Linksms, two: Path) -> None:
    assert call("config", "show").stdout == (
        f"Profile prod (the default)  {two}\n"
        f"  base_url              {URL}  profile 'prod'\n"
        "  service_id            12345                                        profile 'prod'\n"
        "  username              acme                                         profile 'prod'\n"
        "  password              ********                                     profile 'prod'\n"
        "  source                LINK                                         profile 'prod'\n"
    )
    assert call("config", "show", "--json").record == PROD | {"file": str(two)}


def test_show_names_what_is_missing_and_where_a_gap_was_filled_from(
    call: Linksms, two: Path
) -> None:
    done = call("config", "show", "test", env={"LINKSMS_SOURCE": "72401"})
    assert done.code == 0
    assert done.stdout == (
        f"Profile test  {two}\n"
        "  password_command      pass …  profile 'test'\n"
        "  source                72401   LINKSMS_SOURCE\n"
        "  async                 true    profile 'test'\n"
        "  base_url              missing\n"
        "  service_id            missing\n"
        "  username              missing\n"
    )


def test_show_fails_as_a_command_would_where_no_name_is_given(call: Linksms, two: Path) -> None:
    done = call("config", "show", "--json", env={"LINKSMS_PROFILE": "test"})
    assert done.code == 3
    assert done.record["missing"] == ["base_url", "service_id", "username"]
    assert error(done)["message"] == (
        f"incomplete account in profile 'test': no base_url, service_id and username in {two}"
    )


def test_use(call: Linksms, two: Path) -> None:
    done = call("config", "use", "test", "--json")
    assert done.record == {"name": "test", "default": True, "file": str(two)}
    assert reading.read(two).default == "test"
    assert call("config", "use", "prod").stdout == "Profile prod is the default now.\n"


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("source=LINK",), ["base_url", "service_id", "username", "password"]),
        ((f"base_url={URL}", "service_id=1", "password_command=x"), ["username"]),
        ((f"base_url={URL}", "service_id=1", "username=u", "password_command=x"), []),
    ],
)
def test_set_says_what_the_account_still_lacks(
    call: Linksms, path: Path, words: tuple[str, ...], missing: list[str]
) -> None:
    assert call("config", "set", "p", *words, "--json").record["missing"] == missing
    path.unlink()
    told = f"Still missing: {', '.join(missing)}. On a terminal"
    said = call("config", "set", "p", *words).stderr
    assert said.startswith(told) if missing else said == ""


def test_on_a_terminal_a_password_is_not_removed_unasked(
    environment: dict[str, str], two: Path
) -> None:
    before = two.read_bytes()
    words = (*PROGRAM, "config", "remove")
    with Terminal(*words, "prod", env=environment) as terminal:
        terminal.answer("Remove profile prod, and its password from the file? [y/N]", "")
        assert terminal.end() == 1
    assert "Nothing was removed." in terminal.seen
    assert two.read_bytes() == before
    with Terminal(*words, "test", env=environment) as terminal:  # its password is elsewhere
        assert terminal.end() == 0
    with Terminal(*words, "prod", "--yes", env=environment) as terminal:
        assert terminal.end() == 0
    assert "Remove profile" not in terminal.seen
    assert SECRET not in two.read_text()


def test_on_a_terminal_whoever_agrees_removes_it(environment: dict[str, str], two: Path) -> None:
    with Terminal(*PROGRAM, "config", "remove", "prod", env=environment) as terminal:
        terminal.answer("Remove profile prod", "y")
        assert terminal.end() == 0
    assert reading.read(two).profiles.keys() == {"test"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("unset", "linksms config set NAME KEY="),
        ("rename", "linksms config set"),
        ("rm", "linksms config remove NAME"),
        ("add", "linksms config set NAME"),
        ("get", "linksms config show NAME"),
        ("switch", "linksms config use NAME"),
        ("doctor", "linksms config check NAME"),
    ],
)
def test_words_of_other_tools_lead_to_the_command_that_is_meant(
    call: Linksms, word: str, meant: str
) -> None:
    done = call("config", word, "p", "source")
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: No such command '{word}'. ")
    assert meant in done.stderr


def test_remove(call: Linksms, two: Path) -> None:
    done = call("config", "remove", "prod")
    assert done == Finished(
        code=0,
        stdout="Profile prod removed.\n",
        stderr="No profile is the default now; choose one: linksms config use NAME\n",
    )
    assert call("config", "remove", "test", "--json").record == {
        "name": "test",
        "removed": True,
        "default": None,
        "file": str(two),
    }
    assert SECRET not in two.read_text()
    # With the last one gone the next one is the first again.
    call("config", "set", "new", "username=x")
    assert reading.read(two).default == "new"


def test_a_default_that_is_not_there_can_be_mended(call: Linksms, two: Path) -> None:
    two.write_text(two.read_text().replace('default = "prod"', 'default = "prd"'))
    done = call("config", "show")
    assert done.code == 3
    hint = "Did you mean prod? Known: prod, test."
    assert done.stderr == f"error: no profile 'prd' in {two}. {hint}\n"
    assert call("config", "use", "prod").code == 0
    assert call("config", "show").code == 0


@pytest.mark.parametrize("command", ["show", "use", "remove"])
def test_an_unknown_profile_names_the_near_and_the_known_ones(
    call: Linksms, two: Path, command: str
) -> None:
    done = call("config", command, "prd", "--json")
    assert done.code == 3
    assert error(done) == {
        "kind": "configuration",
        "message": f"no profile 'prd' in {two}",
        "hint": "Did you mean prod? Known: prod, test.",
        "exit_code": 3,
    }


def test_path(call: Linksms, path: Path) -> None:
    assert call("config", "path").stdout == f"{path}\n"
    assert call("config", "path", "--json").record == {"path": str(path), "exists": False}


def test_set_changes_adds_and_removes(call: Linksms, two: Path) -> None:
    done = call(
        "config", "set", "prod", "source=", "service_id=7", "allowed_destinations=+46 70,+47",
        "async=no", "--json",
    )  # fmt: skip
    assert done.record == {
        "name": "prod",
        "default": True,
        "created": False,
        "changed": ["service_id", "source", "allowed_destinations", "async"],
        "missing": [],
        "file": str(two),
    }
    prod = reading.read(two).profiles["prod"]
    assert (prod.source, prod.service_id, prod.async_) == (None, 7, False)
    assert prod.allowed_destinations == ("+4670", "+47")
    assert prod.password == SECRET
    again = call("config", "set", "prod", "service_id=7")
    assert again.stdout == "Profile prod unchanged.\n"


def test_a_new_way_to_the_password_takes_the_old_ones_place(call: Linksms, two: Path) -> None:
    done = call("config", "set", "prod", "password_command=pass show x")
    assert done.stderr == "warning: the password was removed from the file\n"
    assert SECRET not in two.read_text()
    done = call("config", "set", "prod", "password_command=")
    assert call("config", "show", "prod", "--json").record["missing"] == ["password"]


def test_set_password_takes_the_commands_place(linksms: Linksms, two: Path) -> None:
    linksms("config", "set", "test", "--password-stdin", stdin=b"other\r\n")
    test = reading.read(two).profiles["test"]
    assert (test.password, test.password_command) == ("other", None)


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["a b", "username=x"], "'a b' is not a valid profile name", None),
        (["p", "user=x"], "unknown key 'user'", "Did you mean username?"),
        (["p", "base_url=ftp://x"], "base_url does not begin with https://", None),
        (
            ["p", "password_command=sh -c 'pass x"],
            "password_command cannot be read: No closing quotation",
            "It runs without a shell. If it needs one, write: sh -c '...'.",
        ),
        (["p"], "nothing to set in profile 'p'", None),
    ],
)
def test_a_wrong_word_is_refused(
    call: Linksms, path: Path, words: list[str], message: str, hint: str | None
) -> None:
    done = call("config", "set", *words, "--json")
    assert done.code == 2
    assert error(done)["message"] == message
    assert hint is None or error(done)["hint"] == hint
    assert not path.exists()


@pytest.mark.parametrize(
    "words", [["password=hidden"], ["PassWord=hidden"], ["password", "hidden"], ["passwort=hidden"]]
)
def test_a_password_is_no_argument_and_is_not_repeated(
    call: Linksms, path: Path, words: list[str]
) -> None:
    done = call("config", "set", "p", *words)
    assert done.code == 2
    assert "hidden" not in said(done)
    assert not path.exists()
    if words[0].lower().startswith("password"):
        assert "--password-stdin" in done.stderr
        assert "'linksms config set p' asks for it" in done.stderr


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the password is empty"),
        (b"\n", "the password is empty"),
        (b"hidden\nhidden\n", "the password contains a line break"),
        (b"hid\x00den", "the password contains a control character or is not UTF-8"),
    ],
)
def test_a_password_on_stdin_is_one_line(
    linksms: Linksms, path: Path, raw: bytes, message: str
) -> None:
    done = linksms("config", "set", "p", *WHOLE, "--password-stdin", "--json", stdin=raw)
    assert done.code == 2
    assert error(done)["message"] == message
    assert "hidden" not in said(done)
    assert not path.exists()


def test_a_password_and_a_command_are_one_too_many(linksms: Linksms) -> None:
    done = linksms("config", "set", "p", "password_command=x", "--password-stdin", stdin=b"y")
    assert done.code == 2
    assert done.stderr.startswith("error: both a password and password_command are given.")


def test_plain_http_is_warned_of(call: Linksms) -> None:
    done = call("config", "set", "p", "base_url=http://wsx.sp247.net/smscsimplehttp")
    warning = (
        "warning: http://wsx.sp247.net/smscsimplehttp is plain HTTP: "
        "it is refused unless allow_http=true\n"
    )
    assert done.stderr.endswith(warning)
    assert warning not in call("config", "set", "p", "allow_http=true").stderr


def test_a_folder_that_cannot_be_written(call: Linksms) -> None:
    done = call("config", "set", "p", "username=x", env={"LINKSMS_CONFIG": "/proc/none/c.toml"})
    assert done.code == 3
    assert "the profile file /proc/none/c.toml cannot be written: " in done.stderr


@pytest.fixture
def keyring(environment: dict[str, str], tmp_path: Path) -> Path:
    """A working keyring for the processes of a test; gives the file that holds its entries."""
    file = tmp_path / "keyring.json"
    environment |= {
        "PYTHONPATH": str(KEYRINGS),
        "PYTHON_KEYRING_BACKEND": "linksms_test_keyrings.Working",
        "TEST_KEYRING_FILE": str(file),
    }
    return file


ENTRY = f"linksms 12345/acme@{URL}"


def test_the_keyring_keeps_the_password_and_forgets_it(
    linksms: Linksms, path: Path, keyring: Path
) -> None:
    done = linksms(
        "config", "set", "prod", *WHOLE, "keyring=true", "--password-stdin", stdin=SECRET.encode()
    )
    assert (done.code, done.stderr) == (0, "")
    assert json.loads(keyring.read_text()) == {ENTRY: SECRET}
    assert SECRET not in path.read_text()
    # Another profile of the same account needs it there still.
    linksms("config", "set", "same", *WHOLE, "keyring=true")
    linksms("config", "remove", "prod")
    assert json.loads(keyring.read_text()) == {ENTRY: SECRET}
    linksms("config", "remove", "same")
    assert json.loads(keyring.read_text()) == {}


def test_a_profile_that_cannot_be_removed_keeps_its_password_in_the_keyring(
    linksms: Linksms, path: Path, keyring: Path
) -> None:
    linksms(
        "config", "set", "prod", *WHOLE, "keyring=true", "--password-stdin", stdin=SECRET.encode()
    )
    in_the_way = path.with_name(f".{path.name}.new")
    in_the_way.mkdir()
    done = linksms("config", "remove", "prod", "--yes")
    assert (done.code, "cannot be written" in done.stderr) == (3, True)
    assert "[profiles.prod]" in path.read_text()
    assert json.loads(keyring.read_text()) == {ENTRY: SECRET}


def test_a_password_moves_from_the_file_into_the_keyring(
    linksms: Linksms, two: Path, keyring: Path
) -> None:
    done = linksms("config", "set", "prod", "keyring=true")
    assert done.stderr == "warning: the password was removed from the file\n"
    assert json.loads(keyring.read_text()) == {ENTRY: SECRET}
    assert SECRET not in two.read_text()
    done = linksms("config", "set", "prod", "service_id=7")
    assert done.stderr == (
        "Still missing: password. On a terminal 'linksms config set prod' asks for it.\n"
        "warning: the account changed, and the keyring has no password for the new one yet\n"
    )


def test_a_keyring_needs_the_account_it_is_for(linksms: Linksms, path: Path, keyring: Path) -> None:
    done = linksms("config", "set", "p", "keyring=true", "--password-stdin", stdin=b"x")
    assert done.code == 3
    assert done.stderr == (
        "error: the keyring keeps a password under its account: "
        "no base_url, service_id, username yet. Set it first, or in the same command.\n"
    )
    assert not path.exists()
    assert not keyring.exists()


def test_a_keyring_that_hangs_is_given_up_and_nothing_is_changed(
    linksms: Linksms, two: Path, keyring: Path
) -> None:
    assert not keyring.exists()
    before = two.read_bytes()
    hanging = {"PYTHON_KEYRING_BACKEND": "linksms_test_keyrings.Hanging"}
    done = linksms("config", "set", "prod", "keyring=true", env=hanging)
    assert done.code == 3
    assert done.stderr == (
        "error: the keyring did not answer within 3 s. Unlock it, or keep the password elsewhere.\n"
    )
    assert two.read_bytes() == before


def test_fifty_at_once_with_different_profiles(linksms: Linksms, path: Path) -> None:
    names = [f"p{number}" for number in range(50)]
    with ThreadPoolExecutor(50) as pool:
        done = list(pool.map(lambda name: linksms("config", "set", name, "username=x"), names))
    assert [one.code for one in done] == [0] * 50
    file = reading.read(path)
    assert set(file.profiles) == set(names)
    assert file.default in names


def test_fifty_at_once_with_the_same_profile(linksms: Linksms, path: Path) -> None:
    path.write_text("# a comment\n[profiles.p]\n")
    numbers = range(1, 51)

    def add(number: int) -> tuple[int, Finished]:
        # Each sets a key of its own in turn, and all set the same one.
        keys = ("source=L", "async=true", "allow_http=true", "ca_bundle=/x", "username=u")
        return number, linksms("config", "set", "p", f"service_id={number}", keys[number % 5])

    with ThreadPoolExecutor(50) as pool:
        done = dict(pool.map(add, numbers))
    assert [one.code for one in done.values()] == [0] * 50
    profile = reading.read(path).profiles["p"]
    assert profile.service_id in numbers
    assert len(profile.held()) == 6
    assert path.read_text().startswith("# a comment\n")
    assert {one.name for one in path.parent.iterdir()} >= {"config.toml", ".config.toml.lock"}
    assert not path.with_name(".config.toml.new").exists()
