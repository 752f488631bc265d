"""A password_command: run without a shell, its first line taken, what it says kept clean."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from linksms_cli.adapters.threads import start_thread
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import secret
from linksms_cli.sms.account import command as commands
from linksms_cli.sms.mt.echo import black_out
from linksms_cli.sms.text.decoding import visible
from linksms_cli.sms.value import InvalidValueError

# Long enough for a person to unlock a key, short enough for a cron line to fail the same night.
COMMAND_SECONDS = 60.0
# After which a person is told what is waited for.
REMINDER_SECONDS = 3.0
# How long a stream that is still open is read once the command has ended: what the command itself
# wrote is there by then, and a child that it left behind may hold the stream for ever.
_LEFT_OPEN_SECONDS = 0.5
# A password and a few lines about it; more than that is dropped.
_MOST = 64 * 1024
# Of what a command printed, so much is taken for secrets: lines, and characters of each.
_SECRET_LINES = 16
_LONGEST_SECRET = 256
# What a shell writes before each command under `set -x`: words, a password among them.
_TRACE = re.compile(rb"\+")


def words_of(command: str, environ: Mapping[str, str]) -> str | list[str]:
    """Split a command into the words that it is run with; on Windows the system does that.

    Raises InvalidValueError: a quote is not closed, or a shell would be needed.
    """
    return command if os.name == "nt" else commands.split(command, environ)


def from_command(
    command: str,
    where: str,
    environ: Mapping[str, str],
    *,
    seconds: float = COMMAND_SECONDS,
    tell: Callable[[str], None] = lambda _waiting: None,
    reminder: float = REMINDER_SECONDS,
) -> tuple[str, str]:
    """Run a command without a shell; return its first line, and what it wrote to stderr.

    `where` names whose command it is. Its stdin is empty: ours may hold the text to send. If it
    takes longer than `reminder` seconds, `tell` is told what is waited for.

    Raises ConfigurationError: it cannot be run, fails, gives nothing, or takes too long.
    """
    subject = f"password_command of {where}"
    try:
        words = words_of(command, environ)
    except InvalidValueError as wrong:
        raise ConfigurationError(f"{subject} {wrong.problem}", wrong.hint) from None
    waiting = threading.Timer(reminder, tell, [f"waiting for {subject}, up to {seconds:g} s"])
    waiting.daemon = True
    start_thread(waiting)
    try:
        code, printed, errors = _run(words, seconds)
    except OSError as failure:
        message = f"{subject} cannot be run: {visible(str(failure.strerror))}"
        raise ConfigurationError(message, commands.WITH_A_SHELL) from None
    finally:
        waiting.cancel()
    lines = printed.decode("utf-8", "surrogateescape").splitlines()
    said = _said(errors, lines)
    if code is None:
        message = f"{subject} did not end within {seconds:g} s{said and f': {said}'}"
        raise ConfigurationError(message, "Run it by hand: it may wait for an answer.")
    if code != 0:
        message = f"{subject} failed with exit code {code}{said and f': {said}'}"
        raise ConfigurationError(message, "Run it by hand to see why.")
    try:
        # `pass` and its kin print the password first, then whatever else they hold.
        return secret.read(printed.decode("utf-8", "surrogateescape").partition("\n")[0]), said
    except InvalidValueError as wrong:
        message = f"what {subject} printed {wrong.problem}"
        raise ConfigurationError(message, "Its first line is the password.") from None


class _Stream:
    """What a command writes to one stream, read while it runs and for as long as it is open."""

    def __init__(self) -> None:
        self._end, self.given = os.pipe()
        self._kept = bytearray()
        self._reading = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        """Read from now on; the command has its end of the pipe, or was never run."""
        os.close(self.given)
        start_thread(self._reading)

    def kept(self, deadline: float) -> bytes:
        """Return the beginning of what came until the stream was closed, or the deadline passed."""
        self._reading.join(max(0.0, deadline - time.monotonic()))
        return bytes(self._kept)

    def _read(self) -> None:
        try:
            while piece := os.read(self._end, 4096):
                self._kept += piece[: _MOST - len(self._kept)]
        finally:
            os.close(self._end)


def _run(words: str | Sequence[str], seconds: float) -> tuple[int | None, bytes, bytes]:
    """Run a command; return its exit code, None if it took too long, and what it wrote."""
    output, errors = _Stream(), _Stream()
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, from a file of their own
            words, stdin=subprocess.DEVNULL, stdout=output.given, stderr=errors.given
        )
    finally:
        output.start()
        errors.start()
    code: int | None = None
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
    deadline = time.monotonic() + _LEFT_OPEN_SECONDS
    return code, output.kept(deadline), errors.kept(deadline)


def _said(errors: bytes, printed: Sequence[str]) -> str:
    """Return what a command wrote to stderr, as one line without anything that it printed.

    A trace is left out as a whole: it shows secrets on their way, before they have their form.
    """
    lines = [line for line in errors.splitlines() if line.strip() and not _TRACE.match(line)]
    said = " / ".join(line.decode("utf-8", "replace").strip() for line in lines)
    secrets = {line.strip()[:_LONGEST_SECRET] for line in printed[:_SECRET_LINES]} - {""}
    for one in sorted(secrets, key=len, reverse=True):
        said = black_out(one, said)
        if one in said:  # too short to be blacked out without giving it away
            return ""
    return visible(said)
