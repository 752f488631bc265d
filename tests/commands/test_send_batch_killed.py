"""`kill -9` in the middle of a batch, again and again, and whatever else can end one.

The gateway counts for itself. Whatever the instant: nobody gets two messages, and whoever got none
stands among the unknown. The full form is `LINKSMS_KILLS=50 LINKSMS_KILLED_ROWS=5000`. A kill
leaves as many unknown as are out: with `LINKSMS_KILLED_CONCURRENCY=2`, at least 4,900 are accepted.
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.sms.batch.summary import COUNTED
from tests.conftest import account, on_every_store, until
from tests.counting import ACCEPTED, CUT_AFTER, CUT_BEFORE, CountingGateway
from tests.stored import query

ROWS = int(os.environ.get("LINKSMS_KILLED_ROWS", "300"))
KILLS = int(os.environ.get("LINKSMS_KILLS", "6"))
CONCURRENCY = int(os.environ.get("LINKSMS_KILLED_CONCURRENCY", "8"))
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

    def run(self) -> tuple[int, list[dict[str, Any]], str]:
        """Run it to its end; return its exit code, what it prints, and what it says."""
        done = subprocess.run(
            self.command, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def start(self, stdout: Any = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command, env=self.environment, stdout=stdout, stderr=subprocess.DEVNULL
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
        return set(self._stored("outcome IS NULL OR outcome = 'unknown'"))

    def accepted(self) -> Counter[str]:
        return self._stored("outcome = 'accepted'")

    def _stored(self, where: str) -> Counter[str]:
        statement = f"SELECT destination FROM submission WHERE {where}"  # noqa: S608 - a constant
        return Counter(number for (number,) in query(self.environment["LINKSMS_STATE"], statement))

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
    told = records[-1]
    assert told["event"] == "summary"
    assert told["rows"] == len(records) - 1 == sum(told[outcome] for outcome in COUNTED) == ROWS
    return told


@on_every_store
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


@on_every_store
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


@on_every_store
def test_two_that_are_given_the_same_batch_send_it_once(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with sending(tmp_path, environment, CountingGateway(latency=LATENCY)) as batch:
        runs: list[tuple[int, list[dict[str, Any]], str]] = []
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        other = replace(batch, environment=batch.environment | {"HOME": str(elsewhere)})
        threads = [
            threading.Thread(target=lambda one=one: runs.append(one.run()))
            for one in (batch, other)
        ]
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


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 16 MB for the block; skip the test if that is not allowed."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_outcomes_that_a_full_disk_had_no_room_for_are_stored_once_there_is_some(
    environment: dict[str, str], tmp_path: Path
) -> None:
    def latency(number: str) -> float:
        first = numbers(CONCURRENCY)
        return (0.5 if number == first[0] else 2.0) if number in first else 0.0

    with small_disk(tmp_path / "small") as disk:
        gateway = CountingGateway(latency=latency)
        state = {"LINKSMS_STATE": str(disk / "state")}
        with sending(tmp_path, environment, gateway, **state) as batch:
            process = batch.start()
            until(lambda: len(gateway.came) == CONCURRENCY)
            fill(disk / "filler")
            # One is answered while nothing can be stored, and the batch stops; the others later.
            until(lambda: gateway.answered == 1)
            time.sleep(0.3)
            (disk / "filler").unlink()
            process.wait(60)
            accepted, unknown = batch.accepted(), batch.unknown()
            code, records, _ = batch.run()
            batch.check()
    assert (set(accepted), unknown) == (set(numbers(CONCURRENCY)), set())
    assert (code, summary(records)["accepted"]) == (0, ROWS - CONCURRENCY)


def test_nobody_gets_two_when_the_disk_fills_up(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small") as mount:
        gateway = CountingGateway(latency=LATENCY)
        state = {"LINKSMS_STATE": str(mount / "state")}
        with sending(tmp_path, environment, gateway, **state) as batch:
            with (tmp_path / "told").open("wb") as told_full:
                process = batch.start(stdout=told_full)
                until(lambda: gateway.taken.total() >= ROWS // 6 or process.poll() is not None)
                fill(mount / "filler")
                full = process.wait(60)
            lines = (tmp_path / "told").read_text().splitlines()
            told_full_disk = summary([json.loads(line) for line in lines])
            again, _, says = batch.run()
            before = gateway.taken.total()
            (mount / "filler").unlink()
            code, records, _ = batch.run()
            batch.check()
            unknown = batch.unknown()
            told = summary(records)
    assert full in {3, 7, 9}
    assert told_full_disk["finished"] is False
    assert "Traceback" not in says
    assert again in {3, 7, 9}, says
    assert ROWS // 6 <= before < ROWS
    assert told["finished"] is True
    assert code in {0, 7}
    assert len(unknown) <= CONCURRENCY


def fill(path: Path) -> None:
    """Write until there is no room left."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
