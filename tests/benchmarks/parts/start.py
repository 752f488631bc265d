"""How long a command takes that needs nothing from outside.

The last goal, a quarter of every rival, is below what a program takes that only imports Typer: the
figure above it says what that is.
"""

import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Result
from tests.benchmarks.turns import (
    ENVIRONMENT,
    LINKSMS,
    Run,
    compared,
    milliseconds,
    seconds,
    take_turns,
)

if TYPE_CHECKING:
    from collections.abc import Callable

RIVALS = ("httpie", "apprise", "awscli")
ROUNDS = 20

_COMPLETION = Path(__file__).parents[3] / "completions" / "linksms.bash"
_TRIVIAL_NAME = "trivial Typer"
_TRIVIAL = """
import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    typer.echo(f"Hello {name}")


@app.command()
def goodbye(name: str) -> None:
    typer.echo(f"Goodbye {name}")


app()
"""


def measure(run: Run) -> Result:
    """Have all start, in turns."""
    trivial = run.folder / "trivial.py"
    trivial.write_text(_TRIVIAL)
    tab = ENVIRONMENT | {"_LINKSMS_TAB": "messages", "LINKSMS_STATE": str(run.folder)}
    ours = {
        "code 1001": [*LINKSMS, "code", "1001"],
        "segments hi": [*LINKSMS, "segments", "hi"],
        "--help": [*LINKSMS, "--help"],
    }
    commands = {
        "bare interpreter": [sys.executable, "-c", "pass"],
        _TRIVIAL_NAME: [sys.executable, str(trivial), "hello", "you"],
        **ours,
    }
    rivals = {
        f"{name} --version": [run.rivals.program(program), "--version"]
        for name, program in (("httpie", "http"), ("apprise", "apprise"), ("awscli", "aws"))
        if run.rivals.has(name)
    }
    contenders: dict[str, Callable[[], float]] = {
        name: partial(seconds, command) for name, command in (commands | rivals).items()
    }
    contenders["a TAB for ids"] = lambda: seconds(LINKSMS, tab)
    contenders["a TAB for words, in bash"] = _bash_tab
    taken = take_turns(contenders, run.rounds)
    mine = [*ours, "a TAB for ids"]
    goals = [compared(taken, name, _TRIVIAL_NAME, most=1.1) for name in mine]
    if rivals:
        quickest = min(rivals, key=lambda rival: statistics.median(taken[rival]))
        goals.append(compared(taken, _TRIVIAL_NAME, quickest))
        goals += [compared(taken, name, quickest, most=0.25) for name in mine]
    return Result(
        title=f"start: processes from start to end, {run.rounds} turns each",
        figures=[*milliseconds(taken), *goals],
        missing=run.rivals.told(*RIVALS),
    )


def _bash_tab(calls: int = 20) -> float:
    """Return what one call of the function takes inside a shell that runs already."""
    call = (
        f"source {_COMPLETION}; COMP_WORDS=(linksms code 21); COMP_CWORD=2; "
        "began=$EPOCHREALTIME; for ((n = 0; n < $1; n++)); do _linksms linksms; done; "
        'echo "$began $EPOCHREALTIME"'
    )
    done = subprocess.run(
        ["bash", "-c", call, "bash", str(calls)], capture_output=True, text=True, check=True
    )
    began, ended = map(float, done.stdout.split())
    return (ended - began) / calls
