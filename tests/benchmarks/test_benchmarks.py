"""Every benchmark still runs, at its smallest size. What it measures is not looked at."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import needs

FOLDER = Path(__file__).parent
# script: its smallest size, and a word of what it prints at its end.
SMALLEST = {
    "completion": (["1"], "linksms --version"),
    "forwarding": (["800", "2", "0"], "0 of them out of order"),
    "listen": (["1", "400", "--rounds", "1"], " reports "),
    "reading": (["1"], "json.loads alone"),
    "segments": (["50"], "emoji"),
    "send": (["1"], "linksms send --once"),
    "startup": (["1"], "segments TEXT"),
    "store": (["2000"], "a writer waited"),
    "waiting": (["1"], "a report is told"),
}


def test_every_benchmark_is_run() -> None:
    scripts = {path.stem for path in FOLDER.glob("*.py")} - {"test_benchmarks", "__main__"}
    assert scripts == set(SMALLEST)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=needs("wrk") if name == "listen" else ()) for name in SMALLEST],
)
def test_a_benchmark_runs(name: str, environment: dict[str, str]) -> None:
    size, last = SMALLEST[name]
    done = subprocess.run(
        [sys.executable, str(FOLDER / f"{name}.py"), *size],
        env=environment,
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, last in done.stdout) == (0, True), done.stdout + done.stderr
