"""README's shown commands, run for real; `python tests/readme.py` writes their output into it."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def environment(home: Path) -> dict[str, str]:
    """An environment in which `linksms` is ours, and nothing is the person's."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
    }


def refreshed(text: str, home: Path) -> str:
    """Return the README with what its console blocks really print."""

    def run(block: re.Match[str]) -> str:
        commands = [line[2:] for line in block[1].splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {command}\n{output(command, home)}" for command in commands)
        return f"```console\n{shown}```"

    return _BLOCK.sub(run, text)


def output(command: str, home: Path) -> str:
    """Return what a person sees of a command: stdout and stderr as they come."""
    done = subprocess.run(
        ["bash", "-c", command],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.replace(str(home), "/home/me")


def comparable(text: str) -> str:
    """Return shown output without what differs from run to run: ids, times, durations."""
    text = re.sub(r"(?<![\w/+])[A-Za-z0-9+/]{20,}={0,2}(?![\w/+=])", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", "TIME", text)
    text = re.sub(r'("elapsed_ms": )\d+', r"\1N", text)
    return re.sub(r"nothing within \d+\.\d s", "nothing within N s", text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        README.write_text(refreshed(README.read_text("utf-8"), Path(folder)), "utf-8")
