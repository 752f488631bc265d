"""Batches, one after the other, each given again and again until every row has its outcome."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from tests.soak.books import CONCURRENCY, BatchRun, Records, lines_of
from tests.stored import query

# The digit behind +9995 says what the gateway is told to do: see `FAULTS`.
FAULTS: dict[str, dict[str, object]] = {
    "1": {"behaviour": "late"},
    "2": {"behaviour": "duplicated"},
    "3": {"behaviour": "out_of_order"},
    "4": {"behaviour": "last_fails"},
    "5": {"answer": {"code": 2104}},
    "6": {"behaviour": "invalid_json"},
    "7": {"answer": {"code": 3}, "times": 2},
    "8": {"status": 429, "times": 1},
}
_LINKSMS = (sys.executable, "-m", "linksms_cli")
_KINDS = "0" * 16 + "".join(FAULTS)
_WITHOUT_OUTCOME = "SELECT destination FROM submission WHERE outcome IS NULL"


class Sending(threading.Thread):
    """Sends batches of so many rows until it is told to stop; then it finishes the last."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        rows: int,
        rate: float,
        chance: random.Random,
    ) -> None:
        super().__init__(name="sending")
        self._folder = folder
        self._environment = environment
        self._size = rows
        self._rate = rate
        self._chance = chance
        self._enough = threading.Event()
        self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._files: list[tuple[int, int, Path]] = []
        self.said = folder / "batch.stderr"
        self.rows: list[list[str]] = []
        self.out: list[frozenset[str]] = []
        self.complaints: list[str] = []

    @property
    def kills(self) -> int:
        return sum(code < 0 for _, code, _ in self._files)

    def run(self) -> None:
        """Send batches."""
        try:
            while not self._enough.is_set():
                file = self._write()
                while not (self._finish(file) or self._is_closed):
                    time.sleep(0.1)
        except Exception as failure:  # noqa: BLE001 - it is told with the books
            self.complaints.append(f"sending failed: {type(failure).__name__}: {failure}")

    def stop(self) -> None:
        """Begin no further batch."""
        self._enough.set()

    def kill(self) -> None:
        """End what is running, in the middle of whatever it does."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """Stop at once, if it has not ended yet."""
        self._is_closed = True
        self.stop()
        self.kill()
        if self.is_alive():
            self.join()

    def runs(self) -> list[BatchRun]:
        """Return the book of all runs."""
        return [
            BatchRun(batch=batch, code=code, records=lines_of(file))
            for batch, code, file in self._files
        ]

    def statuses(self) -> list[Records]:
        """Return what `status` says of each batch."""
        numbers: dict[int, int] = {}
        for run in self.runs():
            if run.summary:
                numbers[run.batch] = run.summary["batch"]
        return [
            self._status(numbers[batch]) if batch in numbers else []
            for batch in range(len(self.rows))
        ]

    def _write(self) -> Path:
        """Write the next file; nobody stands in two."""
        number = len(self.rows)
        first = sum(map(len, self.rows))
        rows = [
            f"+9995{self._chance.choice(_KINDS)}{first + place:07}" for place in range(self._size)
        ]
        file = self._folder / f"batch-{number}.csv"
        lines = [f"{to},{self._text(to)}" for to in rows]
        file.write_text("\n".join(["to,text", *lines, ""]))
        self.rows.append(rows)
        return file

    def _text(self, to: str) -> str:
        length = self._chance.choice([20] * 6 + [200, 400])
        return f"Soak {to} ".ljust(length, "x")

    def _finish(self, file: Path) -> bool:
        """Run a batch once; return whether it is finished."""
        printed = self._folder / f"run-{len(self._files)}.jsonl"
        words = ["--concurrency", str(CONCURRENCY), "--rate", str(self._rate), "--timeout", "20"]
        with printed.open("wb") as stdout, self.said.open("ab") as stderr:
            self._process = subprocess.Popen(
                [*_LINKSMS, "send", "--batch", str(file), "-f", "LINK", "--json", *words],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=self._environment,
            )
            code = self._process.wait()
        self._files.append((len(self.rows) - 1, code, printed))
        run = BatchRun(batch=len(self.rows) - 1, code=code, records=lines_of(printed))
        if run.is_killed:
            known = frozenset[str]().union(*self.out)
            found = query(self._environment["LINKSMS_STATE"], _WITHOUT_OUTCOME)
            self.out.append(frozenset(to for (to,) in found) - known)
        return code == 10 or bool(run.summary and run.summary["finished"])

    def _status(self, batch: int) -> Records:
        done = subprocess.run(
            [*_LINKSMS, "status", "--batch", str(batch), "--limit", "0", "--json"],
            capture_output=True,
            check=True,
            env=self._environment,
        )
        file = self._folder / f"status-{batch}.jsonl"
        file.write_bytes(done.stdout)
        return lines_of(file)
