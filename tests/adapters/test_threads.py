"""A thread starts or is refused, however little memory there is: nobody waits for it for ever."""

import subprocess
import sys

import pytest

from tests.conftest import needs

# With each limit a process of its own starts a thread; SIGALRM ends one that waits for ever.
_TRIES = """
import os, resource, signal, threading
from linksms_cli.adapters.threads import start_thread

def attempt(limit, room):
    signal.alarm(5)
    with open("/proc/self/statm") as file:
        taken = int(file.read().split()[0 if limit == resource.RLIMIT_AS else 5]) * 4096
    resource.setrlimit(limit, (taken + room, taken + room))
    ran = threading.Event()
    thread = threading.Thread(target=ran.set)
    try:
        start_thread(thread)
    except (MemoryError, RuntimeError):
        return 1
    thread.join()
    return 0 if ran.is_set() else 2

for limit in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
    for room in range(0, 6 << 20, 64 << 10):
        child = os.fork()
        if not child:
            os._exit(attempt(limit, room))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status))
"""


@needs("prlimit")
@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory hold on Linux")
def test_a_thread_starts_or_is_refused_with_any_memory() -> None:
    done = subprocess.run(
        ["prlimit", f"--stack={1 << 20}", sys.executable, "-c", _TRIES],
        capture_output=True,
        text=True,
        check=False,
    )
    codes = done.stdout.split()
    assert done.stderr == ""
    assert set(codes) == {"0", "1"}
    assert len(codes) == 2 * 96
