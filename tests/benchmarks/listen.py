"""What `linksms listen` takes in, beside the bare server it runs on; run it by hand.

    apt-get install wrk; .venv/bin/python tests/benchmarks/listen.py [SECONDS [REPORTS]]

wrk posts reports that are all different, over 128 and over 8 connections. The receiver parses,
stores and commits each before its 200, and prints an event for it; the bare server (the receiver's
own) reads the body and answers. Printed are rates, the ratio of the two,
the processor time of a report, the time from start to `ready`, and the memory after each quarter of
REPORTS. On a machine that others use compare the ratio and the processor time.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
REPORTS = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000

POST = """
local thread, count = 0, 0
function setup(t) thread = thread + 1; t:set("id", thread) end
function init(_) run = os.time() .. "-" .. math.random(1, 1000000000) end
function request()
  count = count + 1
  local body = string.format('{"refId":null,"id":"%s-%d-%d","operator":"no.telenor",' ..
    '"sentTimestamp":"2026-07-01T09:37:35Z","timestamp":"2026-07-01T09:37:36Z",' ..
    '"resultCode":1001,"operatorResultCode":"2","segments":1,"gateCustomParameters":{},' ..
    '"customParameters":{"received":"2026-07-01 10:37:36","source":"2333",' ..
    '"destination":"+99955501234"}}', run, id, count)
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
end
"""
BARE = """
import signal, threading
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


class Server:
    """A server under test, and what it costs."""

    def __init__(self, command: list[str], folder: str) -> None:
        self.folder = Path(folder)
        started = time.perf_counter()
        with (self.folder / "events").open("w") as events:
            self.process = subprocess.Popen(
                command, stdout=events, env=os.environ | {"LINKSMS_STATE": f"{folder}/state"}
            )
        while not (line := (self.folder / "events").read_text().partition("\n")[0]):
            time.sleep(0.002)
        self.ready = time.perf_counter() - started
        self.url: str = json.loads(line)["url"]

    def post(self, connections: int, seconds: int) -> tuple[float, float, int]:
        """Return requests a second, processor time of one in µs, and how many there were."""
        script = self.folder / "post.lua"
        script.write_text(POST)
        before = self._processor()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", str(script), self.url],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "Non-2xx" not in done.stdout, done.stdout
        found = re.search(r"(\d+) requests in", done.stdout)
        rate = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
        assert found
        assert rate
        count = int(found[1])
        return float(rate[1]), (self._processor() - before) / count * 1e6, count

    def memory(self) -> int:
        """Return what it holds in memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found[1]) // 1024

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()

    def _processor(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    commands = {
        "bare server": [sys.executable, "-c", BARE],
        "linksms listen": [sys.executable, "-m", "linksms_cli", "listen", "--port", "0", "--json"],
    }
    rates: dict[tuple[str, int], float] = {}
    for connections in (128, 8):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as folder:
                server = Server(command, folder)
                rate, cost, _ = server.post(connections, SECONDS)
                rates[name, connections] = rate
                server.close()
            print(f"{name:<15} {connections:>4} connections {rate:>9,.0f}/s {cost:>6.0f} µs each")
        ratio = rates["linksms listen", connections] / rates["bare server", connections]
        print(f"{'':<15} ratio {ratio:.2f}")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(commands["linksms listen"], folder)
        print(f"ready after {server.ready:.3f} s, {server.memory()} MiB")
        count, quarter = 0, REPORTS // 4
        for step in range(1, 5):
            while count < step * quarter:
                count += server.post(128, SECONDS)[2]
            print(f"after {count:>7,} reports {server.memory():>4} MiB")
        server.close()


if __name__ == "__main__":
    main()
