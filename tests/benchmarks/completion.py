"""How long a TAB takes: bash's function for fixed words, and the program for those that change.

.venv/bin/python tests/benchmarks/completion.py [ROUNDS]
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parent.parent.parent
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 15


def milliseconds(run: Callable[[], object]) -> float:
    """Return the median of several runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


def main() -> None:
    """Print the times, each with its ratio to a bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text("".join(f"[profiles.p{number}]\n" for number in range(20)))
        environ = {**os.environ, "LINKSMS_CONFIG": str(config), "LINKSMS_STATE": folder}

        def python(*words: str, tab: str = "") -> Callable[[], object]:
            env = {**environ, "_LINKSMS_TAB": tab}
            command = [sys.executable, *words]
            return lambda: subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)

        def bash(*line: str) -> float:
            """Return what one call of the function takes inside a shell that runs already."""
            call = (
                f"source {REPOSITORY}/completions/linksms.bash; COMP_WORDS=({' '.join(line)}); "
                f"COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
                f"for ((n = 0; n < {RUNS}; n++)); do _linksms linksms; done"
            )
            start = time.perf_counter()
            subprocess.run(["bash", "-c", call], env=environ, check=True)
            return (time.perf_counter() - start) * 1000 / RUNS

        bare = milliseconds(python("-c", "pass"))
        rows = {
            "a bare interpreter": bare,
            "bash: linksms co": bash("linksms", "co"),
            "bash: linksms code 21": bash("linksms", "code", "21"),
            "program: profiles": milliseconds(python("-m", "linksms_cli", tab="profiles")),
            "program: messages": milliseconds(python("-m", "linksms_cli", tab="messages")),
            "linksms --version": milliseconds(python("-m", "linksms_cli", "--version")),
        }
        for what, took in rows.items():
            print(f"{what:24} {took:7.1f} ms  {took / bare:5.2f} x")


if __name__ == "__main__":
    main()
