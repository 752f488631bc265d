"""How long `code` and `segments` take to start, against a trivial Typer program of two commands.

Run it on a quiet machine, from the repository's folder:

    python tests/benchmarks/startup.py [ROUNDS]

The programs take turns, so that what disturbs one disturbs the others; the ratio of the medians and
that of the best runs are printed, with the goal. Nothing here is a test: times vary.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 40
GOAL = 1.15

# Compiled modules are kept, as they are where programs are installed.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

TRIVIAL = """
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


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, check=True, env=ENVIRONMENT)
    return time.perf_counter() - start


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        trivial = Path(folder) / "trivial.py"
        trivial.write_text(TRIVIAL)
        ours = [sys.executable, "-m", "linksms_cli"]
        commands = {
            "trivial Typer": [sys.executable, str(trivial), "hello", "you"],
            "code 1001": [*ours, "code", "1001"],
            "segments TEXT": [*ours, "segments", "Grüße – €"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            seconds(command)
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(seconds(command))
    median, best = (
        {name: 1000 * pick(taken) for name, taken in times.items()}
        for pick in (statistics.median, min)
    )
    print(f"{rounds} rounds; goal: {GOAL} of the trivial program")
    for name in commands:
        ratios = [each[name] / each["trivial Typer"] for each in (median, best)]
        print(
            f"  {name:14} median {median[name]:6.1f} ms ({ratios[0]:.2f})"
            f"   best {best[name]:6.1f} ms ({ratios[1]:.2f})"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
