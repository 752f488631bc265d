"""What it costs to wait for a report, and how soon one is seen."""

import asyncio
import os
import subprocess
import time

from linksms_cli.adapters.store import Inbox, store_in
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.turns import ENVIRONMENT, LINKSMS, Run

RIVALS = ()
ROUNDS = 10


def measure(run: Run) -> Result:
    """Wait for nothing, then for a report, some times."""
    environment = ENVIRONMENT | {"LINKSMS_STATE": str(run.folder)}
    inbox = store_in(run.folder).inbox()
    spent = _processor(environment, run.rounds + 1) - _processor(environment, 1)
    delays = [delay(environment, inbox, number) for number in range(run.rounds)]
    inbox.close()
    return Result(
        title=f"waiting: `status --wait`, {run.rounds} times",
        figures=[
            Figure(name="share of a core, idle", samples=[100 * spent / run.rounds], unit="%"),
            Figure(name="from a commit to its line", samples=delays, unit="ms"),
        ],
    )


def _processor(environment: dict[str, str], seconds: int) -> float:
    """Return the processor time of a wait that nothing ends."""
    before = os.times()
    command = [*LINKSMS, "status", "nosuch", "--wait", f"{seconds}s"]
    subprocess.run(command, env=environment, capture_output=True, check=False)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def delay(environment: dict[str, str], inbox: Inbox, number: int) -> float:
    """Return after how many milliseconds a report is told that was stored during a wait."""
    command = [*LINKSMS, "status", f"m{number}", "--wait", "20s", "--json"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=quiet
    ) as waiting:
        time.sleep(1.5)
        _keep(inbox, f'{{"id": "m{number}", "resultCode": 1001}}'.encode())
        committed = time.perf_counter()
        assert waiting.stdout
        waiting.stdout.readline()
        return (time.perf_counter() - committed) * 1000


def _keep(inbox: Inbox, body: bytes) -> None:
    """Store a report as a receiver does."""
    callback = Callback(
        received_at="2026-01-01T00:00:00.000Z",
        remote="",
        method="POST",
        query="",
        headers=(),
        body=body,
        contents=read_callback(body=body, query="", content_type=None),
    )
    asyncio.run(inbox.store([callback]))
