"""A hundred `kill -9` during `linksms send --once`, counted at the gateway.

Whatever the instant: no key is ever sent twice. A key killed before its intent was stored is sent
by the next run, a stored outcome is returned, and only what lies between is unknown. With a store
on a server there are fewer, for time; as many with `LINKSMS_KILLS=100`.
"""

import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import Finished, Linksms, account, on_every_store
from tests.loopback import Recorder, http, silence
from tests.stored import is_on_server, kept_from_writing, query

KILLS, ON_A_SERVER = (int(os.environ.get("LINKSMS_KILLS", kills)) for kills in ("100", "8"))
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
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words(key)],
            env=environment,
            stdout=said,
            stderr=said,
        )
        ended = False
        while not reached(gateway, environment, key, aim.after, process):
            said.seek(0)
            assert not ended, f"{key} ended before {aim}: {said.read().decode()}"
            ended = process.poll() is not None
            time.sleep(0.001)
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
        # To write is all that it still has to wait for.
        return has_opened(environment["LINKSMS_STATE"], process.pid)
    if stage == "request":
        return key in gateway.sent()
    if stage == "answer":
        return gateway.answered[key] > 0
    return stretch(environment, key) == "after the outcome"


def has_opened(state: str, process: int) -> bool:
    """Return whether a process has the log of a store open, or a connection to its server."""
    with suppress(OSError):
        held = {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir()}
        if not is_on_server(state):
            return any(name.endswith("linksms.db-wal") for name in held)
        port = f":{urlsplit(state).port:04X}"
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        sockets = {line.split()[9] for line in lines if line.split()[2].endswith(port)}
        return any(f"socket:[{inode}]" in held for inode in sockets)
    return False


def stretch(environment: dict[str, str], key: str) -> str:
    """Say where a kill fell, by what the store holds."""
    rows = query(
        environment["LINKSMS_STATE"],
        "SELECT outcome FROM submission JOIN once_key ON once_key.id = submission.once_key "
        "WHERE key = ?",
        key,
    )
    if not rows:
        return "before the intent"
    return "after the outcome" if rows[0][0] else "between"


@on_every_store
@pytest.mark.timeout(600)
def test_no_key_is_ever_sent_twice(
    linksms: Linksms, environment: dict[str, str], state: str
) -> None:
    kills = ON_A_SERVER if is_on_server(state) else KILLS
    chance = random.Random(7)  # noqa: S311 - kills need no secrecy
    aims = [
        Aim(after=after, seconds=chance.uniform(0, most))
        for after, most in STAGES.items()
        for _ in range(-(-kills // len(STAGES)))
    ]
    keyed = {f"key-{number}": aim for number, aim in enumerate(aims)}
    with Counting({key for key, aim in keyed.items() if aim.after == "request"}) as gateway:
        sending = account(gateway.url)
        env = environment | sending
        linksms("send", "-t", "+99955501234", "-f", "LINK", "warm up", env=sending)
        with ThreadPoolExecutor(2) as pool:

            def kill_all(chosen: Iterable[str]) -> None:
                list(pool.map(lambda key: kill(gateway, env, key, keyed[key]), chosen))

            with kept_from_writing(env["LINKSMS_STATE"]):
                kill_all(key for key, aim in keyed.items() if aim.after == "opened")
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
    assert len(keyed) >= kills
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
