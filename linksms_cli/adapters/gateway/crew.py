"""Threads that talk to the gateway, each kept for the next attempt.

To start a thread takes its starter until that thread runs, which in a busy program is longer than
the attempt's own work. An attempt that hangs keeps its thread, and the next one gets another.
"""

import queue
import threading
import time
from collections.abc import Callable

from linksms_cli.adapters.threads import start_thread

Job = Callable[[], None]

# Seconds in which all threads that do not hang have ended.
_PATIENCE = 0.1


class Crew:
    """As many threads as jobs are under way at once; a thread whose job is done waits for another.

    They are daemons: none of them keeps a process from its end.
    """

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._idle: list[queue.SimpleQueue[Job | None]] = []
        self._closed = False
        self._lock = threading.Lock()

    def run(self, job: Job) -> None:
        """Run a job, in a thread that is idle or new.

        Raises RuntimeError or MemoryError if the system has no thread left.
        """
        with self._lock:
            jobs = self._idle.pop() if self._idle else None
        if jobs is None:
            jobs = queue.SimpleQueue()
            thread = threading.Thread(target=self._work, args=(jobs,), daemon=True, name="attempt")
            start_thread(thread)
            self._threads.append(thread)
        jobs.put(job)

    def close(self) -> None:
        """Let each thread end once its job is done; those that are idle have ended at the return.

        A thread that is cut off at the end of the process may need a file that cannot be opened any
        more (libgcc_s, which glibc loads only then), and the process would be aborted.
        """
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for jobs in idle:
            jobs.put(None)
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self, jobs: "queue.SimpleQueue[Job | None]") -> None:
        while job := jobs.get():
            job()
            with self._lock:
                if self._closed:
                    return
                self._idle.append(jobs)
