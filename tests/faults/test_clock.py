"""Clocks that are put back and ahead by hours while something runs, and between two runs.

Nothing hangs, nothing goes out twice, and whatever is told of times is no nonsense.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.clocks import ShiftedClock
from tests.conftest import Linksms, account, needs, until
from tests.counting import ACCEPTED, CountingGateway
from tests.reporting import report, request
from tests.server import running
from tests.targets import Forwarded, a_target

pytestmark = needs("cc")

TO = "+99955501234"
SEND = ("send", "-t", TO, "-f", "LINK", "Hi", "--json")


@pytest.fixture
def clock(tmp_path: Path) -> ShiftedClock:
    return ShiftedClock(tmp_path)


def shifting(clock: ShiftedClock, *hours: float) -> Callable[[str, int], int]:
    """Return what has a gateway accept everything, and shift the clock while it does."""
    left = iter(hours)

    def decide(_number: str, _nth: int) -> int:
        clock.shift(next(left, hours[-1]))
        return ACCEPTED

    return decide


@pytest.mark.parametrize(("meanwhile", "later"), [(-3, -5), (5, 0), (-3, 30)])
def test_a_key_is_used_once_whatever_the_clock_says(
    linksms: Linksms, clock: ShiftedClock, meanwhile: float, later: float
) -> None:
    with CountingGateway(decide=shifting(clock, meanwhile)) as gateway:
        env = clock.environment(account(gateway.url))
        first = linksms(*SEND, "--once", "k", env=env)
        clock.shift(later)
        second = linksms(*SEND, "--once", "k", env=env)
    assert (first.code, second.code, gateway.taken) == (0, 0, {TO: 1})
    assert [first.record["outcome"], second.record["outcome"]] == ["accepted", "skipped"]
    assert 0 <= first.record["elapsed_ms"] < 30_000


def test_a_batch_keeps_its_pace_and_goes_on(
    linksms: Linksms, clock: ShiftedClock, environment: dict[str, str], tmp_path: Path
) -> None:
    numbers = [f"+99955{number:07}" for number in range(30)]
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(numbers))
    words = ("send", "--batch", str(file), "-f", "LINK", "--rate", "50", "Hi", "--json")
    hours = [0.0] * 5 + [-3.0] * 5 + [5.0] * 5
    with CountingGateway(decide=shifting(clock, *hours)) as gateway:
        env = clock.environment(account(gateway.url))
        killed = subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *words],
            env=environment | env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: gateway.taken.total() >= 12)
        killed.kill()
        killed.wait()
        clock.shift(-5)
        resumed = linksms(*words, env=env)
        clock.shift(0)
        refused = linksms(*words, env=env)
        times = gateway.times
    assert set(gateway.taken.values()) == {1}
    # What was about to leave when the process was killed may not have left, and is not sent again.
    rows = resumed.records[:-1]
    unknown = {one["to"] for one in rows if (one["error"] or {}).get("kind") == "batch_unknown"}
    assert set(numbers) - unknown <= set(gateway.taken)
    assert len(unknown) <= 8
    assert {one["outcome"] for one in rows} <= {"accepted", "skipped"}
    assert (resumed.records[-1]["finished"], refused.code) == (True, 10)
    # Each of the two runs may begin with what 0.1 s of the rate make up for.
    assert max(times) - min(times) > (30 - 2 * 6) / 50 * 0.9


@pytest.mark.parametrize("hours", [-3, 5])
def test_a_wait_ends_with_the_report_or_in_time(
    linksms: Linksms, clock: ShiftedClock, environment: dict[str, str], hours: float
) -> None:
    with (
        CountingGateway() as gateway,
        running(clock.environment(environment), "listen") as receiver,
    ):
        env = clock.environment(account(gateway.url))
        waiting = subprocess.Popen(
            [sys.executable, "-m", "linksms_cli", *SEND, "--wait", "10m"],
            env=environment | env,
            stdout=subprocess.PIPE,
            text=True,
        )
        until(lambda: gateway.answered)
        (message_id,) = [one["message_id"] for one in linksms("status", "--json", env=env).records]
        clock.shift(hours)
        assert request(receiver.url, report(id=message_id)).status == 200
        out, _ = waiting.communicate(timeout=60)
        assert (waiting.returncode, json.loads(out)["outcome"]) == (0, "delivered")
        clock.shift(-hours)
        assert linksms(*SEND, "--wait", "1", env=env).code == 8


@pytest.mark.parametrize("hours", [-3, 5])
def test_reports_are_forwarded_on(
    clock: ShiftedClock, environment: dict[str, str], hours: float
) -> None:
    answers = iter([500])

    def answer(_request: Forwarded, _handler: BaseHTTPRequestHandler) -> int:
        return next(answers, 200)

    with (
        a_target(answer) as target,
        running(clock.environment(environment), "listen", "--forward-to", target.url) as server,
    ):
        if hours > 0:  # what is tried again after a clock was put back is due when a claim ends
            assert request(server.url, report(id="before")).status == 200
            until(lambda: target.came)
        else:
            next(answers)
        clock.shift(hours)
        assert request(server.url, report(id="after")).status == 200
        until(lambda: len({one.webhook_id for one in target.came}) == 1 + (hours > 0))
        until(lambda: len(target.came) == 1 + 2 * (hours > 0))
    came = [json.loads(one.body)["id"] for one in target.came]
    assert Counter(came) == ({"before": 2, "after": 1} if hours > 0 else {"after": 1})


def test_what_was_sent_tomorrow_is_told_of(linksms: Linksms, clock: ShiftedClock) -> None:
    clock.shift(5)
    with CountingGateway() as gateway:
        env = clock.environment(account(gateway.url))
        message_id = linksms(*SEND, env=env).record["message_id"]
    clock.shift(0)
    for words in (
        (),
        ("--json",),
        ("--csv",),
        ("--since", "1h"),
        ("--count-by", "hour"),
        (message_id,),
        (message_id, "--ticket"),
        (message_id, "--wait", "0.1"),
    ):
        told = linksms("status", *words, env=env)
        assert told.code in {0, 8}, told
        assert message_id in told.stdout or "--count-by" in words
        assert not re.search(r"(?<![\w-])-\d", told.stdout), told.stdout
