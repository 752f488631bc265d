"""How long it takes to ask a large store, and how SQLite goes about it."""

import io
import os
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from unittest import mock

from linksms_cli import app
from linksms_cli.adapters.store.sql import indexing
from linksms_cli.adapters.store.sqlite import database
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.stores import NUMBER, PACE, fill_messages, id_of
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run, milliseconds, seconds, take_turns

RIVALS = ()
ROUNDS = 5

_MESSAGES = 10_000_000
# A copy of more than that is not made, to be forgotten in part.
_COPIED = 2_000_000
_INDEXED = 50_000
_SEND = [*LINKSMS, "send", "-t", "+99955501234", "-f", "LINK", "Hej"]
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
        figures += _changed(run, folder, count)
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


def _changed(run: Run, folder: Path, count: int) -> Iterator[Figure]:
    """Yield what it takes to change much of a store; each time it is a copy."""
    with _copy(run, folder) as copy:
        yield _indexed(copy, count)
        yield from _forgotten(copy, "half of it forgotten", f"{count * PACE // 2}s")
    for share in (10, 1):
        part = run.kept / f"{count // share}-messages"
        if not part.exists():
            fill_messages(part, count // share)
        with _copy(run, part) as copy:
            name = f"{count // share:,} forgotten, all keyed"
            yield from _forgotten(_all_keyed(copy), name, "60s")


@contextmanager
def _copy(run: Run, folder: Path) -> Iterator[Path]:
    copy = Path(shutil.copytree(folder, run.folder / "copy"))
    yield copy
    shutil.rmtree(copy)


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


def _forgotten(folder: Path, name: str, before: str) -> list[Figure]:
    """Forget what is older, and see how long a writer and those who send wait meanwhile."""
    waits: list[float] = []
    sends: list[float] = []
    done = threading.Event()

    def write() -> None:
        with closing(database.connect(folder)) as store:
            while not (waits and done.is_set()):
                began = time.perf_counter()
                with store.transaction():
                    store.execute("INSERT INTO stale VALUES (?)", (str(began),))
                waits.append(time.perf_counter() - began)
                time.sleep(0.02)

    def send() -> None:
        with running_gateway() as port:
            environment = ENVIRONMENT | account_at(port) | {"LINKSMS_STATE": str(folder)}
            while not (sends and done.is_set()):
                sends.append(seconds(_SEND, environment))

    beside = [threading.Thread(target=work) for work in (write, send)]
    for thread in beside:
        thread.start()
    command = [*LINKSMS, "status", "--forget-before", before, "--yes"]
    took = seconds(command, ENVIRONMENT | {"LINKSMS_STATE": str(folder)})
    done.set()
    for thread in beside:
        thread.join()
    return [
        Figure(name=name, samples=[took], unit="s"),
        Figure(name="  a writer waited, at most", samples=[1000 * max(waits)], unit="ms"),
        Figure(name="  send beside it", samples=[1000 * send for send in sends], unit="ms"),
        Figure(name="  send beside it, at most", samples=[1000 * max(sends)], unit="ms"),
    ]


def _all_keyed(folder: Path) -> Path:
    """Let every submission have gone out under a once-key, so that its row has to stay."""
    with closing(sqlite3.connect(folder / database.FILE)) as store:
        store.execute("PRAGMA synchronous = OFF")
        store.execute("UPDATE submission SET once_key = -id WHERE once_key IS NULL")
        store.commit()
    return folder
