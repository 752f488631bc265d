"""Receivers under load: wrk posts reports that are all different, and what that costs is read."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from tests.benchmarks.turns import ENVIRONMENT, LINKSMS
from tests.certificates import Authority

_FIELDS = """
  local fields = {refId = "null", id = next_id(), operator = "no.telenor", resultCode = "1001",
    sentTimestamp = "2026-07-01T09:37:35Z", timestamp = "2026-07-01T09:37:36Z",
    operatorResultCode = "2", segments = "1", source = "2333", destination = "%2B99955501234"}
"""
# Message ids, each new. Those in LINK's documents are 18 bytes in base64: a number of 64 bits that
# grows from message to message, the time in milliseconds, and two bytes of chance. A number that
# belongs to nothing is the worst that could come.
GROWING = """
local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local number
function begin_ids()
  number = math.random(0, 281474976710655)
end
local function written(value, length)
  local places = {}
  for place = length, 1, -1 do
    local digit = value % 64
    places[place] = digits:sub(digit + 1, digit + 1)
    value = (value - digit) / 64
  end
  return table.concat(places)
end
function next_id()
  number = number + math.random(1, 2147483647)
  return "QC5" .. written(number, 8) .. "AAA" .. written(os.time() * 1000 + count % 1000, 7)
    .. written(math.random(0, 65535), 3)
end
"""
RANDOM = """
local run
function begin_ids()
  run = tostring({}):match("0x0*(%x+)") .. os.time()
end
function next_id()
  return string.format("%08X%08X-%s-%d", math.random(0, 4294967295), math.random(0, 4294967295),
    run, count)
end
"""
_PAIRS = """
  local pairs_ = {}
  for name, value in pairs(fields) do pairs_[#pairs_ + 1] = name .. "=" .. value end
  local query = table.concat(pairs_, "&")
"""
FORMS = {
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
    "form": f"""{_PAIRS}
  local kind = "application/x-www-form-urlencoded"
  return wrk.format("POST", nil, {{["Content-Type"] = kind}}, query)
""",
    "GET": f"""{_PAIRS}
  return wrk.format("GET", wrk.path .. "?" .. query)
""",
}
_SCRIPT = """
local count = 0
{ids}
function init(_)
  math.randomseed(tonumber(tostring({{}}):match("0x(%x+)"), 16) + os.time())
  begin_ids()
end
function request()
  count = count + 1
{fields}{form}end
"""
_EMPTY = """
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
_HOOKS = [
    {
        "id": "dlr",
        "execute-command": "true",
        "http-methods": ["POST"],
        "success-http-response-code": 200,
    }
]
_PORT = 39217  # webhook says on none which it has chosen

# A command, and its URL if it prints none.
Start = Callable[[Path], tuple[list[str], str | None]]


def listen(_folder: Path) -> tuple[list[str], None]:
    """The receiver, which prints its events."""
    return [*LINKSMS, "listen", "--port", "0", "--json"], None


def listen_over_tls(folder: Path) -> tuple[list[str], None]:
    """The receiver with a certificate of its own."""
    return [*listen(folder)[0], *Authority(folder).words], None


def listen_and_forget(folder: Path) -> tuple[list[str], None]:
    """The receiver, which deletes the old reports of its store meanwhile."""
    return [*listen(folder)[0], "--keep", "90d"], None


def empty(_folder: Path) -> tuple[list[str], None]:
    """The receiver's server with nothing behind it: it reads a request and answers 200."""
    return [sys.executable, "-c", _EMPTY], None


def webhook(folder: Path) -> tuple[list[str], str]:
    """adnanh/webhook, which runs `true` for each report and stores nothing."""
    hooks = folder / "hooks.json"
    hooks.write_text(json.dumps(_HOOKS))
    command = ["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(_PORT)]
    return command, f"http://127.0.0.1:{_PORT}/hooks/dlr"


class Load(NamedTuple):
    """What came of a load: reports a second, seconds of processor time for each, and seconds."""

    reports: int
    rate: float
    cost: float
    p99: float


@dataclass(kw_only=True)
class Server:
    """A server under test, alive while the block runs; `ready` is how long its start took."""

    start: Start
    folder: Path
    state: Path | str | None = None
    url: str = ""
    ready: float = 0

    def __enter__(self) -> Self:
        command, url = self.start(self.folder)
        state = str(self.state or self.folder / "state")
        started = time.perf_counter()
        events = self.folder / "events"
        with events.open("w") as stdout:
            self.process = subprocess.Popen(
                command,
                stdout=stdout,
                stdin=subprocess.DEVNULL,
                env=ENVIRONMENT | {"LINKSMS_STATE": state},
                cwd=Path(__file__).parents[2],
            )
        while url is None:
            assert self.process.poll() is None, "it did not start"
            line = events.read_text().partition("\n")[0]
            url = json.loads(line)["url"] if line else None
            time.sleep(0.002)
        self.ready = time.perf_counter() - started
        self.url = url
        return self

    def __exit__(self, *_failure: object) -> None:
        self.process.terminate()
        self.process.wait()

    def post(self, form: str, connections: int, seconds: float, ids: str = RANDOM) -> Load:
        """Have reports posted; every one has to be answered 200."""
        script = self.folder / "post.lua"
        script.write_text(_SCRIPT.format(ids=ids, fields=_FIELDS, form=FORMS[form]))
        load = ["wrk", "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}", "--latency"]
        before = self._processor()
        done = subprocess.run(
            [*load, "-s", str(script), self.url],
            check=True,
            capture_output=True,
            text=True,
            timeout=seconds + 60,
        )
        cost = self._processor() - before
        assert "Non-2xx" not in done.stdout, done.stdout
        count = int(_found(r"(\d+) requests in", done.stdout))
        amount, unit = re.findall(r"99% +([\d.]+)(us|ms|s)", done.stdout)[0]
        return Load(
            reports=count,
            rate=float(_found(r"Requests/sec: +([\d.]+)", done.stdout)),
            cost=cost / max(count, 1),
            p99=float(amount) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit],
        )

    def memory(self) -> float:
        """Return what it holds in memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(_found(r"VmRSS:\s+(\d+)", status)) / 1024

    def _processor(self) -> float:
        """Return the seconds that it and those it has waited for have used."""
        # /proc counts hundredths; the schedule counts nanoseconds, but not of its children.
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, stat[11:15])) / 100


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]
