"""How fast `send --batch` goes, and what a large file takes."""

import itertools
import shlex
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.benchmarks.figures import Figure, Result, ratios
from tests.benchmarks.gateway import account_at, running_gateway
from tests.benchmarks.turns import (
    ENVIRONMENT,
    LINKSMS,
    Cost,
    Run,
    cost,
    seconds,
    take_turns,
)

RIVALS = ("curl",)
ROUNDS = 3

_ROWS, _LARGE = 80_000, 1_000_000
_PIPED = 2_000_000_000  # bytes
_CONNECTIONS, _LATENCY = 64, 0.05
_AT_ONCE = 16
_OURS, _THREADS, _CURL = "send --batch", "threads with requests", f"xargs -P{_AT_ONCE} curl"
# What people would write: as many threads, one session, and nothing remembered.
_POOL = """
import sys
from concurrent.futures import ThreadPoolExecutor
import requests
from requests.adapters import HTTPAdapter
url, numbers, threads = sys.argv[1], open(sys.argv[2]).read().split(), int(sys.argv[3])
with requests.Session() as session, ThreadPoolExecutor(threads) as pool:
    session.mount("http://", HTTPAdapter(pool_maxsize=threads))
    def send(number):
        params = {"ServiceId": 1, "Username": "u", "Password": "p", "Source": "LINK",
                  "Destination": number, "Userdata": "Closed tomorrow"}
        return session.post(url, params=params, timeout=30).text.split(";")[0]
    assert set(pool.map(send, numbers)) == {"1005"}
"""
# So many bytes of rows with a long text each.
_WRITE = """
import sys
left, row = int(sys.argv[1]), 0
print("to,text")
while left > 0:
    rows = "".join(f"+99955{number:08},{'x' * 980}\\n" for number in range(row, row + 1000))
    row, left = row + 1000, left - len(rows)
    sys.stdout.write(rows)
"""
# Every row of the batch with number 1, as it stands once it was accepted.
_ALL_ACCEPTED = """
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)
    INSERT INTO submission (created_at, updated_at, sent_at, base_url, service_id, destination,
        source, slot, parts, batch, row, outcome, result_code, message_id, final, delivered, billed,
        retry)
    SELECT '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'x',
        1, '+99955000000', 'LINK', 0, 1, 1, n, 'accepted', 1005, 'id-' || n, 0, 'no', 'no', 'wait'
    FROM counted
"""


def measure(run: Run) -> Result:
    """Send with latency and without, in turns with what people would use; then a large file."""
    return Result(
        title=f"batch: durable, {run.rounds} turns each; then {run.scaled(_LARGE):,} rows once",
        figures=[*_with_latency(run), *_without_latency(run), *_large(run), *_piped(run)],
        missing=run.rivals.told(*RIVALS),
    )


def numbers(folder: Path, count: int) -> Path:
    """Write a file of so many numbers."""
    file = folder / f"{count}.txt"
    with file.open("w") as lines:
        lines.writelines(f"+99955{number:08}\n" for number in range(count))
    return file


def _batch(file: Path, *words: str) -> list[str]:
    return [*LINKSMS, "send", "--batch", str(file), "-f", "LINK", "--json", *words]


def _with_latency(run: Run) -> list[Figure]:
    """Compare with a pool of threads, and with latency alone."""
    rows = run.scaled(_ROWS)
    file, stores = numbers(run.folder, rows), itertools.count()
    ideal = rows * _LATENCY / _CONNECTIONS
    ours = _batch(file, "--concurrency", str(_CONNECTIONS), "Closed tomorrow")
    with running_gateway(_LATENCY) as port:
        account = ENVIRONMENT | account_at(port)
        url = account["LINKSMS_BASE_URL"]
        pool = [sys.executable, "-c", _POOL, url, str(file), str(_CONNECTIONS)]
        taken = take_turns(
            {
                _OURS: lambda: seconds(ours, account | _new_store(run.folder, next(stores))),
                _THREADS: partial(seconds, pool),
            },
            run.rounds,
        )
    where = f"{_LATENCY * 1000:.0f} ms away"
    return [
        *(
            Figure(name=f"{name}, {where}", samples=[rows / took for took in samples], unit="/s")
            for name, samples in taken.items()
        ),
        Figure(name=f"{_OURS} / threads", samples=ratios(taken[_THREADS], taken[_OURS]), least=1),
        Figure(
            name=f"{_OURS} / latency alone",
            samples=[ideal / took for took in taken[_OURS]],
            least=0.9,
        ),
    ]


