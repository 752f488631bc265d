"""Once-keys that sixteen processes on two machines race for, counted at the gateway.

A machine has a home of its own; what they share is the store. The full form is `LINKSMS_RACED=500`.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import account, on_every_store
from tests.counting import CountingGateway
from tests.stored import query

KEYS = int(os.environ.get("LINKSMS_RACED", "8"))
PROCESSES = 16

# Each sends under all keys, in an order of its own, and says with how many outcomes of each kind.
RACE = """
import contextlib, io, json, random, sys
from linksms_cli import app
keys = list(range(int(sys.argv[1])))
random.Random(int(sys.argv[2])).shuffle(keys)
codes, sent = {}, 0
for key in keys:
    words = ("send", "-t", f"+99955{key:07}", "-f", "LINK", "--once", f"key-{key}", "x", "--json")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = app.main(words)
    codes[code] = codes.get(code, 0) + 1
    sent += json.loads(out.getvalue())["outcome"] == "accepted"
print(json.dumps({"codes": codes, "sent": sent}))
"""


@on_every_store
@pytest.mark.timeout(120 + 2 * KEYS)
def test_no_key_is_sent_twice(environment: dict[str, str], state: str, tmp_path: Path) -> None:
    with CountingGateway(latency=0.01) as gateway, ExitStack() as ends:
        began = time.monotonic()
        racing = []
        for number in range(PROCESSES):
            home = tmp_path / f"machine-{number % 2}"
            home.mkdir(exist_ok=True)
            own = {"HOME": str(home), "LINKSMS_CONFIG": str(home / "config.toml")}
            process = subprocess.Popen(
                [sys.executable, "-c", RACE, str(KEYS), str(number)],
                env=environment | own | account(gateway.url),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            ends.callback(process.kill)
            racing.append(process)
        told = [process.communicate(timeout=100 + 2 * KEYS) for process in racing]
        took = time.monotonic() - began
    assert dict.fromkeys(gateway.came, 1) == dict(gateway.taken)
    assert len(gateway.taken) == KEYS
    ended = [json.loads(out) for out, _ in told]
    assert sum(one["sent"] for one in ended) == KEYS
    assert {code for one in ended for code in one["codes"]} == {"0"}
    assert query(state, "SELECT count(*), sum(intents) FROM once_key") == [(KEYS, KEYS)]
    sys.stderr.write(f"{PROCESSES} processes, {KEYS} keys: {took:.1f} s, no double\n")
