"""Have everything work for long under faults, kill each in turn, and compare the books.

    python tests/soak                                   half an hour
    python tests/soak --minutes 5 --store postgres      on a PostgreSQL server of its own

A sandbox, batches, `linksms listen` with a target that it forwards to, and one store, all on this
machine. The ways between them delay, cut and double. Every few seconds one party is killed with
SIGKILL and comes back. Printed is what was counted, and each difference; then the exit code is 1,
and the folder with all books is kept.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[0] = str(REPOSITORY)  # this folder's own files are not modules by themselves

from tests.postgres import running_server  # noqa: E402 - only now can it be found
from tests.soak.comparing import differences  # noqa: E402
from tests.soak.counting import counts, lines  # noqa: E402
from tests.soak.soaking import Soak, planned  # noqa: E402


def main() -> int:
    """Read the command line, soak, and tell; return 1 if there is a difference."""
    parser = argparse.ArgumentParser(
        prog="python tests/soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=30, help="(30)")
    parser.add_argument("--gap", type=float, default=4, help="seconds between two kills (4)")
    parser.add_argument("--rate", type=float, default=20, help="messages a second (20)")
    parser.add_argument("--rows", type=int, default=600, help="of a batch (600)")
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance (1)")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    plan = planned(
        60 * asked.minutes, gap=asked.gap, rows=asked.rows, rate=asked.rate, seed=asked.seed
    )
    folder = Path(tempfile.mkdtemp(prefix="linksms-soak-"))
    with _state(asked.store, folder) as state, Soak(plan, folder, state) as soak:
        books = soak.run()
    wrong = differences(books)
    record = {"store": asked.store, "seconds": plan.seconds, "seed": plan.seed} | {
        "kills": soak.kills,
        **counts(books),
        "differences": wrong,
    }
    print(json.dumps(record) if asked.json else "\n".join(lines(record)))
    if wrong:
        ways = {"submitted": books.submitted, "posted": books.posted}
        (folder / "ways.json").write_text(json.dumps(ways))
        print(f"the books are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


@contextmanager
def _state(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield str(folder / "state")
        return
    with running_server() as server:
        yield server.database()


if __name__ == "__main__":
    # Whatever was started ends with the run, however that does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
