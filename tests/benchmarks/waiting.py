"""What waiting for a report costs, and how soon it is seen; run it by hand.

    .venv/bin/python tests/benchmarks/waiting.py [ROUNDS]

Printed are the share of a core that `status --wait` takes while nothing happens, its start not
counted, and the delay between a report's commit and the end of the wait, in ms.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from linksms_cli.adapters.store import Inbox, store_in
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 10
COMMAND = [sys.executable, "-m", "linksms_cli", "status"]


def processor(environment: dict[str, str], wait: str) -> float:
    before = os.times()
    command = [*COMMAND, "nosuch", "--wait", wait]
    subprocess.run(command, env=environment, capture_output=True, check=False)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def keep(inbox: Inbox, body: bytes) -> None:
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"LINKSMS_STATE": folder}
        inbox = store_in(Path(folder)).inbox()
        idle = (processor(environment, f"{ROUNDS + 1}s") - processor(environment, "1s")) / ROUNDS
        print(f"waiting takes {idle:.2%} of a core")
        delays = []
        for number in range(ROUNDS):
            command = [*COMMAND, f"m{number}", "--wait", "20s", "--json"]
            waiting = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
            time.sleep(1.5)
            body = f'{{"id": "m{number}", "resultCode": 1001}}'.encode()
            keep(inbox, body)
            committed = time.perf_counter()
            assert waiting.stdout
            waiting.stdout.readline()
            delays.append((time.perf_counter() - committed) * 1000)
            waiting.wait()
        inbox.close()
        print(f"a report is told {min(delays):.0f} to {max(delays):.0f} ms after its commit")


if __name__ == "__main__":
    main()
