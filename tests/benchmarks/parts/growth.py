"""How time and memory grow: with what is stored, sent, received and set up."""

import asyncio
import shlex
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from linksms_cli.adapters.store import store_in
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback
from tests.benchmarks.figures import Curve, Result
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.receivers import GROWING, RANDOM, Server, listen
from tests.benchmarks.stores import fill_messages, fill_reports, id_of
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run, cost, seconds, take_turns

RIVALS = ("wrk",)
ROUNDS = 3

_MOST_STORED, _MOST_ROWS, _MOST_RECEIVED = 10_000_000, 1_000_000, 200_000
_MOST_OF_ONE, _MOST_PROFILES = 100_000, 1_000
_AT_ONCE = 128
_IDS = {"growing ids": GROWING, "random ids": RANDOM}
# A batch of more is only planned: it would be under way for minutes.
_MOST_SENT = 10_000


def measure(run: Run) -> Result:
    """Measure each curve at a few sizes, from small to as large as the run's scale says."""
    curves = [
        curve
        for name, measured in CURVES.items()
        if (run.only is None or name in run.only) and (name not in _LOADED or run.rivals.has("wrk"))
        for curve in measured(run)
    ]
    return Result(
        title=f"growth: medians of {run.rounds} rounds",
        figures=[],
        curves=curves,
        missing=run.rivals.told(*RIVALS),
    )


