"""Passwords from outside the profile file: a secret's file, a command, the system's keyring."""

import os
from collections.abc import Callable
from pathlib import Path

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.text.decoding import after_byte_order_mark, visible
from linksms_cli.sms.value import InvalidValueError

# A secret's file is a line. Anything longer is some other file, or one that never ends.
_LONGEST = 64 * 1024
# Long enough for a person to unlock a key, short enough for a cron line to fail the same night.
COMMAND_SECONDS = 60.0
# After which a person is told what is waited for.
REMINDER_SECONDS = 3.0
KEYRING_SECONDS = 3.0
KEYRING_SERVICE = "linksms"

_NO_SHELL = "It runs without a shell: for pipes and variables write sh -c '...'."


def from_file(path: str, where: str) -> str:
    """Read the password in a file, as container secrets come: one line, its newline dropped.

    A byte order mark is dropped too, as it is from every text: some editors write one unseen.

    `where` names who asked for it. Raises ConfigurationError.
    """
    hint = "It holds the password and nothing else."
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(_LONGEST + 1)
    except OSError as failure:
        message = f"the file {path} that {where} names cannot be read: {failure.strerror}"
        raise ConfigurationError(message, hint) from None
    if len(raw) > _LONGEST:
        raise ConfigurationError(f"the file {path} that {where} names is no password", hint)
    text = raw[after_byte_order_mark(raw) :].decode("utf-8", "surrogateescape")
    return _checked(_without_newline(text), f"the file {path} that {where} names", hint)


def words_of(command: str) -> str | list[str]:
    """Split a command into the words that it is run with; on Windows the system does that.

    Raises InvalidValueError: a quote is not closed.
    """
    import shlex

    try:
        return command if os.name == "nt" else shlex.split(command)
    except ValueError as wrong:
        raise InvalidValueError(f"cannot be read: {wrong}", _NO_SHELL) from None


def from_command(
    command: str,
    where: str,
    seconds: float = COMMAND_SECONDS,
    *,
    tell: Callable[[str], None] = lambda _waiting: None,
    reminder: float = REMINDER_SECONDS,
) -> tuple[str, str]:
    """Run a command without a shell; return its first line, and what it wrote to stderr.

    `where` names whose command it is. Its stdin is empty: ours may hold the text to send. Where it
    takes longer than `reminder` seconds, `tell` is told what is waited for.

    Raises ConfigurationError: it cannot be run, fails, gives nothing, or takes too long.
    """
    import subprocess
    import threading

    subject = f"password_command of {where}"
    waiting = threading.Timer(reminder, tell, [f"waiting for {subject}, up to {seconds:g} s"])
    waiting.start()
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, from a file of their own
            words_of(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{subject} {wrong.problem}", wrong.hint) from None
    except OSError as failure:
        message = f"{subject} cannot be run: {visible(str(failure.strerror))}"
        raise ConfigurationError(message, _NO_SHELL) from None
    except subprocess.TimeoutExpired as late:
        said = _said(late.stderr)
        message = f"{subject} did not end within {seconds:g} s{said and f': {said}'}"
        raise ConfigurationError(message, "Run it by hand: it may wait for an answer.") from None
    finally:
        waiting.cancel()
    said = _said(done.stderr)
    if done.returncode != 0:
        message = f"{subject} failed with exit {done.returncode}{said and f': {said}'}"
        raise ConfigurationError(message, "Run it by hand to see why.")
    # `pass` and its kin print the password first, then whatever else they hold.
    first = done.stdout.decode("utf-8", "surrogateescape").partition("\n")[0].removesuffix("\r")
    return _checked(first, f"what {subject} printed", "Its first line is the password."), said


def from_keyring(user: str, where: str, seconds: float = KEYRING_SECONDS) -> str:
    """Read a password from the system's keyring.

    Raises ConfigurationError: the library or the entry is not there, or no answer in time.
    """

    def read() -> str | None:
        import keyring

        return keyring.get_password(KEYRING_SERVICE, user)

    found = _within(seconds, read)
    if found is None:
        message = f"the keyring holds no password for {where} ({KEYRING_SERVICE}, {user})"
        raise ConfigurationError(message, "'linksms config set NAME' asks for it and keeps it.")
    return _checked(found, "what the keyring holds", None)


def keep_in_keyring(user: str, password: str, seconds: float = KEYRING_SECONDS) -> None:
    """Put a password into the system's keyring.

    Raises ConfigurationError: the library is not there, the keyring refuses, or does not answer.
    """

    def keep() -> None:
        import keyring

        keyring.set_password(KEYRING_SERVICE, user, password)

    _within(seconds, keep)


def forget_in_keyring(user: str, seconds: float = KEYRING_SECONDS) -> None:
    """Take a password out of the system's keyring; one that is not there is no error.

    Raises ConfigurationError: the library is not there, the keyring refuses, or does not answer.
    """

    def forget() -> None:
        import keyring

        if keyring.get_password(KEYRING_SERVICE, user) is not None:
            keyring.delete_password(KEYRING_SERVICE, user)

    _within(seconds, forget)


def keyring_is_usable(seconds: float = KEYRING_SECONDS) -> bool:
    """Say whether the library is installed and finds a keyring on this system."""

    def find() -> str | None:
        import keyring

        # The library's stand-ins for a missing keyring have no positive priority.
        return "usable" if keyring.get_keyring().priority > 0 else None

    try:
        return _within(seconds, find) is not None
    except ConfigurationError:
        return False


def _within(seconds: float, ask: Callable[[], str | None]) -> str | None:
    """Ask the keyring in a thread of its own: on a headless machine it may never answer."""
    import queue
    import threading

    answers: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except Exception as failure:  # noqa: BLE001 - a backend raises what it likes
            answers.put(failure)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        message = f"the keyring did not answer within {seconds:g} s"
        raise ConfigurationError(message, "Unlock it, or keep the password elsewhere.") from None
    if isinstance(answer, ImportError):
        message = "the keyring library is not installed"
        raise ConfigurationError(message, "Run: pip install 'linksms-cli[keyring]'.")
    if isinstance(answer, Exception):
        message = f"the keyring failed: {visible(str(answer) or type(answer).__name__)}"
        raise ConfigurationError(message, "Unlock it, or keep the password elsewhere.")
    return answer


def _without_newline(text: str) -> str:
    return text[:-1].removesuffix("\r") if text.endswith("\n") else text


def _said(stderr: bytes | None) -> str:
    """Return what a command wrote to stderr, as one line that a terminal can be shown."""
    lines = (stderr or b"").decode("utf-8", "replace").splitlines()
    return " / ".join(visible(line.strip()) for line in lines if line.strip())


def _checked(password: str, subject: str, hint: str | None) -> str:
    try:
        return str(Key.PASSWORD.form.from_text(password))
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{subject} {wrong.problem}", wrong.hint or hint) from None
