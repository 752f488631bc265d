"""Contenders that take turns, and what a process costs: its time and its memory."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figures import Figure, ratios
from tests.benchmarks.rivals import Rivals

LINKSMS = [sys.executable, "-m", "linksms_cli"]
# Compiled modules are kept, as they are where programs are installed; nobody's account is used, and
# no receiver leaves a note by which other commands of this machine would find its store.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LINKSMS"))
} | {"XDG_RUNTIME_DIR": os.devnull}
# Seconds that any process may take before it is taken for hung.
PATIENCE = 1800

# Runs a command and prints the most memory that it had, KiB. What started a process counts as its
# own until it is another program, so the one that starts it has to be small.
_PEAK = """
import os, sys, time
null = os.open(os.devnull, os.O_RDWR)
actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)]
began = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, time.perf_counter() - began)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How much is measured, where, and beside whom; `scale` 1 is what the goals speak of.

    `folder` is this part's own and goes with the run; what lies in `kept` may be used again. Of a
    part that measures by names, `only` has those that are asked for, None for all.
    """

    scale: float
    rounds: int
    folder: Path
    kept: Path
    rivals: Rivals
    only: Collection[str] | None = None

    def scaled(self, count: int) -> int:
        """Return a number of rows, reports or the like for this run."""
        return max(round(count * self.scale), 1)


def seconds(command: Sequence[str], environment: Mapping[str, str] = ENVIRONMENT) -> float:
    """Return how long a process takes from its start to its end, which has to be a good one."""
    quiet = subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment)
    # To wait with a limit of time, Python would sleep again and again, for 50 ms in the end.
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    code = process.wait()
    took = time.perf_counter() - start
    watchdog.cancel()
    if code:
        raise subprocess.CalledProcessError(code, command)
    return took


def take_turns(
    contenders: Mapping[str, Callable[[], float]], rounds: int
) -> dict[str, list[float]]:
    """Return the samples of each: what disturbs one disturbs the others.

    The first round fills caches and is not counted. Nobody always follows the same neighbour.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for round_ in range(rounds + 1):
        turn = round_ % len(names)
        for name in names[turn:] + names[:turn]:
            sample = contenders[name]()
            if round_:
                taken[name].append(sample)
    return taken


def milliseconds(taken: Mapping[str, Sequence[float]]) -> list[Figure]:
    """Return samples in seconds as figures."""
    return [
        Figure(name=name, samples=[1000 * sample for sample in samples], unit="ms")
        for name, samples in taken.items()
    ]


def compared(
    taken: Mapping[str, Sequence[float]],
    ours: str,
    theirs: str,
    *,
    most: float | None = None,
    least: float | None = None,
) -> Figure:
    """Return how one stands to another, round by round."""
    samples = ratios(taken[ours], taken[theirs])
    return Figure(name=f"{ours} / {theirs}", samples=samples, most=most, least=least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a process took from start to end: seconds, and MiB of memory at most."""

    seconds: float
    memory: float


def cost(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a process to its end, and return what it took."""
    bare = [sys.executable, "-S", "-E", "-c", _PEAK]
    done = subprocess.run(
        [*bare, *command],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=PATIENCE,
    )
    memory, took = done.stdout.split()
    return Cost(seconds=float(took), memory=int(memory) / 1024)