def _sizes(most: int, count: int) -> list[int]:
    """Return so many sizes, each ten times the one before, up to the largest."""
    return [size for size in (most // 10**step for step in reversed(range(count))) if size]


def _medians(taken: dict[str, list[float]], factor: float) -> dict[str, float]:
    return {name: factor * sorted(all_)[len(all_) // 2] for name, all_ in taken.items()}


def _questions(run: Run) -> Iterator[Curve]:
    """Yield what it takes to ask a store of messages: a process from its start to its end."""
    sizes = _sizes(run.scaled(_MOST_STORED), 5)
    points: list[dict[str, float]] = []
    for count in sizes:
        folder = run.kept / f"{count}-messages"
        if not folder.exists():
            fill_messages(folder, count)
        environment = ENVIRONMENT | {"LINKSMS_STATE": str(folder)}
        tab = environment | {"_LINKSMS_TAB": "messages"}
        one = [*LINKSMS, "status", id_of(1, count), "--json"]
        asked = {
            "a TAB for ids": partial(seconds, LINKSMS, tab),
            "the latest": partial(seconds, [*LINKSMS, "status"], environment),
            # Its exit code tells what became of the message.
            "one id": partial(seconds, ["sh", "-c", f"{shlex.join(one)}; true"], environment),
        }
        points.append(_medians(take_turns(asked, run.rounds), 1000))
    yield Curve.of("Ask a store", "messages stored", "ms", sizes, points)


def _intake(run: Run) -> Iterator[Curve]:
    """Yield what a report costs a receiver whose store has so many others already."""
    sizes = _sizes(run.scaled(_MOST_STORED), 5)
    points: list[dict[str, float]] = []
    for count in sizes:
        full = run.kept / f"{count}-reports"
        if not full.exists():
            fill_reports(full, count)
        taken: dict[str, list[float]] = {name: [] for name in _IDS}
        for _ in range(run.rounds):
            for name, ids in _IDS.items():
                with (
                    tempfile.TemporaryDirectory() as folder,
                    Server(start=listen, folder=Path(folder), state=full) as server,
                ):
                    taken[name].append(server.post("JSON", _AT_ONCE, 2, ids).cost)
        points.append(_medians(taken, 1e6))
    yield Curve.of("Take in a report", "reports stored", "µs of processor", sizes, points)


def _received(run: Run) -> Iterator[Curve]:
    """Yield what a receiver holds in memory after so many reports."""
    sizes = _sizes(run.scaled(_MOST_RECEIVED), 4)
    points: list[dict[str, float]] = []
    received = 0
    with Server(start=listen, folder=run.folder) as server:
        for size in sizes:
            while received < size:
                missing = size - received
                received += server.post("JSON", _AT_ONCE, min(missing / 10_000, 10)).reports
            points.append({"listen": server.memory()})
    yield Curve.of("Memory of a receiver", "reports received", "MiB", sizes, points)


def _batches(run: Run) -> Iterator[Curve]:
    """Yield the time and the memory of a batch with so many rows, sent and only planned."""
    sizes = _sizes(run.scaled(_MOST_ROWS), 4)
    times: list[dict[str, float | None]] = []
    memories: list[dict[str, float | None]] = []
    with running_gateway() as port:
        for size in sizes:
            file = run.folder / f"{size}.txt"
            with file.open("w") as lines:
                lines.writelines(f"+99955{number:08}\n" for number in range(size))
            state = run.folder / f"state-{size}"
            environment = ENVIRONMENT | account_at(port) | {"LINKSMS_STATE": str(state)}
            batch = [*LINKSMS, "send", "--batch", str(file), "-f", "LINK", "--json", "Hej"]
            planned = cost([*batch, "--dry-run"], environment)
            sent = cost(batch, environment) if size <= _MOST_SENT else None
            times.append({"planned": planned.seconds, "sent": sent.seconds if sent else None})
            memories.append({"planned": planned.memory, "sent": sent.memory if sent else None})
    yield Curve.of("Send a batch", "rows", "s", sizes, times)
    yield Curve.of("Memory of a batch", "rows", "MiB", sizes, memories)


def _one_message(run: Run) -> Iterator[Curve]:
    """Yield what one more report of a message costs that has had so many."""
    sizes = _sizes(run.scaled(_MOST_OF_ONE), 5)
    points: list[dict[str, float]] = []
    stored = 0
    with closing(store_in(run.folder / "one").inbox()) as inbox:
        for size in sizes:
            while stored < size:
                asyncio.run(inbox.store(_reports(stored, min(512, size - stored))))
                stored += min(512, size - stored)
            taken: list[float] = []
            for _ in range(run.rounds * 5):
                batch = _reports(stored, _AT_ONCE)
                began = time.process_time()
                asyncio.run(inbox.store(batch))
                taken.append((time.process_time() - began) / _AT_ONCE)
                stored += _AT_ONCE
            points.append(_medians({"stored": taken}, 1e6))
    yield Curve.of("One more report of a message", "reports it has had", "µs", sizes, points)


def _reports(first: int, count: int) -> list[Callback]:
    return [
        Callback(
            received_at="2026-01-01T00:00:00.000Z",
            remote="",
            method="POST",
            query="",
            headers=(),
            body=body,
            contents=read_callback(body=body, query="", content_type=None),
        )
        for body in (
            b'{"id":"one","resultCode":1000,"operatorResultCode":"%d"}' % number
            for number in range(first, first + count)
        )
    ]


def _profiles(run: Run) -> Iterator[Curve]:
    """Yield what a command takes whose file has so many profiles."""
    sizes = _sizes(run.scaled(_MOST_PROFILES), 4)
    points: list[dict[str, float]] = []
    with running_gateway() as port:
        url = account_at(port)["LINKSMS_BASE_URL"]
        for size in sizes:
            file = run.folder / f"{size}.toml"
            file.write_text(_profile_file(url, size))
            file.chmod(0o600)
            environment = ENVIRONMENT | {
                "LINKSMS_CONFIG": str(file),
                "LINKSMS_STATE": str(run.folder / "sent"),
            }
            send = [*LINKSMS, "send", "-p", "p0", "-t", "+99955501234", "-f", "LINK", "Hej"]
            listed = [*LINKSMS, "config", "list"]
            asked = {
                "send": partial(seconds, send, environment),
                "config list": partial(seconds, listed, environment),
            }
            points.append(_medians(take_turns(asked, run.rounds), 1000))
    yield Curve.of("Choose an account", "profiles", "ms", sizes, points)


def _profile_file(url: str, count: int) -> str:
    return "".join(
        f'[profiles.p{number}]\nbase_url = "{url}"\nservice_id = {number + 1}\n'
        f'username = "u"\npassword = "p"\n'
        for number in range(count)
    )


# Each by its name; a run may be of some alone.
CURVES: dict[str, Callable[[Run], Iterator[Curve]]] = {
    "stored": _questions,
    "intake": _intake,
    "received": _received,
    "rows": _batches,
    "reports": _one_message,
    "profiles": _profiles,
}
_LOADED = {"intake", "received"}
