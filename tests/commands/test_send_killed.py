"""A hundred `kill -9` during `linksms send --once`, counted at the gateway.

Whatever the instant: no key is ever sent twice. A key killed before its intent was stored is sent
by the next run, a stored outcome is returned, and only what lies between is unknown.
"""

import random
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Finished, Linksms, account, until
from tests.loopback import Recorder, http, silence

KILLS = 100
# What a kill waits for, and the most seconds that it lets pass then. All but one settle what they
# fall on: who has opened a store that is locked has stored no intent, a key whose request is waited
# for gets no answer, and an outcome is seen in the store.
STAGES = {"opened": 0.02, "answer": 0.02, "request": 0.03, "outcome": 0.02}
KEY = re.compile(r"Userdata=(key-\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """When to kill: so many seconds after a stage was reached."""

    after: str
    seconds: float


class Counting(Recorder):
    """Counts requests for each key, which is their text, and answers all but the silent ones."""

    def __init__(self, silent: set[str]) -> None:
        super().__init__()
        self.silent = silent
        self.answered: Counter[str] = Counter()

    def respond(self, connection: socket.socket, request: bytes) -> None:
        key = "".join(KEY.findall(request.decode("ascii")))
        if key in self.silent:
            silence(connection)
            return
        connection.sendall(http(f"1005;Queued;id-{key}".encode(), "200 OK", "Connection: close"))
        self.answered[key] += 1

    def sent(self) -> list[str]:
        return KEY.findall(" ".join(self.request_lines))


def words(key: str) -> list[str]:
    return ["send", "-t", "+99955501234", "-f", "LINK", "--once", key, key, "--json"]


def kill(gateway: Counting, environment: dict[str, str], key: str, aim: Aim) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "linksms_cli", *words(key)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: reached(gateway, environment, key, aim.after, process))
    time.sleep(aim.seconds)
    process.kill()
    process.wait()


def reached(
    gateway: Counting,
    environment: dict[str, str],
    key: str,
    stage: str,
    process: "subprocess.Popen[bytes]",
) -> bool:
    if stage == "opened":
        # A lock of the file is all that it can still take.
        with suppress(OSError):
            held = {file.readlink().name for file in Path(f"/proc/{process.pid}/fd").iterdir()}
            return any(name == "linksms.db-wal" for name in held)
        return False
    if stage == "request":
        return key in gateway.sent()
    if stage == "answer":
        return gateway.answered[key] > 0
    return stretch(environment, key) == "after the outcome"


def store_of(environment: dict[str, str]) -> Path:
    return Path(environment["LINKSMS_STATE"]) / "linksms.db"


def stretch(environment: dict[str, str], key: str) -> str:
    """Say where a kill fell, by what the store holds."""
    with closing(sqlite3.connect(store_of(environment))) as store:
        row = store.execute(
            "SELECT outcome FROM submission JOIN once_key ON once_key.id = submission.once_key "
            "WHERE key = ?",
            (key,),
        ).fetchone()
    if row is None:
        return "before the intent"
    return "after the outcome" if row[0] else "between"


@pytest.mark.timeout(240)
def test_no_key_is_ever_sent_twice(linksms: Linksms, environment: dict[str, str]) -> None:
    chance = random.Random(7)  # noqa: S311 - kills need no secrecy
    aims = [
        Aim(after=after, seconds=chance.uniform(0, most))
        for after, most in STAGES.items()
        for _ in range(KILLS // len(STAGES))
    ]
    keyed = {f"key-{number}": aim for number, aim in enumerate(aims)}
    with Counting({key for key, aim in keyed.items() if aim.after == "request"}) as gateway:
        sending = account(gateway.url)
        env = environment | sending
        linksms("send", "-t", "+99955501234", "-f", "LINK", "warm up", env=sending)
        with ThreadPoolExecutor(2) as pool:

            def kill_all(chosen: Iterable[str]) -> None:
                list(pool.map(lambda key: kill(gateway, env, key, keyed[key]), chosen))

            with closing(sqlite3.connect(store_of(env), isolation_level=None)) as holder:
                holder.execute("BEGIN IMMEDIATE")
                kill_all(key for key, aim in keyed.items() if aim.after == "opened")
                holder.execute("ROLLBACK")
            kill_all(key for key, aim in keyed.items() if aim.after != "opened")
        fell = {key: stretch(env, key) for key in keyed}
        with ThreadPoolExecutor(2) as pool:
            again = dict(
                zip(
                    keyed,
                    pool.map(lambda key: linksms(*words(key), env=sending), keyed),
                    strict=True,
                )
            )
        sent = Counter(gateway.sent())
    assert len(keyed) >= KILLS
    assert max(sent.values()) == 1
    settled = {"opened": "before the intent", "request": "between", "outcome": "after the outcome"}
    missed = {
        key: fell[key]
        for key, aim in keyed.items()
        if fell[key] != settled.get(aim.after, fell[key])
    }
    assert missed == {}
    for key, where in fell.items():
        expected = {
            "before the intent": (0, "accepted", f"id-{key}"),
            "between": (7, "skipped", None),
            "after the outcome": (0, "skipped", f"id-{key}"),
        }[where]
        assert told(again[key]) == expected, (key, where)


def told(done: Finished) -> tuple[int, str, str | None]:
    return done.code, done.record["outcome"], done.record["message_id"]
