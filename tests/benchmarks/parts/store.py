"""How long it takes to ask a large store, and how SQLite goes about it."""

import io
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import ExitStack, closing, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from unittest import mock

from linksms_cli import app
from linksms_cli.adapters.store.sql import indexing
from linksms_cli.adapters.store.sqlite import database
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.stores import NUMBER, PACE, fill_messages, id_of
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run, milliseconds, seconds, take_turns

RIVALS = ()
ROUNDS = 5

_MESSAGES = 10_000_000
# A copy of more than that is not made, to be forgotten in part.
_COPIED = 2_000_000
_INDEXED = 50_000
_WIDTH = 76


def measure(run: Run) -> Result:
    """Ask, as a process of its own each time; then bring up to date and forget, in a copy."""
    count = run.scaled(_MESSAGES)
    folder = run.kept / f"{count}-messages"
    if not folder.exists():
        fill_messages(folder, count)
    size = sum(path.stat().st_size for path in folder.iterdir())
    questions = _questions(count)
    environment = ENVIRONMENT | {"LINKSMS_STATE": str(folder)}
    taken = take_turns(
        {name: lambda words=words: _asked(words, environment) for name, words in questions.items()}
        | {"a TAB for ids": lambda: seconds(LINKSMS, environment | {"_LINKSMS_TAB": "messages"})},
        run.rounds,
    )
    figures = milliseconds(taken)
    if count <= _COPIED:
        copy = Path(shutil.copytree(folder, run.folder / "copy"))
        figures += [_indexed(copy, count), *_forgotten(copy, count)]
    return Result(
        title=f"store: {count:,} messages, {size / 1e9:.2f} GB, {run.rounds} turns each",
        figures=figures,
        notes=[
            line
            for words in questions.values()
            if words[0] == "status"
            for line in _plans(folder, words)
        ],
    )


def _questions(count: int) -> dict[str, tuple[str, ...]]:
    return {
        "nothing (--version)": ("--version",),
        "the list": ("status",),
        "the list as JSON": ("status", "--json"),
        "one id": ("status", id_of(1, count)),
        "a number since yesterday": ("status", "--to", NUMBER, "--since", "yesterday"),
        "a number": ("status", "--to", NUMBER),
        "its last digits": ("status", "--to", "*1234"),
        "its beginning": ("status", "--to", "+9995550"),
        "failed": ("status", "--outcome", "failed"),
        "failed at an operator": ("status", "--outcome", "failed", "--operator", "dk.tdc"),
        "overdue": ("status", "--outcome", "overdue"),
        "a key": ("status", "--key", "key-15"),
        "codes of a day": ("status", "--count-by", "code", "--since", "1d"),
        "outcomes of all": ("status", "--count-by", "outcome"),
        "codes of all": ("status", "--count-by", "code"),
        "operators of all": ("status", "--count-by", "operator"),
        "days of all": ("status", "--count-by", "day"),
        "outcomes of 30 days": ("status", "--count-by", "outcome", "--since", "30d"),
        "outcomes by operator": ("status", "--count-by", "outcome", "--count-by", "operator"),
        "listen --replay, of an hour": ("listen", "--replay", "--since", "1h"),
    }


def _asked(words: tuple[str, ...], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run([*LINKSMS, *words], env=environment, capture_output=True, check=False)
    return time.perf_counter() - began


def _plans(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Return how SQLite goes about each query of a command."""
    seen: list[str] = []
    connect = database.connect

    def traced(folder: Path, **options: bool) -> sqlite3.Connection:
        connection = connect(folder, **options)
        connection.set_trace_callback(seen.append)
        return connection

    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, {"LINKSMS_STATE": str(folder)}))
        stack.enter_context(mock.patch.object(database, "connect", traced))
        for redirect in (redirect_stdout, redirect_stderr):
            stack.enter_context(redirect(io.StringIO()))
        app.main(words)
    queries = [query for query in dict.fromkeys(seen) if "FROM message" in query][:3]
    lines = [f"linksms {' '.join(words)}"] if queries else []
    with closing(connect(folder, read_only=True)) as store:
        for query in queries:
            lines.append(f"  {' '.join(query.split())}"[:_WIDTH])
            steps = store.execute(f"EXPLAIN QUERY PLAN {query}")
            lines += [f"    {step[3]}"[:_WIDTH] for step in steps]
    return lines


def _indexed(folder: Path, count: int) -> Figure:
    """Make the rows that are searched anew, as for an older store, for part of it."""
    part = min(count // 4, _INDEXED)
    with closing(database.connect(folder)) as store:
        store.execute("UPDATE indexed SET callback = callback - ?", (part,))
    began = time.perf_counter()
    indexing.catch_up(partial(database.connect, folder))
    rate = part / (time.perf_counter() - began)
    return Figure(name="reports indexed, with pauses", samples=[rate], unit="/s")


def _forgotten(folder: Path, count: int) -> list[Figure]:
    """Forget half of a copy, and see how long a writer has to wait meanwhile."""
    waits: list[float] = []
    done = threading.Event()

    def write() -> None:
        with closing(database.connect(folder)) as store:
            while not done.is_set():
                began = time.perf_counter()
                with store.transaction():
                    store.execute("INSERT INTO stale VALUES (?)", (str(began),))
                waits.append(time.perf_counter() - began)
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    command = [*LINKSMS, "status", "--forget-before", f"{count * PACE // 2}s", "--yes"]
    took = seconds(command, ENVIRONMENT | {"LINKSMS_STATE": str(folder)})
    done.set()
    writer.join()
    return [
        Figure(name="half of it forgotten", samples=[took], unit="s"),
        Figure(name="a writer waited, at most", samples=[1000 * max(waits)], unit="ms"),
    ]
