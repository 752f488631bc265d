"""What `linksms listen` takes in, beside its own server with nothing to do, and beside its rivals.

    apt-get install wrk webhook
    python tests/benchmarks/listen.py [SECONDS [REPORTS]] [--rounds N] [--stored N] [--json]

wrk posts reports that are all different. The receiver reads, judges and stores each before its 200,
and writes an event for it to a file; the same server without a receiver behind it answers an empty
200; webhook (adnanh) runs `true` for each and stores nothing. They take turns, ROUNDS times for
SECONDS each; printed are the medians, and the best round in brackets, since a machine that others
use only ever takes away: reports a second, processor time of a report with all that the server's
processes use, the 99th percentile of the answer time. Then the time from start to `ready`, and
the memory after each quarter of REPORTS. With --stored the receiver is measured once more with a
store that has so many reports already, under random ids: three gigabytes for ten million.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

from linksms_cli.adapters.store.sqlite import database

FIELDS = """
  local fields = {refId = "null", id = string.format("%08X%08X-%s-%d", math.random(0, 4294967295),
      math.random(0, 4294967295), run, count), operator = "no.telenor", resultCode = "1001",
    sentTimestamp = "2026-07-01T09:37:35Z", timestamp = "2026-07-01T09:37:36Z",
    operatorResultCode = "2", segments = "1", source = "2333", destination = "%2B99955501234"}
