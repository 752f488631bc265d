"""Threads, started only while there is memory for them.

Whoever starts a thread waits until it says that it runs. One without the memory to say so has died
by then, and Python would wait for ever (`threading.Thread.start`).
"""

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

# What a thread takes besides its stack before it says that it runs: some 100 kB for its frames and
# locks. The rest is for what other threads take at the same time.
_BESIDES = 2 << 20
# The stack of a thread on Linux if the limit for stacks is none.
_USUAL_STACK = 2 << 20


def start_thread(thread: threading.Thread) -> None:
    """Start a thread.

    Raises RuntimeError, as the thread itself would, or MemoryError if there is no memory for it.
    """
    _make_sure_of_memory()
    thread.start()


def one_thread(name: str) -> "ThreadPoolExecutor":
    """Return an executor whose only thread runs already, so that it takes whatever it is given.

    One that starts its thread later, and cannot, would keep what it was given for a later thread.
    Raises as `start_thread` does.
    """
    from concurrent.futures import ThreadPoolExecutor

    _make_sure_of_memory()
    executor = ThreadPoolExecutor(1, thread_name_prefix=name)
    executor.submit(int).result()
    return executor


def _make_sure_of_memory() -> None:
    """Take as much memory as a thread needs, and give it back."""
    if os.name == "nt":  # what Windows has no memory for fails at once
        return
    try:
        import mmap

        mmap.mmap(-1, _stack() + _BESIDES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    except (OSError, ImportError):
        raise MemoryError("no memory for a thread") from None


def _stack() -> int:
    """Return the size of a thread's stack, in bytes."""
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_STACK)
    return _USUAL_STACK if limit == resource.RLIM_INFINITY else limit
