"""The system's keyring, asked in a thread of its own: on a headless machine it may never answer."""

from collections.abc import Callable

from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import secret
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

KEYRING_SECONDS = 3.0
KEYRING_SERVICE = "linksms"

_INSTALL = (
    "Install 'keyring' beside linksms: 'pipx inject linksms-cli keyring', or 'pip install keyring' "
    "in its virtual environment."
)


def from_keyring(user: str, where: str, seconds: float = KEYRING_SECONDS) -> str:
    """Read a password from the system's keyring.

    Raises ConfigurationError: the library or the entry is not there, or no answer in time.
    """

    def read() -> str | None:
        import keyring

        return keyring.get_password(KEYRING_SERVICE, user)

    found = _within(seconds, read)
    if found is None:
        message = f"the keyring has no password for {where} ({KEYRING_SERVICE}, {user})"
        raise ConfigurationError(message, "Set it with 'linksms config set NAME'.")
    try:
        return secret.read(found)
    except InvalidValueError as wrong:
        message = f"what the keyring holds for {where} {wrong.problem}"
        raise ConfigurationError(message, wrong.hint) from None


def keep_in_keyring(user: str, password: str, seconds: float = KEYRING_SECONDS) -> None:
    """Put a password into the system's keyring.

    Raises ConfigurationError: the library is not there, the keyring refuses, or does not answer.
    """

    def keep() -> None:
        import keyring

        keyring.set_password(KEYRING_SERVICE, user, password)

    _within(seconds, keep)


def forget_in_keyring(user: str, seconds: float = KEYRING_SECONDS) -> str | None:
    """Take a password out of the system's keyring, and return it; None if there is none.

    Raises ConfigurationError: the library is not there, the keyring refuses, or does not answer.
    """

    def forget() -> str | None:
        import keyring

        password = keyring.get_password(KEYRING_SERVICE, user)
        if password is not None:
            keyring.delete_password(KEYRING_SERVICE, user)
        return password

    return _within(seconds, forget)


def keyring_is_usable(seconds: float = KEYRING_SECONDS) -> bool:
    """Return whether the library is installed and finds a keyring on this system."""

    def find() -> str | None:
        import keyring

        # The library's stand-ins for a missing keyring have no positive priority.
        return "usable" if keyring.get_keyring().priority > 0 else None

    try:
        return _within(seconds, find) is not None
    except ConfigurationError:
        return False


def _within(seconds: float, ask: Callable[[], str | None]) -> str | None:
    """Ask the keyring, and wait for its answer at most so long."""
    import queue
    import threading

    answers: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as failure:  # noqa: BLE001 - a backend raises what it likes
            answers.put(failure)

    start_thread(threading.Thread(target=work, daemon=True))
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        message = f"the keyring did not answer within {seconds:g} s"
        raise ConfigurationError(message, "Unlock it, or keep the password elsewhere.") from None
    if isinstance(answer, ImportError):
        message = "the keyring library is not installed"
        raise ConfigurationError(message, _INSTALL)
    if isinstance(answer, Exception):
        message = f"the keyring failed: {visible(str(answer) or type(answer).__name__)}"
        raise ConfigurationError(message, "Unlock it, or keep the password elsewhere.")
    return answer
