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
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Finished, Linksms, account
from tests.loopback import Recorder, http, silence

KILLS = 100
# Enough kills in each stretch for the claim to mean something.
AT_LEAST = 10
# What a kill waits for, and the most seconds that it lets pass then. The last two settle what they
# fall on: a key whose request is waited for gets no answer, and an outcome is seen in the store.
STAGES = {"start": 0.2, "answer": 0.02, "request": 0.03, "outcome": 0.02}
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
    while not reached(gateway, environment, key, aim.after) and process.poll() is None:
        time.sleep(0.001)
    time.sleep(aim.seconds)
    process.kill()
    process.wait()


def reached(gateway: Counting, environment: dict[str, str], key: str, stage: str) -> bool:
    if stage == "request":
        return key in gateway.sent()
    if stage == "answer":
        return gateway.answered[key] > 0
    return stage == "start" or stretch(environment, key) == "after the outcome"


def stretch(environment: dict[str, str], key: str) -> str:
    """Say where a kill fell, by what the store holds."""
    path = Path(environment["LINKSMS_STATE"]) / "linksms.db"
    with closing(sqlite3.connect(path)) as store:
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
            list(pool.map(lambda item: kill(gateway, env, item[0], item[1]), keyed.items()))
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
    counts = Counter(fell.values())
    assert all(count >= AT_LEAST for count in counts.values()), counts
    assert len(counts) == 3
    for key, where in fell.items():
        expected = {
            "before the intent": (0, "accepted", f"id-{key}"),
            "between": (7, "skipped", None),
            "after the outcome": (0, "skipped", f"id-{key}"),
        }[where]
        assert told(again[key]) == expected, (key, where)


def told(done: Finished) -> tuple[int, str, str | None]:
    return done.code, done.record["outcome"], done.record["message_id"]
