"""A clock of day that can be put back and ahead while programs run; the monotonic one goes on.

libfaketime cannot do that: with it either the monotonic clock jumps too, which no system allows, or
`time.sleep` fails (version 0.9.10 with Python 3.11). So this is a library of our own that is loaded
before the C library.
"""

import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static long long shift(void) {
    static volatile long long *seconds;
    if (!seconds) {
        static long long none;
        const char *path = getenv("SHIFTED_CLOCK");
        int file = path ? open(path, O_RDONLY) : -1;
        void *found = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
        seconds = found == MAP_FAILED ? &none : found;
    }
    return *seconds;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, at);
    if (!failed && clock == CLOCK_REALTIME) at->tv_sec += shift();
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
"""


class ShiftedClock:
    """The clock of day of every program that runs in its `environment`."""

    def __init__(self, folder: Path) -> None:
        source, self._library = folder / "clock.c", folder / "clock.so"
        source.write_text(_SOURCE)
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O", "-o", self._library, source, "-ldl"], check=True
        )
        self._shift = folder / "clock.shift"
        self._shift.write_bytes(bytes(8))

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return an environment whose programs go by this clock."""
        shifted = {"LD_PRELOAD": str(self._library), "SHIFTED_CLOCK": str(self._shift)}
        return dict(environment) | shifted

    def shift(self, hours: float) -> None:
        """Put the clock so many hours ahead of the right time, at once, in all programs."""
        with self._shift.open("r+b") as file:
            os.pwrite(file.fileno(), struct.pack("q", round(hours * 3600)), 0)
