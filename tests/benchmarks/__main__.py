"""Measure linksms beside its rivals, in one run, on this machine; nothing leaves it.

The parts take their turns one after another, and so do the contenders in each of them. What a
part needs of its rivals is installed into a folder that goes with the run, from the usual
registries; what cannot be had is named as missing. Printed are medians, between what the middle
half of the rounds lies, and what is to be reached: a ! stands behind what is not.
"""

import argparse
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[0] = str(REPOSITORY)  # this folder's own files are not modules by themselves

from tests.benchmarks.parts.growth import CURVES  # noqa: E402 - only now can it be found
from tests.benchmarks.rivals import Rivals  # noqa: E402 - as above
from tests.benchmarks.turns import Run  # noqa: E402 - as above

if TYPE_CHECKING:
    from tests.benchmarks.figures import Result

# What is measured without a name, and what is measured by name alone.
TABLE = ("start", "send", "segments", "batch", "memory", "listen")
ALONE = ("reading", "store", "server", "copying", "waiting", "forwarding", "growth")


def _title(part: str) -> str:
    return (import_module(f"tests.benchmarks.parts.{part}").__doc__ or "").partition("\n")[0]


def _parsed(words: list[str]) -> argparse.Namespace:
    parts = "\n".join(f"  {part:<12}{_title(part)}" for part in (*TABLE, *ALONE))
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks",
        description=__doc__,
        epilog=f"parts, of which those after {TABLE[-1]} are measured by name alone:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="all of the table by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object, samples too")
    parser.add_argument("--rounds", type=int, default=0, help="turns of each contender")
    parser.add_argument(
        "--scale",
        type=float,
        default=0.1,
        help="of a million reports, rows and the like: 0.1 by default, 1 for what the goals name",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep rivals and large stores for the next run"
    )
    parser.add_argument(
        "--no-install", action="store_true", help="do without what would have to be installed"
    )
    parser.add_argument(
        "--curves",
        metavar="NAMES",
        type=lambda names: names.split(","),
        help=f"of growth, only these: {','.join(CURVES)}",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FILE",
        help="put the curves into the JSON of an earlier run, in place of those it had",
    )
    asked = parser.parse_args(words)
    if unknown := set(asked.curves or ()) - set(CURVES):
        parser.error(f"no such curve: {', '.join(sorted(unknown))}")
    if unknown := set(asked.parts) - {*TABLE, *ALONE}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return asked


def machine() -> dict[str, Any]:
    """Return when and where this is."""
    try:
        text = Path("/proc/cpuinfo").read_text()
        model = text.partition("model name")[2].partition(":")[2].partition("\n")[0].strip()
    except OSError:
        model = ""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip() or None,
        "cores": os.cpu_count(),
        "processor": model or platform.machine(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 2),
    }


def main(words: list[str]) -> int:
    """Measure what is asked for; return 0, whatever has been reached."""
    asked = _parsed(words)
    parts = asked.parts or TABLE
    where = machine()
    if not asked.json:
        told = (f"{name} {value}" for name, value in where.items() if value is not None)
        print(textwrap.fill(", ".join(told), 80))
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory(prefix="linksms-benchmarks-") as temporary:
        kept = asked.keep or Path(temporary) / "kept"
        rivals = Rivals(kept / "rivals", installs=not asked.no_install)
        modules = {part: import_module(f"tests.benchmarks.parts.{part}") for part in parts}
        rivals.install(name for module in modules.values() for name in module.RIVALS)
        for part, module in modules.items():
            print(f"measuring {part}", file=sys.stderr)
            folder = Path(temporary) / part
            folder.mkdir()
            rounds = asked.rounds or module.ROUNDS
            run = Run(
                scale=asked.scale,
                rounds=rounds,
                folder=folder,
                kept=kept,
                rivals=rivals,
                only=asked.curves,
            )
            results[part] = module.measure(run)
            if not asked.json:
                print("\n".join(["", *results[part].lines()]), flush=True)
    records = {part: result.record() for part, result in results.items()}
    report = {"machine": where, "scale": asked.scale, "parts": records}
    if asked.json:
        print(json.dumps(report))
    if asked.into:
        earlier = json.loads(asked.into.read_text("utf-8")) if asked.into.exists() else {}
        asked.into.write_text(json.dumps(_joined(earlier, report), indent=1) + "\n", "utf-8")
    return 0


def _joined(earlier: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """Return a report with the curves of an earlier one that it does not have itself."""
    parts = {**earlier.get("parts", {}), **report["parts"]}
    for name, part in parts.items():
        known = {curve["title"]: curve for curve in part["curves"]}
        older = earlier.get("parts", {}).get(name, {"curves": []})
        both = {curve["title"]: curve for curve in older["curves"]} | known
        parts[name] = {**part, "curves": list(both.values())}
    return {**report, "parts": parts}


if __name__ == "__main__":
    # Whatever was started ends with the run, however that does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
