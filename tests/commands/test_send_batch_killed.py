"""`kill -9` in the middle of a batch, again and again, and whatever else can end one.

The gateway counts for itself. Whatever the instant: nobody gets two messages, and whoever got none
stands among the unknown. The full form is `LINKSMS_KILLS=50 LINKSMS_KILLED_ROWS=5000`.
"""

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import account, until
from tests.counting import ACCEPTED, CUT_AFTER, CUT_BEFORE, CountingGateway

ROWS = int(os.environ.get("LINKSMS_KILLED_ROWS", "300"))
KILLS = int(os.environ.get("LINKSMS_KILLS", "6"))
CONCURRENCY = 8
LATENCY = 0.02

pytestmark = pytest.mark.timeout(60 + 8 * KILLS + ROWS // 10)


def numbers(count: int) -> list[str]:
    return [f"+99955{number:07}" for number in range(count)]


@dataclass(kw_only=True)
class Sending:
    """One batch, given again and again to the same store and gateway."""

    file: Path
    gateway: CountingGateway
    environment: dict[str, str]
    words: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        options = ("-f", "LINK", "--json", "--concurrency", str(CONCURRENCY), *self.words)
        words = ["send", "--batch", str(self.file), *options, "Closed tomorrow"]
        return [sys.executable, "-m", "linksms_cli", *words]

    @property
    def store(self) -> Path:
        return Path(self.environment["LINKSMS_STATE"]) / "linksms.db"

    def run(self) -> tuple[int, list[dict[str, Any]], str]:
        """Run it to its end; return its exit code, what it prints, and what it says."""
        done = subprocess.run(
            self.command, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, chance: random.Random) -> int:
        """Kill a run of it once some more messages have been taken; return how many had been."""
        before = self.gateway.taken.total()
        wanted = chance.randrange(1, max(2, 2 * ROWS // (3 * KILLS)))
        process = self.start()
        until(lambda: self.gateway.taken.total() >= before + wanted or process.poll() is not None)
        time.sleep(chance.uniform(0, LATENCY))
        process.kill()
        process.wait()
        return self.gateway.taken.total() - before

    def unknown(self) -> set[str]:
        """Return the numbers whose messages are known to be unknown to the store."""
        with closing(sqlite3.connect(self.store)) as store:
            found = store.execute(
                "SELECT destination FROM submission WHERE outcome IS NULL OR outcome = 'unknown'"
            )
            return {number for (number,) in found}

    def accepted(self) -> Counter[str]:
        with closing(sqlite3.connect(self.store)) as store:
            found = store.execute("SELECT destination FROM submission WHERE outcome = 'accepted'")
            return Counter(number for (number,) in found)

    def check(self) -> None:
        """Check what must hold after any end: the store agrees with what the gateway took."""
        taken, accepted, unknown = self.gateway.taken, self.accepted(), self.unknown()
        assert max(taken.values()) == 1, "somebody got two messages"
        assert set(accepted.values()) == {1}
        assert accepted.keys() <= taken.keys()
        assert taken.keys() <= accepted.keys() | unknown
        assert accepted.keys() | unknown == set(numbers(ROWS))
        assert accepted.keys().isdisjoint(unknown)


@contextmanager
def sending(
    tmp_path: Path,
    environment: dict[str, str],
    gateway: CountingGateway,
    *words: str,
    **more: str,
) -> Iterator[Sending]:
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers(ROWS)))
    with gateway:
        env = environment | account(gateway.url, **more)
        yield Sending(file=file, gateway=gateway, environment=env, words=words)


def kind_of(record: dict[str, Any]) -> object:
    return record["error"] and record["error"]["kind"]


def summary(records: list[dict[str, Any]]) -> dict[str, Any]:
    assert records[-1]["event"] == "summary"
    assert records[-1]["rows"] == len(records) - 1 == ROWS
    return records[-1]


def test_nobody_gets_two_whenever_it_is_killed(environment: dict[str, str], tmp_path: Path) -> None:
    chance = random.Random(ROWS)  # noqa: S311 - kills need no secrecy
    with sending(tmp_path, environment, CountingGateway(latency=LATENCY)) as batch:
        killed = []
        for _ in range(KILLS):
            killed.append(batch.kill(chance))
            # A kill leaves no more unknown than requests may be out at once.
            assert len(batch.unknown()) <= CONCURRENCY * len(killed)
        code, records, _ = batch.run()
        batch.check()
        unknown = batch.unknown()
        told = summary(records)
    assert all(killed), "each kill fell while messages went out"
    assert told["finished"] is True
    assert code == (7 if unknown else 0)
    assert len(batch.accepted()) >= ROWS - CONCURRENCY * KILLS
    told_unknown = {one["to"] for one in records[:-1] if kind_of(one) == "batch_unknown"}
    assert told_unknown == unknown
    sys.stderr.write(
        f"{ROWS} rows, {KILLS} kills: {len(batch.accepted())} accepted, {len(unknown)} unknown, "
        f"{batch.gateway.taken.total()} taken by the gateway\n"
    )


def test_nobody_gets_two_when_connections_are_cut(
    environment: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(ROWS)  # noqa: S311 - cuts need no secrecy

    def decide(_number: str, _nth: int) -> int:
        return chance.choice([ACCEPTED] * 18 + [CUT_BEFORE, CUT_AFTER])

    gateway = CountingGateway(latency=LATENCY / 10, decide=decide)
    with sending(tmp_path, environment, gateway) as batch:
        code, records, _ = batch.run()
        batch.check()
        told = summary(records)
    # A request that left may have been taken, whichever way its connection was cut.
    assert told["unknown"] == len(batch.unknown()) > 0
    assert (code, told["finished"]) == (7, True)


def test_two_that_are_given_the_same_batch_send_it_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with sending(tmp_path, environment, CountingGateway(latency=LATENCY)) as batch:
        runs: list[tuple[int, list[dict[str, Any]], str]] = []
        threads = [threading.Thread(target=lambda: runs.append(batch.run())) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        batch.check()
    (busy, nothing, says), (sent, records, _) = sorted(runs, key=lambda run: len(run[1]))
    assert (sent, summary(records)["accepted"]) == (0, ROWS)
    # The other came while it was sent, or after it.
    assert nothing == []
    assert (busy, "another process is sending this batch" in says) == (7, True) or (
        (busy, "this batch was finished on" in says) == (10, True)
    )


def test_nobody_gets_two_when_the_disk_fills_up(
    environment: dict[str, str], tmp_path: Path
) -> None:
    mount = tmp_path / "small"
    mount.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(mount)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        gateway = CountingGateway(latency=LATENCY)
        state = {"LINKSMS_STATE": str(mount / "state")}
        with sending(tmp_path, environment, gateway, **state) as batch:
            process = batch.start()
            until(lambda: gateway.taken.total() >= ROWS // 6 or process.poll() is not None)
            fill(mount / "filler")
            full = process.wait(60)
            again, _, says = batch.run()
            before = gateway.taken.total()
            (mount / "filler").unlink()
            code, records, _ = batch.run()
            batch.check()
            unknown = batch.unknown()
            told = summary(records)
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    assert full in {3, 7, 9}
    assert "Traceback" not in says
    assert again in {3, 7}, says
    assert ROWS // 6 <= before < ROWS
    assert told["finished"] is True
    assert code in {0, 7}
    assert len(unknown) <= CONCURRENCY


def fill(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
