"""`linksms listen` and `linksms sandbox`, each run as a process of its own."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from tests.conftest import Finished


class Server:
    """A server that has said that it is ready, and where: `url`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.ready = self.line()
        found = re.search(r'https?://[^\s"]+', self.ready)
        assert found, f"not ready: {self.ready}{self.ended()}"
        self.url = found[0]

    def line(self) -> str:
        """Return the next line that it tells."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def event(self) -> dict[str, Any]:
        """Return the next event."""
        event: dict[str, Any] = json.loads(self.line())
        return event

    def warning(self) -> str:
        """Return the next line of its stderr."""
        assert self.process.stderr
        return self.process.stderr.readline()

    def drain(self) -> None:
        """Read whatever it tells from now on, so that it need not wait for us."""
        stream = self._take_stdout()
        threading.Thread(target=lambda: (stream.read(), stream.close())).start()

    def leave(self) -> None:
        """Close our end of what it tells."""
        self._take_stdout().close()

    def end(self, number: signal.Signals = signal.SIGTERM) -> Finished:
        """End it; return its exit code and what was not read yet."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Finished:
        """Wait for its end."""
        # Not by `communicate`, which passes over what a line was read along with.
        assert self.process.stderr
        out, err = _Rest(self.process.stdout), _Rest(self.process.stderr)
        return Finished(code=self.process.wait(60), stdout=out.text(), stderr=err.text())

    def _take_stdout(self) -> IO[str]:
        stream, self.process.stdout = self.process.stdout, None
        assert stream
        return stream


class _Rest:
    """What a stream still says until its end, read while others are."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._read: list[str] = []
        read = stream.read if stream else str
        self._thread = threading.Thread(target=lambda: self._read.append(read()))
        self._thread.start()

    def text(self) -> str:
        self._thread.join(60)
        return self._read[0]


@contextmanager
def running(
    environment: Mapping[str, str],
    command: str,
    *words: str,
    as_json: bool = True,
    before: tuple[str, ...] = (),
) -> Iterator[Server]:
    """Run a server until the block ends, on any free port unless `words` name one."""
    start = [*before, sys.executable, "-m", "linksms_cli", command, "--port", "0"]
    process = subprocess.Popen(
        [*start, *(["--json"] if as_json else []), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield Server(process)
    finally:
        process.kill()
        process.communicate()
