"""Every benchmark still runs, at its smallest size. What it measures is not looked at."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Result, ratios
from tests.conftest import needs

FOLDER = Path(__file__).parent
# part: a figure that it measures at its end.
LAST = {
    "batch": "nothing left to send",
    "copying": "rows compared, all equal",
    "forwarding": "forwarding / alone",
    "growth": "Choose an account",
    "listen": "GET / JSON",
    "memory": "code 1001",
    "reading": "json.loads alone",
    "segments": "emoji",
    "send": "send / requests one-liner",
    "start": "a TAB for ids / trivial Typer",
    "server": "waiting: from a commit to its line",
    "store": "  send beside it, at most",
    "waiting": "from a commit to its line",
}
# Those that have wrk post reports.
LOADED = {"forwarding", "growth", "listen", "server"}


def test_every_part_is_run() -> None:
    assert {path.stem for path in FOLDER.glob("parts/*.py")} == set(LAST)


@pytest.mark.parametrize(
    "part",
    [pytest.param(part, marks=needs("wrk") if part in LOADED else ()) for part in LAST],
)
def test_a_part_runs(part: str, environment: dict[str, str]) -> None:
    smallest = ["--scale", "0.001", "--rounds", "1", "--no-install"]
    done = subprocess.run(
        [sys.executable, str(FOLDER), part, "--json", *smallest],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["parts"].values()
    names = [figure["name"] for figure in result["figures"]]
    names += [curve["title"] for curve in result["curves"]]
    assert any(LAST[part] in name for name in names), names


def test_a_result_fits_a_terminal_and_marks_what_is_missed() -> None:
    result = Result(
        title="send: five turns each",
        figures=[
            Figure(name="send", samples=[100.0, 104.0, 96.0, 123456.0], unit="ms"),
            Figure(name="send / the other", samples=ratios([3.0], [2.0]), most=1.0),
            Figure(name="lines", samples=[150_000.4], unit="/s", least=150_000),
        ],
        missing=["httpie (npm is not there)"],
    )
    assert result.lines() == [
        "send: five turns each",
        "  send                                    102 ms        99 to 30,942",
        "  send / the other                          1.50                            ≤ 1!",
        "  lines                               150,000 /s                      ≥ 150,000",
        "  missing: httpie (npm is not there)",
    ]
    assert max(map(len, result.lines())) <= 80
    assert [figure.is_reached for figure in result.figures] == [None, False, True]
