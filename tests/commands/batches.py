"""What the tests of a batch share: its command line, and what came of its rows."""

from pathlib import Path
from typing import Any

from tests.conftest import Finished

Rows = list[dict[str, Any]]


def numbers(count: int) -> list[str]:
    return [f"+99955{number:07}" for number in range(count)]


def write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def batch(file: str, *words: str) -> tuple[str, ...]:
    return ("send", "--batch", file, "-f", "LINK", *words)


def rows_of(done: Finished) -> Rows:
    return [record for record in done.records if "row" in record]


def summary_of(done: Finished) -> dict[str, Any]:
    record = done.records[-1]
    assert record["event"] == "summary"
    counted = ("accepted", "delivered", "failed", "pending", "rejected", "not_sent", "unknown")
    assert sum(record[name] for name in (*counted, "refused", "skipped")) == record["rows"]
    assert record["rows"] == len(rows_of(done))
    return record


def outcomes(done: Finished) -> dict[object, object]:
    return {record["row"]: record["outcome"] for record in rows_of(done)}
