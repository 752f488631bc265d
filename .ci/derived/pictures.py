"""README's pictures as SVG: real output of real commands, with its colours, and curves."""

import io
import os
import shlex
import subprocess
import sys

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from derived import curves

# Commands whose output is the same everywhere, and what the picture is called.
COMMANDS = {
    "segments.svg": (
        'linksms segments --explain "Don’t forget – your parcel “123” waits for you 😀 '
        'at the shop until 17:00"'
    ),
    "code.svg": "linksms code 1009",
}


def files() -> dict[str, str]:
    """Return each picture's name and its SVG."""
    return {name: _drawn(command) for name, command in COMMANDS.items()} | curves.files()


def _drawn(command: str) -> str:
    _, *words = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", "linksms_cli", *words],
        env=os.environ | {"FORCE_COLOR": "1", "NO_COLOR": "", "COLUMNS": "80", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    # The same picture whatever the terminal of whoever makes it.
    console = Console(record=True, width=82, file=io.StringIO(), force_terminal=True, _environ={})
    prompt = Text("$ ", style="bold green") + Text(command, style="bold")
    console.print(prompt, overflow="fold")
    console.print(Text.from_ansi(done.stdout.rstrip("\n")), overflow="fold", no_wrap=False)
    svg = console.export_svg(title="linksms", theme=MONOKAI, unique_id="linksms")
    return _without_fonts(svg)


def _without_fonts(svg: str) -> str:
    """Take out the fonts that a viewer would fetch from elsewhere: its own will do."""
    kept: list[str] = []
    inside = False
    for line in svg.splitlines():
        inside = inside or "@font-face" in line
        if not inside:
            kept.append(line.rstrip())
        elif line.strip() == "}":
            inside = False
    return "\n".join(kept) + "\n"