def _without_latency(run: Run) -> list[Figure]:
    """Compare with a shell's way of sending many, which gets a tenth of the rows."""
    rows = run.scaled(_ROWS)
    few = max(rows // 10, 1)
    file, fewer = numbers(run.folder, rows), numbers(run.folder, few)
    stores = itertools.count(1000)
    ours = _batch(file, "--concurrency", str(_AT_ONCE), "Closed tomorrow")
    with running_gateway() as port:
        account = ENVIRONMENT | account_at(port)
        query = "ServiceId=1&Username=u&Password=p&Source=LINK&Userdata=Closed%20tomorrow"
        url = shlex.quote(f"{account['LINKSMS_BASE_URL']}?{query}&Destination=%2B@")
        curl = f"xargs -P{_AT_ONCE} -I@ curl -fsS -X POST {url} < {shlex.quote(str(fewer))}"
        contenders = {_OURS: lambda: seconds(ours, account | _new_store(run.folder, next(stores)))}
        if run.rivals.has("curl"):
            contenders[_CURL] = partial(seconds, ["sh", "-c", curl])
        taken = take_turns(contenders, run.rounds)
    rates = {_OURS: [rows / took for took in taken[_OURS]]}
    if _CURL in taken:
        rates[_CURL] = [few / took for took in taken[_CURL]]
    figures = [Figure(name=name, samples=samples, unit="/s") for name, samples in rates.items()]
    if _CURL in rates:
        samples = ratios(rates[_OURS], rates[_CURL])
        figures.append(Figure(name=f"{_OURS} / {_CURL}", samples=samples, least=4))
    return figures


def _new_store(folder: Path, number: int) -> dict[str, str]:
    return {"LINKSMS_STATE": str(folder / f"state-{number}")}


def _large(run: Run) -> list[Figure]:
    """Return what a large file takes that sends nothing: a plan, and a batch that is all sent."""
    rows = run.scaled(_LARGE)
    file, state = numbers(run.folder, rows), run.folder / "large"
    with running_gateway() as port:
        environment = ENVIRONMENT | account_at(port) | {"LINKSMS_STATE": str(state)}
        planned = cost(_batch(file, "--dry-run", "x"), environment)
        # A batch of the same file that was begun and no more; then every row is said to be sent.
        begin = f"{shlex.join(_batch(file, '--max-failures', '1', '--retry', '0', 'x'))}; true"
        nowhere = environment | {"LINKSMS_BASE_URL": "http://127.0.0.1:9/smscsimplehttp"}
        seconds(["sh", "-c", begin], nowhere)
        with closing(sqlite3.connect(state / "linksms.db")) as store, store:
            store.execute("DELETE FROM submission")
            store.execute(_ALL_ACCEPTED, (rows,))
        left = cost(_batch(file, "x"), nowhere)
    return [*_costs("the plan", planned, 60), *_costs("nothing left to send", left, 60)]


def _piped(run: Run) -> list[Figure]:
    """Return what the plan of a long pipe takes."""
    size = run.scaled(_PIPED)
    writing = shlex.join([sys.executable, "-c", _WRITE, str(size)])
    planning = shlex.join([*LINKSMS, "send", "--batch", "-", "-f", "LINK", "--json", "--dry-run"])
    with running_gateway() as port:
        environment = ENVIRONMENT | account_at(port) | _new_store(run.folder, 0)
        took = cost(["sh", "-c", f"{writing} | {planning}"], environment)
    return _costs(f"the plan of {size / 1e9:g} GB from a pipe", took)


def _costs(name: str, took: Cost, most: float | None = None) -> list[Figure]:
    return [
        Figure(name=name, samples=[took.seconds], unit="s", most=most),
        Figure(name="  its memory", samples=[took.memory], unit="MiB", most=150),
    ]
