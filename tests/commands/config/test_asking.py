"""`linksms config set` on a terminal: it asks for what is missing, and checks what is typed."""

from pathlib import Path

import pytest

from linksms_cli.adapters.profiles import reading
from linksms_cli.sms.account.profile import Profile
from tests.conftest import Linksms
from tests.ports import refusing
from tests.terminal import PROGRAM, Terminal

KEYRINGS = Path(__file__).parent.parent.parent / "keyrings"
SECRET = "s3cret;ä"


@pytest.fixture
def path(environment: dict[str, str]) -> Path:
    # The library's own stand-in for "no keyring", whatever this machine has.
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    return Path(environment["LINKSMS_CONFIG"])


def asking(*words: str, env: dict[str, str]) -> Terminal:
    return Terminal(*PROGRAM, "config", "set", *words, env=env)


def test_first_use(environment: dict[str, str], path: Path) -> None:
    with asking("prod", env=environment) as terminal:
        terminal.answer("Base URL, or its number", "n-eu.linkmobility.io")
        terminal.answer("base_url is not a URL.", "1")
        terminal.answer("ServiceId", "twelve")
        terminal.answer("service_id must be a whole number, not 'twelve'", "12345")
        terminal.answer("Username", "")
        terminal.answer("username is empty", "acme")
        terminal.answer_hidden("Password (not shown)", "")
        terminal.answer_hidden("The password is empty.", SECRET)
        terminal.answer("Default sender, used without --from", "LINK")
        terminal.answer("Check it now? [Y/n]", "n")
        assert terminal.end() == 0
    assert "1  https://n-eu.linkmobility.io/smscsimplehttp" in terminal.seen
    assert (
        "Profile prod created: base_url, service_id, username, password, source." in terminal.seen
    )
    assert "warning: the password is stored in plain text in the file" in terminal.seen
    assert SECRET not in terminal.seen
    assert reading.read(path).profiles["prod"] == Profile(
        base_url="https://n-eu.linkmobility.io/smscsimplehttp",
        service_id=12345,
        username="acme",
        password=SECRET,
        source="LINK",
    )


def test_only_what_is_missing_is_asked_for(environment: dict[str, str], path: Path) -> None:
    words = ("base_url=https://h/x", "service_id=1", "username=u")
    with asking("p", *words, env=environment) as terminal:
        terminal.answer_hidden("Password (not shown)", SECRET)
        terminal.answer("Check it now?", "n")
        assert terminal.end() == 0
    assert "ServiceId" not in terminal.seen
    assert reading.read(path).profiles["p"].password == SECRET


def test_nothing_is_asked_where_nothing_is_missing(environment: dict[str, str], path: Path) -> None:
    whole = '[profiles.p]\nbase_url = "https://h/x"\nservice_id = 1\nusername = "u"\n'
    path.write_text(f'{whole}password_command = "x"\n')
    with asking("p", "source=LINK", env=environment) as terminal:
        assert terminal.end() == 0
    assert terminal.seen == "Profile p changed: source.\n"


def test_a_key_taken_out_is_not_asked_for(environment: dict[str, str], path: Path) -> None:
    whole = '[profiles.p]\nbase_url = "https://h/x"\nservice_id = 1\nusername = "u"\n'
    path.write_text(f'{whole}password_command = "x"\n')
    with asking("p", "username=", env=environment) as terminal:
        assert terminal.end() == 0
    assert terminal.seen == (
        "Profile p changed: username.\n"
        "Still missing: username. On a terminal 'linksms config set p' asks for it.\n"
    )


def test_a_whole_profile_is_gone_through_and_enter_keeps(
    environment: dict[str, str], path: Path
) -> None:
    path.write_text(
        '[profiles.p]\nbase_url = "https://h/x"\nservice_id = 1\nusername = "u"\n'
        f'password = "{SECRET}"\n'
    )
    path.chmod(0o600)
    with asking("p", env=environment) as terminal:
        terminal.answer("Base URL, or its number [https://h/x]", "")
        terminal.answer("ServiceId [1]", "2")
        terminal.answer("Username [u]", "")
        terminal.answer_hidden("Password (not shown) - Enter keeps it", "")
        terminal.answer("Default sender", "")
        terminal.answer("Check it now?", "n")
        assert terminal.end() == 0
    assert "Profile p changed: service_id." in terminal.seen
    assert reading.read(path).profiles["p"] == Profile(
        base_url="https://h/x", service_id=2, username="u", password=SECRET
    )


def test_a_password_for_stdin_is_not_shown_on_a_terminal_either(
    environment: dict[str, str], path: Path
) -> None:
    with asking("p", "--password-stdin", env=environment) as terminal:
        terminal.answer_hidden("Password (not shown)", SECRET)
        assert terminal.end() == 0
    assert SECRET not in terminal.seen
    assert reading.read(path).profiles["p"].password == SECRET


@pytest.mark.parametrize("question", ["Base URL,", "Password (not shown)"])
def test_ctrl_c_ends_without_a_change(
    environment: dict[str, str], path: Path, question: str
) -> None:
    words = ("base_url=https://h/x", "service_id=1", "username=u") if question[0] == "P" else ()
    with asking("p", *words, env=environment) as terminal:
        terminal.interrupt(question)
        assert terminal.end() == 130
    assert not path.exists()
    assert "Traceback" not in terminal.seen


def test_the_keyring_is_offered_where_there_is_one(
    environment: dict[str, str], path: Path, tmp_path: Path
) -> None:
    keyring = tmp_path / "keyring.json"
    environment |= {
        "PYTHONPATH": str(KEYRINGS),
        "PYTHON_KEYRING_BACKEND": "linksms_test_keyrings.Working",
        "TEST_KEYRING_FILE": str(keyring),
    }
    words = ("base_url=https://h/x", "service_id=1", "username=u")
    with asking("p", *words, env=environment) as terminal:
        terminal.answer_hidden("Password (not shown)", SECRET)
        terminal.answer("Store the password in the system's keyring instead of the file? [Y/n]", "")
        terminal.answer("Check it now?", "n")
        assert terminal.end() == 0
    assert reading.read(path).profiles["p"].keyring is True
    assert SECRET not in path.read_text()
    assert keyring.exists()


def test_the_check_follows_where_it_is_wanted(environment: dict[str, str], path: Path) -> None:
    with refusing() as port:
        words = (f"base_url=http://127.0.0.1:{port}/x", "service_id=1", "username=u")
        with asking("p", *words, env=environment) as terminal:
            terminal.answer_hidden("Password (not shown)", SECRET)
            terminal.answer("Check it now?", "")
            assert terminal.end() == 6
    assert path.exists()
    assert f"✗ connection    port {port}: 127.0.0.1 (IPv4) refused" in terminal.seen
    assert SECRET not in terminal.seen


def test_without_a_terminal_nothing_is_asked(linksms: Linksms, path: Path) -> None:
    done = linksms("config", "set", "p", "username=u")
    assert (done.code, done.stdout) == (0, "Profile p created: username. It is the default.\n")
    assert path.exists()
