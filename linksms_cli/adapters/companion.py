"""A process of our own beside this one, which ends with it, however that ends.

It is told what to do in one line on its stdin, so that nothing of it stands in a process list, and
tells what happens in lines on its stdout. When its stdin ends, so does its work.
"""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Self

from linksms_cli.adapters.threads import start_thread

# Seconds after which one that has ended by itself is started again.
_AGAIN = 1.0
# Seconds that it has to end.
_PATIENCE = 15.0
_START = (
    "import json, sys; job = json.loads(sys.stdin.buffer.readline()); sys.path[:] = job['path']; "
    "from importlib import import_module; import_module(job['module']).main(job['order'])"
)


class Companion:
    """Runs `main(order)` of a module while the block runs; `told` is given each line, decoded.

    `order` and the lines are JSON objects. Should it end by itself, it is started again, as often
    as that takes; `ended` is told in words that follow its name. It takes no notice of Ctrl-C,
    SIGTERM and SIGHUP, which reach it with a group of processes.
    """

    def __init__(
        self,
        module: str,
        order: Mapping[str, Any],
        *,
        told: Callable[[dict[str, Any]], None],
        ended: Callable[[str], None],
    ) -> None:
        self._job = json.dumps({"path": sys.path, "module": module, "order": order}).encode()
        self._told = told
        self._ended = ended
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._listener = threading.Thread(target=self._listen, name="companion", daemon=True)

    def __enter__(self) -> Self:
        self._start()
        start_thread(self._listener)
        return self

    def __exit__(self, *_failure: object) -> None:
        """Have it end its work, and wait for that."""
        with self._lock:
            self._is_over.set()
            process = self._process
        if process is None or process.stdin is None:
            return
        _close(process)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._listener.join()

    def _start(self) -> None:
        with self._lock:
            if self._is_over.is_set():
                return
            with _signals_held():
                # -P: what lies in the current folder is nobody's module.
                self._process = process = subprocess.Popen(  # noqa: S603 - this very Python
                    [sys.executable, "-P", "-c", _START],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
        if process.stdin is None:
            raise AssertionError("its stdin is a pipe")
        with suppress(BrokenPipeError):  # it has ended already; whoever listens will notice
            process.stdin.write(self._job + b"\n")
            process.stdin.flush()

    def _start_again(self) -> None:
        """Start it as soon as the system has the files and processes for it."""
        is_told = False
        while not self._is_over.wait(_AGAIN):
            try:
                self._start()
            except OSError as failure:
                if not is_told:
                    self._ended(f"cannot be started ({failure.strerror}), which is tried again")
                is_told = True
            else:
                return

    def _listen(self) -> None:
        while (process := self._process) is not None and process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    with suppress(ValueError):  # it was killed in the middle of one
                        self._told(json.loads(line))
            code = process.wait()
            if self._is_over.is_set():
                return
            self._ended(f"ended ({code}) and is started again")
            _close(process)
            self._start_again()
            if self._process is process:
                return


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):  # it ended before it had read its order
            process.stdin.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Start a process that holds back from its first moment what it is to take no notice of."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(
        signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    )
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
