"""What every door must keep: no exception, less than a second, less than 100 MB."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Processor time: a busy machine is no fault of ours.
MOST_SECONDS = 1.0
# Under coverage Python takes several times as long.
TRACED = 10.0
MOST_OCTETS = 100 << 20


class TooSlowError(Exception):
    """A door has used more processor time than it may."""


def limit() -> float:
    """Return how much processor time a door may take, in seconds."""
    return MOST_SECONDS * (TRACED if sys.gettrace() else 1)


def checked(enter: Callable[[bytes], object], octets: bytes) -> None:
    """Give octets to a door.

    Raises whatever the door does not keep to itself, TooSlowError, or MemoryError.
    """
    begun = time.process_time()
    with _bounded_memory():
        enter(octets)
    used = time.process_time() - begun
    if used > limit():
        raise TooSlowError(f"{used:.1f} s of processor time for {len(octets)} octets")


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let the process have so much more memory than it has now; what asks for more fails."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _held() + MOST_OCTETS
    if before[1] != resource.RLIM_INFINITY:
        limit = min(limit, before[1])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _held() -> int:
    """Return how much private memory the process may write to (`VmData`, proc(5))."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    return pages * resource.getpagesize()