"""
PAIRS = """
  local pairs_ = {}
  for name, value in pairs(fields) do pairs_[#pairs_ + 1] = name .. "=" .. value end
  local query = table.concat(pairs_, "&")
"""
FORMATS = {
    "JSON": """
  local body = string.format('{"refId":null,"id":"%s","operator":"no.telenor",' ..
    '"sentTimestamp":"2026-07-01T09:37:35Z","timestamp":"2026-07-01T09:37:36Z",' ..
    '"resultCode":1001,"operatorResultCode":"2","segments":1,"gateCustomParameters":{},' ..
    '"customParameters":{"received":"2026-07-01 10:37:36","source":"2333",' ..
    '"destination":"+99955501234"}}', fields.id)
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
""",
    "XML": """
  local body = string.format('<?xml version="1.0" encoding="UTF-8"?><report><id>%s</id>' ..
    '<operator>no.telenor</operator><sentTimestamp>2026-07-01T09:37:35Z</sentTimestamp>' ..
    '<timestamp>2026-07-01T09:37:36Z</timestamp><resultCode>1001</resultCode>' ..
    '<operatorResultCode>2</operatorResultCode><segments>1</segments><customParameters>' ..
    '<source>2333</source><destination>+99955501234</destination></customParameters></report>',
    fields.id)
  return wrk.format("POST", nil, {["Content-Type"] = "application/xml"}, body)
""",
    "form": f"""{PAIRS}
  local kind = "application/x-www-form-urlencoded"
  return wrk.format("POST", nil, {{["Content-Type"] = kind}}, query)
""",
    "GET": f"""{PAIRS}
  return wrk.format("GET", wrk.path .. "?" .. query)
""",
}
SCRIPT = """
local count = 0
function init(_)
  run = tostring({{}}):match("0x0*(%x+)") .. os.time()
  math.randomseed(tonumber(tostring({{}}):match("0x(%x+)"), 16) + os.time())
end
function request()
  count = count + 1
{fields}{format}end
"""
EMPTY = """
import signal
from linksms_cli.adapters.http.messages import HttpAnswer
from linksms_cli.adapters.http.server import HttpServer
class Empty:
    def admit(self, request): return None
    def respond(self, request): request.answer(HttpAnswer(200))
server = HttpServer("127.0.0.1", 0)
server.start(Empty(), trouble=print)
print('{"url": "%s/dlr"}' % server.url, flush=True)
signal.sigwait({signal.SIGTERM})
"""
HOOKS = [
    {
        "id": "dlr",
        "execute-command": "true",
        "http-methods": ["POST"],
        "success-http-response-code": 200,
    }
]
# A report under a random id, and what the receiver writes beside it.
FILL = """
    INSERT INTO callback (id, received_at, remote, method, query, headers, body, message_id,
        result_code, operator_result_code, timestamp, segments, duplicate, place, tally)
    WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    SELECT i, '2026-06-01T00:00:00.000Z', '127.0.0.1', 'POST', '', '{}',
        CAST('{"id":"' || name || '","resultCode":1001}' AS BLOB), name, 1001, '2',
        '2026-06-01T00:00:00Z', 1, 0, 0, '1,1,0,|,1001,2026-06-01T00:00:00Z,0|0123456789abcdef'
    FROM (SELECT i, hex(randomblob(12)) AS name FROM n)
"""
FILLED_AT_ONCE = 500_000


class Figures(NamedTuple):
    """Of one round: reports a second, µs of processor time for each, and milliseconds."""

    rate: float
    cost: float
    p99: float


@dataclass(kw_only=True)
class Work:
    """A server, what it is asked, and what came of it round by round."""

    name: str
    start: Callable[[Path], tuple[list[str], str | None]]  # a command, and its URL if it says none
    form: str = "JSON"
    connections: int = 128
    state: Path | None = None
    rounds: list[Figures] = field(default_factory=list)

    def median(self) -> Figures:
        """Return the medians."""
        return Figures(*(statistics.median(column) for column in zip(*self.rounds, strict=True)))

    def best(self) -> Figures:
        """Return the best of each."""
        rates, costs, p99s = zip(*self.rounds, strict=True)
        return Figures(max(rates), min(costs), min(p99s))


class Server:
    """A server under test, and what it costs."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.folder = folder
        command, url = work.start(folder)
        state = str(work.state or folder / "state")
        started = time.perf_counter()
        with (folder / "events").open("w") as events:
            self.process = subprocess.Popen(
                command, stdout=events, env=os.environ | {"LINKSMS_STATE": state}
            )
        while url is None:
            line = (folder / "events").read_text().partition("\n")[0]
            url = json.loads(line)["url"] if line else None
            time.sleep(0.002)
        self.ready = time.perf_counter() - started
        self.url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.process.terminate()
        self.process.wait()

    def post(self, form: str, connections: int, seconds: float) -> tuple[Figures, int]:
        """Have reports posted; return the figures and how many there were."""
        script = self.folder / "post.lua"
        script.write_text(SCRIPT.format(fields=FIELDS, format=FORMATS[form]))
        threads = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}", "--latency"]
        before = self._processor()
        done = subprocess.run(
            [*threads, "-s", str(script), self.url], check=True, capture_output=True, text=True
        )
        cost = self._processor() - before
        assert "Non-2xx" not in done.stdout, done.stdout
        count = int(_found(r"(\d+) requests in", done.stdout))
        amount, unit = re.findall(r"99% +([\d.]+)(us|ms|s)", done.stdout)[0]
        p99 = float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
        rate = float(_found(r"Requests/sec: +([\d.]+)", done.stdout))
        return Figures(rate, cost / max(count, 1) * 1e6, p99), count

    def memory(self) -> int:
        """Return what it holds in memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(_found(r"VmRSS:\s+(\d+)", status)) // 1024

    def _processor(self) -> float:
        """Return the seconds that it and those it has waited for have used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def listen(_folder: Path) -> tuple[list[str], None]:
    return [sys.executable, "-m", "linksms_cli", "listen", "--port", "0", "--json"], None


def empty(_folder: Path) -> tuple[list[str], None]:
    return [sys.executable, "-c", EMPTY], None


def webhook(folder: Path) -> tuple[list[str], str]:
    hooks = folder / "hooks.json"
    hooks.write_text(json.dumps(HOOKS))
    port = "39217"
    command = ["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", port]
    return command, f"http://127.0.0.1:{port}/hooks/dlr"


