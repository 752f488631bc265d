"""Look for octets that break the program, guided by the code that they reach.

    pip install atheris
    python tests/fuzz                          every door for a minute
    python tests/fuzz --seconds 600 pasted     one for ten minutes

Each door has a process of its own, and begins with its seeds and with what earlier runs found
worth keeping, in `.fuzz/NAME`. It ends at the first fault, and keeps its octets in
`.fuzz/NAME-crash-…`: `python tests/fuzz NAME --again FILE` gives those to the door again. The exit
code is 1 if a fault was found.
"""

import argparse
import contextlib
import importlib
import importlib.util
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".fuzz"


def main() -> int:
    """Read the command line, and run each door in a process of its own."""
    sys.path.insert(0, str(ROOT))
    parser = argparse.ArgumentParser(description="Fuzz the ways into linksms.")
    parser.add_argument("--seconds", type=int, default=60, help="for each door (60)")
    parser.add_argument("--again", type=Path, metavar="FILE", help="give one input to a door")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("doors", nargs="*", metavar="DOOR", help="all of them by default")
    asked = parser.parse_args()
    if asked.inside:
        return _fuzz(asked.doors[0], asked.seconds)

    from tests.fuzz.doors import DOORS

    unknown = set(asked.doors) - set(DOORS)
    if unknown or (asked.again and len(asked.doors) != 1):
        parser.error(f"name {'one' if asked.again else 'some'} of {', '.join(DOORS)}")
    if asked.again:
        return _again(asked.doors[0], asked.again.read_bytes())
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install atheris")
    faults = [name for name in asked.doors or DOORS if _run(name, asked.seconds)]
    for name in faults:
        print(f"a fault in {name}: see {KEPT / name}-*")
    return 1 if faults else 0


def _run(name: str, seconds: int) -> int:
    print(f"{name}: {seconds} s", flush=True)
    words = [sys.executable, __file__, "--inside", "--seconds", str(seconds), name]
    return subprocess.call(words, cwd=ROOT)


def _again(name: str, octets: bytes) -> int:
    from tests.fuzz import oracle
    from tests.fuzz.doors import DOORS

    with tempfile.TemporaryDirectory() as folder, DOORS[name].opened(Path(folder)) as enter:
        oracle.checked(enter, octets)
    print("no fault")
    return 0


def _fuzz(name: str, seconds: int) -> int:
    import atheris

    import linksms_cli

    with atheris.instrument_imports(include=["linksms_cli"]):
        from tests.fuzz import oracle
        from tests.fuzz.doors import DOORS

        # Those that a command would load later too: nothing guides through what is not seen.
        for module in pkgutil.walk_packages(linksms_cli.__path__, "linksms_cli."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    corpus = KEPT / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(DOORS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    with contextlib.ExitStack() as ends:
        folder = ends.enter_context(tempfile.TemporaryDirectory())
        enter = ends.enter_context(DOORS[name].opened(Path(folder)))
        options = (
            *(f"-max_total_time={seconds}", "-timeout=120", "-rss_limit_mb=4096", "-verbosity=1"),
            *(f"-artifact_prefix={corpus}-", "-max_len=70000", "-print_final_stats=1"),
        )
        atheris.Setup(
            [sys.argv[0], str(corpus), *options], lambda octets: oracle.checked(enter, octets)
        )
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
