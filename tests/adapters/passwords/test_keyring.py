"""Passwords in the system's keyring, or one clear line about why not."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linksms_cli.adapters.passwords.keyring import from_keyring
from linksms_cli.errors import ConfigurationError

KEYRINGS = Path(__file__).parents[2] / "keyrings"


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
    assert from_keyring("1/u@https://h/x", "profile 'p'") == "from-keyring"


def test_the_keyring_holds_nothing_for_it(use_keyring: Callable[[str], None]) -> None:
    use_keyring("Working")
    with pytest.raises(ConfigurationError) as caught:
        from_keyring("2/u@https://h/x", "profile 'p'")
    assert caught.value.message == (
        "the keyring has no password for profile 'p' (linksms, 2/u@https://h/x)"
    )


def test_a_keyring_that_does_not_answer_is_given_up(
    use_keyring: Callable[[str], None],
) -> None:
    use_keyring("Hanging")
    began = time.monotonic()
    with pytest.raises(ConfigurationError) as caught:
        from_keyring("1/u@https://h/x", "profile 'p'", seconds=0.2)
    assert caught.value.message == "the keyring did not answer within 0.2 s"
    assert time.monotonic() - began < 30


def test_a_keyring_that_fails_says_why(use_keyring: Callable[[str], None]) -> None:
    use_keyring("Locked")
    with pytest.raises(ConfigurationError) as caught:
        from_keyring("1/u@https://h/x", "profile 'p'")
    assert caught.value.message == (
        "the keyring failed: the collection of linksms, 1/u@https://h/x is locked\\x1b[2J"
    )


def test_without_the_library_the_hint_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigurationError) as caught:
        from_keyring("1/u@https://h/x", "profile 'p'")
    assert (caught.value.message, caught.value.hint) == (
        "the keyring library is not installed",
        (
            "Install 'keyring' beside linksms: 'pipx inject linksms-cli keyring', or "
            "'pip install keyring' in its virtual environment."
        ),
    )
