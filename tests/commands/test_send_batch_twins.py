"""Two batches that have rows in common, sent by two processes at the same instant.

The full form of the race is `LINKSMS_RACES=100`.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.commands.batches import numbers
from tests.conftest import account, on_every_store, until
from tests.counting import CountingGateway

RACES = int(os.environ.get("LINKSMS_RACES", "2"))
ROWS = 60

pytestmark = pytest.mark.timeout(60 + 10 * RACES)


class Prepared:
    """A batch whose process has started, and gets its rows from a pipe once it is let go."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        command = [sys.executable, "-m", "linksms_cli", "send", "--batch", "-", "-f", "LINK"]
        self.process = subprocess.Popen(
            [*command, "--json", *words],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def give(self, rows: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(rows)
        self.process.stdin.flush()

    def let_go(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """Return its exit code, and the results of its rows."""
        assert self.process.stdout
        records = [json.loads(line) for line in self.process.stdout]
        self.process.stdout.close()
        return self.process.wait(60), records[:-1]


def kinds(records: list[dict[str, Any]]) -> Counter[object]:
    return Counter(record["error"]["kind"] if record["error"] else "sent" for record in records)


@on_every_store
def test_equal_rows_of_two_batches_go_out_once_whoever_is_first(
    environment: dict[str, str],
) -> None:
    rows = "\n".join(numbers(ROWS))
    for race in range(RACES):
        with CountingGateway(latency=0.005) as gateway:
            env = environment | account(gateway.url)
            text = f"Race {race}"
            both = [Prepared(env, text) for _ in range(2)]
            for one, last in zip(both, ("\n", "\n\n"), strict=True):  # two files, two batches
                one.give(rows + last)
            for one in both:
                one.let_go()
            (code, first), (other, second) = (one.end() for one in both)
        assert gateway.taken == dict.fromkeys(numbers(ROWS), 1)
        told = kinds(first) + kinds(second)
        assert told["sent"] == ROWS
        assert told["sent"] + told["twin"] + told["twin_unknown"] == 2 * ROWS
        # Those that were out at that moment may have been sent, as far as the other knows.
        assert {code, other} <= {0, 7}


@on_every_store
def test_what_another_batch_sends_after_the_plan_is_not_sent_again(
    environment: dict[str, str],
) -> None:
    first = numbers(ROWS)[0]
    with CountingGateway(holding=[first]) as gateway:
        env = environment | account(gateway.url)
        planned, quick = Prepared(env, "--concurrency", "1", "x"), Prepared(env, "x")
        planned.give("\n".join(numbers(ROWS)))
        planned.let_go()
        until(lambda: gateway.came[first])
        quick.give("\n".join([*numbers(ROWS), ""]))
        quick.let_go()
        code, records = quick.end()
        gateway.let_go()
        ended, rest = planned.end()
    assert gateway.taken == dict.fromkeys(numbers(ROWS), 1)
    assert (code, kinds(records)) == (7, Counter(sent=ROWS - 1, twin_unknown=1))
    assert (ended, kinds(rest)) == (0, Counter(sent=1, twin=ROWS - 1))
