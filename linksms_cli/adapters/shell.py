"""A command of the user's, run by the shell with something on its stdin."""

import os
import signal
import subprocess
from collections.abc import Mapping
from tempfile import TemporaryFile

# Octets of what it wrote to stderr that are read, to say why it failed.
_SAID = 1000


def run(command: str, stdin: bytes, environ: Mapping[str, str], *, seconds: float) -> str | None:
    """Run a command, and return why it failed; None if it did not.

    It is a group of processes of its own, which is killed when its time is over, or when the wait
    for it is broken off. What it writes is dropped, but for the first line of a failure's stderr.
    """
    try:
        return _run(command, stdin, environ, seconds)
    except (OSError, ValueError) as failure:  # no process, no file, no room in it
        return f"cannot be run: {getattr(failure, 'strerror', None) or 'a null character'}"


def _run(command: str, stdin: bytes, environ: Mapping[str, str], seconds: float) -> str | None:
    """Run a command, and return why it failed; raise if it cannot be run."""
    # Files, and not pipes: it may leave its stdin unread, or a child behind that keeps its stderr.
    with TemporaryFile() as given, TemporaryFile() as said:
        given.write(stdin)
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603 - the command is the user's own
            ["/bin/sh", "-c", command],
            stdin=given,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=dict(environ),
            start_new_session=True,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"took longer than {seconds:g} s and was ended"
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if code == 0:
            return None
        said.seek(0)
        line = said.read(_SAID).decode("utf-8", "replace").strip().partition("\n")[0]
        how = f"ended by signal {-code}" if code < 0 else f"ended with {code}"
        return f"{how}: {line}" if line else how