def fill(folder: Path, count: int) -> None:
    """Put so many reports into a store."""
    with closing(database.connect(folder)) as store:
        store.execute("PRAGMA synchronous = OFF")
        for first in range(1, count + 1, FILLED_AT_ONCE):
            last = min(first + FILLED_AT_ONCE - 1, count)
            with store.transaction():
                store.execute(FILL, {"first": first, "last": last})
        # Search has nothing to catch up with: it would do so beside what is measured.
        store.execute("UPDATE indexed SET callback = ?", (count,))


def measure(works: list[Work], seconds: float, rounds: int) -> None:
    """Let each have its turn, again and again."""
    for _ in range(rounds):
        for work in works:
            with tempfile.TemporaryDirectory() as folder, Server(work, Path(folder)) as server:
                if work.start is webhook:
                    time.sleep(0.5)  # it says nothing when it is ready
                work.rounds.append(server.post(work.form, work.connections, seconds)[0])


def show(works: list[Work], ratios: Mapping[str, float]) -> None:
    """Print the table."""
    head = f"{'reports/s':>18} {'µs of processor':>17} {'p99 ms':>13}"
    print(f"{'':<34}{head}")
    for work in works:
        middle, best = work.median(), work.best()
        print(
            f"{work.name:<29}{work.connections:>5}"
            f"{middle.rate:>9,.0f} ({best.rate:>6,.0f}) {middle.cost:>8.0f} ({best.cost:>6.0f})"
            f" {middle.p99:>6.1f} ({best.p99:>4.1f})"
        )
    for name, ratio in ratios.items():
        print(f"{name:<52}{ratio:>6.2f}")


def growth(seconds: float, reports: int) -> dict[str, float]:
    """Return the time to `ready`, and the memory after each quarter of the reports."""
    figures: dict[str, float] = {}
    work = Work(name="", start=listen)
    with tempfile.TemporaryDirectory() as folder, Server(work, Path(folder)) as server:
        figures["ready, seconds"] = round(server.ready, 3)
        figures["MiB at the start"] = server.memory()
        count = 0
        for step in range(1, 5):
            while count < step * reports // 4:
                count += server.post("JSON", 128, seconds)[1]
            figures[f"MiB after {count} reports"] = server.memory()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", nargs="?", type=float, default=3)
    parser.add_argument("reports", nargs="?", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stored", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    none = Work(name="empty 200, same server", start=empty)
    received = {form: Work(name=f"linksms, {form}", start=listen, form=form) for form in FORMATS}
    few = [
        Work(name="empty 200, same server", start=empty, connections=8),
        Work(name="linksms, JSON", start=listen, connections=8),
    ]
    works = [none, *received.values(), *few]
    rival = Work(name="webhook, runs `true`", start=webhook) if shutil.which("webhook") else None
    works += [rival] if rival else []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        full = Work(name=f"linksms, {asked.stored:,} stored", start=listen, state=Path(folder))
        if asked.stored:
            fill(Path(folder), asked.stored)
            works.insert(2, full)
        measure(works, asked.seconds, asked.rounds)
    rate = {id(work): work.median().rate for work in works}
    mine = rate[id(received["JSON"])]
    ratios = {"JSON / empty 200": mine / rate[id(none)]}
    ratios |= {
        f"{form} / JSON": rate[id(received[form])] / mine for form in FORMATS if form != "JSON"
    }
    if asked.stored:
        ratios[f"{asked.stored:,} stored / none"] = rate[id(full)] / mine
    if rival:
        ratios["JSON / webhook"] = mine / rate[id(rival)]
    figures = growth(asked.seconds, asked.reports)
    loads = {"load before": load, "load after": os.getloadavg()[0], "cores": os.cpu_count()}
    if asked.json:
        rows = [{"name": w.name, "connections": w.connections, "rounds": w.rounds} for w in works]
        print(json.dumps({"works": rows, "ratios": ratios, **figures, **loads}))
        return
    show(works, ratios)
    if rival is None:
        print("webhook (adnanh) is not installed, and left out: apt-get install webhook")
    for name, figure in {**loads, **figures}.items():
        print(f"{name:<52}{figure:>6.4g}")


if __name__ == "__main__":
    main()
