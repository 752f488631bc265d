"""What a store on a PostgreSQL server costs, beside one in a folder, and other clients."""

import itertools
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from linksms_cli.adapters.store import find_store
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.parts.waiting import delay
from tests.benchmarks.receivers import Server, listen
from tests.benchmarks.turns import (
    ENVIRONMENT,
    LINKSMS,
    Run,
    compared,
    milliseconds,
    seconds,
    take_turns,
)
from tests.postgres import PostgresServer, programs, serving

if TYPE_CHECKING:
    from collections.abc import Callable

RIVALS = ("wrk", "asyncpg", "pg8000")
ROUNDS = 10

_SECONDS, _CONNECTIONS = 3, 128
_WAITERS = 50
_CLIENTS = {
    "psycopg": "import psycopg; psycopg.connect(url).execute('SELECT 1').fetchone()",
    "asyncpg": """
import asyncio, asyncpg
async def ask():
    link = await asyncpg.connect(url)
    await link.fetchrow('SELECT 1')
    await link.close()
asyncio.run(ask())
""",
    "pg8000": """
import urllib.parse, pg8000.native
at = urllib.parse.urlsplit(url)
pg8000.native.Connection(at.username, at.hostname, at.path[1:], at.port).run('SELECT 1')
""",
}


def measure(run: Run) -> Result:
    """Start a server whose commits are on disk, and use it."""
    installed = programs()
    title = f"server: a store in PostgreSQL on loopback, {run.rounds} turns"
    missing = run.rivals.told(*RIVALS)
    if installed is None:
        return Result(title=title, figures=[], missing=[*missing, "PostgreSQL (apt-get install)"])
    with serving(installed) as server:
        server.stop()
        server.start(fsync="on")
        figures = [*_clients(run, server), *_sends(run, server)]
        if run.rivals.has("wrk"):
            figures += _received(run, server)
        figures += _waits(run, server)
    return Result(title=title, figures=figures, missing=missing)


def _clients(run: Run, server: PostgresServer) -> list[Figure]:
    """Have each client ask one thing, the process included."""
    url = server.database()
    alone = partial(_python, sys.executable, "")
    contenders: dict[str, Callable[[], float]] = {"python alone": alone}
    for name, text in _CLIENTS.items():
        python = sys.executable if name == "psycopg" else run.rivals.python
        if run.rivals.has(name):
            contenders[f"SELECT 1 by {name}"] = partial(_python, python, f"url={url!r}\n{text}")
    return milliseconds(take_turns(contenders, run.rounds))


def _python(python: str, text: str) -> float:
    return seconds([python, "-c", text])


def _sends(run: Run, server: PostgresServer) -> list[Figure]:
    with running_gateway() as port:
        there = ENVIRONMENT | account_at(port) | {"LINKSMS_STATE": server.database()}
        here = there | {"LINKSMS_STATE": str(run.folder / "state")}
        send = [*LINKSMS, "send", "-t", "+99955501234", "-f", "LINK", "Hej"]
        keys = itertools.count()

        def once(environment: dict[str, str]) -> float:
            return seconds([*send, "--once", f"key-{next(keys)}"], environment)

        taken = take_turns(
            {
                "send, a folder": partial(seconds, send, here),
                "send, a server": partial(seconds, send, there),
                "send --once, a folder": partial(once, here),
                "send --once, a server": partial(once, there),
            },
            run.rounds,
        )
    return [
        *milliseconds(taken),
        compared(taken, "send, a server", "send, a folder", most=2),
        compared(taken, "send --once, a server", "send --once, a folder", most=2),
    ]


def _received(run: Run, server: PostgresServer) -> list[Figure]:
    loads = []
    for number in range(min(run.rounds, 3)):
        folder = run.folder / f"listen-{number}"
        folder.mkdir()
        with Server(start=listen, folder=folder, state=server.database()) as receiver:
            loads.append(receiver.post("JSON", _CONNECTIONS, _SECONDS))
    name = f"listen, {_CONNECTIONS} connections"
    waits = [1e3 * load.p99 for load in loads]
    return [
        Figure(name=name, samples=[load.rate for load in loads], unit="/s", least=5000),
        Figure(name="  99 of 100 within", samples=waits, unit="ms"),
    ]


def _waits(run: Run, server: PostgresServer) -> list[Figure]:
    """Let many wait for nothing, and one for a report."""
    environment = ENVIRONMENT | {"LINKSMS_STATE": server.database()}
    inbox = find_store(environment).inbox()
    with ExitStack() as ends:
        waiters = [_waiter(environment, number, ends) for number in range(run.scaled(_WAITERS))]
        time.sleep(2)
        before = _processor(waiters), _processor(server.processes())
        time.sleep(_SECONDS)
        after = _processor(waiters), _processor(server.processes())
    shares = [100 * (late - early) / _SECONDS for early, late in zip(before, after, strict=True)]
    delays = [delay(environment, inbox, number) for number in range(run.rounds)]
    inbox.close()
    many = f"{len(waiters)} waiting"
    return [
        Figure(name=f"{many}: share of a core", samples=shares[:1], unit="%"),
        Figure(name=f"{many}: the server's share", samples=shares[1:], unit="%"),
        Figure(name="waiting: from a commit to its line", samples=delays, unit="ms", most=200),
    ]


def _waiter(environment: dict[str, str], number: int, ends: ExitStack) -> int:
    """Start to wait, and return the process once it has begun."""
    process = subprocess.Popen(
        [*LINKSMS, "status", f"nosuch-{number}", "--wait", "10m"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    ends.callback(process.wait)
    ends.callback(process.kill)
    assert process.stderr
    ends.callback(process.stderr.close)
    process.stderr.readline()  # nothing receives
    return process.pid


def _processor(processes: Iterable[int]) -> float:
    """Return the seconds of processor time that processes have used."""
    schedules = [Path(f"/proc/{process}/schedstat") for process in processes]
    return sum(int(file.read_text().split()[0]) for file in schedules if file.exists()) / 1e9
