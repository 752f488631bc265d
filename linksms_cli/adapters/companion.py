"""A process of our own beside this one, which ends with it, however that ends.

It is told what to do in one line on its stdin, so that nothing of it stands in a process list, and
tells what happens in lines on its stdout. When its stdin ends, so does its work.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
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

    `order` and the lines are JSON objects. Should it end by itself, `ended` is called with its exit
    code, and it is started again.
    """

    def __init__(
        self,
        module: str,
        order: Mapping[str, Any],
        *,
        told: Callable[[dict[str, Any]], None],
        ended: Callable[[int], None],
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
        process.stdin.close()
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
            # -P: what lies in the current folder is nobody's module.
            self._process = process = subprocess.Popen(  # noqa: S603 - this very Python
                [sys.executable, "-P", "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        if process.stdin is None:
            raise AssertionError("its stdin is a pipe")
        try:
            process.stdin.write(self._job + b"\n")
            process.stdin.flush()
        except BrokenPipeError:  # it has ended already; whoever listens will notice
            pass

    def _listen(self) -> None:
        while (process := self._process) is not None and process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self._told(json.loads(line))
            code = process.wait()
            if self._is_over.is_set():
                return
            self._ended(code)
            time.sleep(_AGAIN)
            if process.stdin:
                process.stdin.close()
            self._start()
            if self._process is process:
                return
