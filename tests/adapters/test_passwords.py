"""Passwords from a file, a command, the keyring: one line, or one clear line about why not."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linksms_cli.adapters import passwords
from linksms_cli.errors import ConfigurationError

KEYRINGS = Path(__file__).parent.parent / "keyrings"


@pytest.mark.parametrize(
    "raw", [b" p;\xc3\xa5 ", b" p;\xc3\xa5 \n", b" p;\xc3\xa5 \r\n", b"\xef\xbb\xbf p;\xc3\xa5 \n"]
)
def test_a_file_gives_its_line(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(raw)
    path.chmod(0o644)  # container secrets are; their mode is not judged
    assert passwords.from_file(str(path), "LINKSMS_PASSWORD_FILE") == " p;å "


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hidden\nhidden\n", "holds a line break"),
        (b"hidden\n\n", "holds a line break"),
        (b"hid\xffden", "holds a control character, or is not UTF-8"),
        (b"x" * 70_000, "is no password"),
    ],
)
def test_a_file_that_holds_no_password(tmp_path: Path, raw: bytes, problem: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_file(str(path), "LINKSMS_PASSWORD_FILE")
    assert caught.value.message == f"the file {path} that LINKSMS_PASSWORD_FILE names {problem}"


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_file("/none/x", "LINKSMS_PASSWORD_FILE")
    assert caught.value.message == (
        "the file /none/x that LINKSMS_PASSWORD_FILE names cannot be read: "
        "No such file or directory"
    )


def python(code: str) -> str:
    return f'"{sys.executable}" -c "{code}"'


def test_a_command_gives_its_first_line_and_what_it_said() -> None:
    command = python("import sys; print(' p å '); print('login: x'); print('hm', file=sys.stderr)")
    assert passwords.from_command(command, "profile 'p'") == (" p å ", "hm")


def test_a_command_does_not_read_the_text_to_send() -> None:
    command = python("import sys; print(len(sys.stdin.read()))")
    assert passwords.from_command(command, "profile 'p'") == ("0", "")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            "sh -c 'echo hidden; echo no key >&2; echo bye >&2; exit 3'",
            "password_command of profile 'p' failed with exit 3: no key / bye",
        ),
        ("false", "password_command of profile 'p' failed with exit 1"),
        ("true", "what password_command of profile 'p' printed is empty"),
        ("/none/x", "password_command of profile 'p' cannot be run: No such file or directory"),
        ("echo 'x", "password_command of profile 'p' cannot be read: No closing quotation"),
        (
            "sh -c 'echo waiting >&2; sleep 60'",
            "password_command of profile 'p' did not end within 0.5 s: waiting",
        ),
    ],
)
def test_a_command_that_fails_is_an_error(command: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_command(command, "profile 'p'", seconds=0.5)
    assert caught.value.message == message
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"


def test_a_command_that_is_long_in_coming_is_told_of() -> None:
    told: list[str] = []
    command = python("import time; time.sleep(1); print('p')")
    found = passwords.from_command(command, "profile 'p'", tell=told.append, reminder=0.1)
    assert found == ("p", "")
    assert told == ["waiting for password_command of profile 'p', up to 60 s"]
    passwords.from_command("echo p", "profile 'p'", tell=told.append)
    assert len(told) == 1


@pytest.fixture
def use_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make one of the tests' keyrings the system's; it holds one entry."""

    def use(name: str) -> None:
        from keyring.core import load_keyring

        file = tmp_path / "keyring.json"
        file.write_text('{"linksms 1/u@https://h/x": "from-keyring"}')
        monkeypatch.setenv("TEST_KEYRING_FILE", str(file))
        monkeypatch.syspath_prepend(str(KEYRINGS))
        backend = load_keyring(f"linksms_test_keyrings.{name}")
        monkeypatch.setattr("keyring.core._keyring_backend", backend)

    return use


def test_the_keyring_gives_the_accounts_password(
    use_keyring: Callable[[str], None],
) -> None:
    use_keyring("Working")
    assert passwords.from_keyring("1/u@https://h/x", "profile 'p'") == "from-keyring"


def test_the_keyring_holds_nothing_for_it(use_keyring: Callable[[str], None]) -> None:
    use_keyring("Working")
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_keyring("2/u@https://h/x", "profile 'p'")
    assert caught.value.message == (
        "the keyring holds no password for profile 'p' (linksms, 2/u@https://h/x)"
    )


def test_a_keyring_that_does_not_answer_is_given_up(
    use_keyring: Callable[[str], None],
) -> None:
    use_keyring("Hanging")
    began = time.monotonic()
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_keyring("1/u@https://h/x", "profile 'p'", seconds=0.2)
    assert caught.value.message == "the keyring did not answer within 0.2 s"
    assert time.monotonic() - began < 30


def test_a_keyring_that_fails_says_why(use_keyring: Callable[[str], None]) -> None:
    use_keyring("Locked")
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_keyring("1/u@https://h/x", "profile 'p'")
    assert caught.value.message == (
        "the keyring failed: the collection of linksms, 1/u@https://h/x is locked\\x1b[2J"
    )


def test_without_the_library_the_hint_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError) as caught:
        passwords.from_keyring("1/u@https://h/x", "profile 'p'")
    assert (caught.value.message, caught.value.hint) == (
        "the keyring library is not installed",
        "Run: pip install 'linksms-cli[keyring]'.",
    )
