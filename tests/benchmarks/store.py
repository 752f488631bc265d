"""What is asked of a big store, how long it takes, and how SQLite goes about it.

    .venv/bin/python tests/benchmarks/store.py [MESSAGES [FOLDER]]

It makes a store of a million messages (or 10000000: that takes ten minutes and 12 GB), each with a
report, a tenth of them sent elsewhere, one in five under a once-key; in FOLDER it stays for the
next run. Printed are the size, the median time of each command, from its start to its end, the
plan of every query behind it, and last how long a writer waits at most while old messages are
forgotten.
"""

import io
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest import mock

from linksms_cli import app
from linksms_cli.adapters.store.sql import indexing
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.sms.dlr.tally import PartStatus, Tally, key_of
from linksms_cli.sms.timestamp import rfc3339

MESSAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ROUNDS = 5 if MESSAGES >= 100_000 else 1
# Messages go out every so many seconds, up to now.
PACE = 4
# A number that gets a message now and then, and one that few have.
NUMBER = "+99955501234"

NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)"
SUBMISSIONS = f"""
    {NUMBERS} INSERT INTO submission (created_at, updated_at, base_url, service_id, profile,
        destination, source, encoding, parts, once_key, slot, outcome, result_code, description,
        message_id, final, delivered, billed, retry, sent_at, elapsed_ms)
    SELECT at(i), at(i), 'https://n-eu.linkmobility.io/smscsimplehttp', 4711, 'prod', number(i),
        'LINK', 'GSM-7', 1, CASE WHEN i % 5 = 0 THEN i + 1 END, 0, 'accepted', 1005, 'Queued',
        id_of(i), 0, 'no', 'no', 'wait', at(i), 120
    FROM n WHERE i % 10 <> 9
"""  # noqa: S608 - constants
KEYS = f"""
    {NUMBERS} INSERT INTO once_key
        (id, base_url, service_id, key, payload, created_at, name_hash)
    SELECT i + 1, 'https://n-eu.linkmobility.io/smscsimplehttp', 4711, 'key-' || i, x'00', at(i),
        id_of(i)
    FROM n WHERE i % 5 = 0
"""  # noqa: S608 - constants
CALLBACKS = f"""
    {NUMBERS} INSERT INTO callback (received_at, remote, method, query, headers, body, message_id,
        result_code, timestamp, segments, tally)
    SELECT at(i), '192.0.2.1', 'POST', '', '{{"content-type": "application/json"}}', body(i),
        id_of(i), code(i), at(i), 1, tally(i)
    FROM n
"""  # noqa: S608 - constants
# The rows that are searched, as a receiver makes them over the weeks.
SENT = """
    INSERT INTO message (id, at, destination, source, profile, batch, outcome, result_code,
        operator)
    SELECT sent.id, sent.at, sent.destination, sent.source, sent.profile, sent.batch,
        CASE callback.result_code WHEN 1001 THEN 'delivered' WHEN 1000 THEN 'pending'
            ELSE 'failed' END,
        callback.result_code, json_extract(callback.body, '$.operator')
    FROM sent JOIN callback ON callback.id = sent.id + (sent.id - 1) / 9
"""
REPORTED = """
    INSERT INTO message (id, at, destination, source, outcome, result_code, operator)
    SELECT -id, CAST((julianday(received_at) - 2440587.5) * 86400000 AS INTEGER),
        json_extract(body, '$.customParameters.destination'), 'LINK', 'delivered', result_code,
        json_extract(body, '$.operator')
    FROM callback WHERE id % 10 = 0
"""


class Rows:
    """What stands in the rows of the message with a number, as functions that SQLite calls."""

    now = datetime.now(UTC)

    @classmethod
    def at(cls, i: int) -> str:
        return rfc3339(cls.now - timedelta(seconds=(MESSAGES - i) * PACE))

    @staticmethod
    def number(i: int) -> str:
        return NUMBER if i % 100_000 == 7 else f"+9995{i * 7919 % 10_000_000:07}"

    @staticmethod
    def id_of(i: int) -> str:
        return f"{i * 7919 % MESSAGES:010}PMAAAFQPbnR3x"

    @staticmethod
    def code(i: int) -> int:
        """Most are delivered, one in fifty fails, one in five hundred is still pending."""
        if i % 50 == 3:
            return 2104
        return 1000 if i % 500 == 4 else 1001

    @classmethod
    def body(cls, i: int) -> bytes:
        operator = ("no.telenor", "se.telia", "se.tele2", "dk.tdc")[i % 7 % 4]
        at = cls.at(i)
        return (
            f'{{"refId":null,"id":"{cls.id_of(i)}","operator":"{operator}","sentTimestamp":"{at}",'
            f'"timestamp":"{at}","resultCode":{cls.code(i)},"operatorResultCode":"2",'
            f'"segments":1,"gateCustomParameters":{{}},"customParameters":{{"source":"LINK",'
            f'"destination":"{cls.number(i)}"}}}}'
        ).encode()

    @classmethod
    def tally(cls, i: int) -> str:
        code, at = cls.code(i), cls.at(i)
        made = Tally(1)
        made.add(PartStatus(None, code, at, 1, at), key_of(None, code, "2", at))
        return str(made)


def fill(folder: Path) -> None:
    """Make the store as fast as it goes: without indices and triggers, which come at the end."""
    with closing(database.connect(folder)) as store:
        store.execute("PRAGMA synchronous = OFF")
        store.execute("PRAGMA cache_size = -500000")
        for name in ("at", "number", "id_of", "code", "body", "tally"):
            store.create_function(name, 1, getattr(Rows, name))
        later = store.execute(
            "SELECT type, name, sql FROM sqlite_schema "
            "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()
        for made_later in later:
            store.execute(f"DROP {made_later['type']} {made_later['name']}")
        for statement in (KEYS, SUBMISSIONS, CALLBACKS, SENT, REPORTED):
            with store.transaction():
                store.execute(statement, {"count": MESSAGES} if ":count" in statement else {})
        store.execute(
            "UPDATE indexed SET submission = 0, callback = (SELECT max(id) FROM callback)"
        )
        store.execute("UPDATE once_count SET intents = (SELECT count(*) FROM once_key)")
        for made_later in later:
            store.execute(made_later["sql"])


@contextmanager
def made(folder: Path) -> Iterator[Path]:
    """Give a folder with the store, made unless it is there."""
    if not database.exists(folder):
        began = time.perf_counter()
        fill(folder)
        print(f"made in {time.perf_counter() - began:.0f} s")
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{MESSAGES:,} messages, {size / 1e9:.2f} GB, load {os.getloadavg()[0]:.1f}")
    yield folder


def plans(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Return how SQLite goes about each query of a command."""
    seen: list[str] = []
    connect = database.connect

    def traced(folder: Path, **options: bool) -> sqlite3.Connection:
        connection = connect(folder, **options)
        connection.set_trace_callback(seen.append)
        return connection

    os.environ["LINKSMS_STATE"] = str(folder)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(database, "connect", traced))
        for redirect in (redirect_stdout, redirect_stderr):
            stack.enter_context(redirect(io.StringIO()))
        app.main(words)
    queries = [query for query in dict.fromkeys(seen) if "FROM message" in query][:3]
    lines = []
    with closing(connect(folder, read_only=True)) as store:
        for query in queries:
            steps = [row[3] for row in store.execute(f"EXPLAIN QUERY PLAN {query}")]
            lines.append(f"      {' '.join(query.split())[:90]}")
            lines += [f"        {step}" for step in steps]
    return lines


def median(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def ask(folder: Path) -> None:
    """Time each question as a process of its own, beside one that asks nothing."""
    environment = os.environ | {"LINKSMS_STATE": str(folder)}

    def run(*words: str, **more: str) -> Callable[[], object]:
        command = [sys.executable, "-m", "linksms_cli", *words]
        return lambda: subprocess.run(
            command, env=environment | more, capture_output=True, check=False
        )

    questions = {
        "nothing (--version)": ("--version",),
        "the list": ("status",),
        "the list as JSON": ("status", "--json"),
        "one id": ("status", f"{7919 % MESSAGES:010}PMAAAFQPbnR3x"),
        "a number since yesterday": ("status", "--to", NUMBER, "--since", "yesterday"),
        "a number": ("status", "--to", NUMBER),
        "its last digits": ("status", "--to", "*1234"),
        "its beginning": ("status", "--to", "+9995550"),
        "failed": ("status", "--outcome", "failed"),
        "failed at an operator": ("status", "--outcome", "failed", "--operator", "dk.tdc"),
        "overdue": ("status", "--outcome", "overdue"),
        "a key": ("status", "--key", "key-15"),
        "codes of a day": ("status", "--count-by", "code", "--since", "1d"),
        "outcomes of all": ("status", "--count-by", "outcome"),
    }
    tab = median(run(_LINKSMS_TAB="messages"))
    print(f"  {'a TAB for ids':28} {tab * 1000:7.0f} ms")
    for name, words in questions.items():
        print(f"  {name:28} {median(run(*words)) * 1000:7.0f} ms   linksms {' '.join(words)}")
        for line in plans(folder, words) if words[0] == "status" else ():
            print(line)


def forget(folder: Path) -> None:
    """Forget half of a copy, and see how long a writer has to wait meanwhile."""
    waits = []
    done = threading.Event()

    def write() -> None:
        with closing(database.connect(folder)) as store:
            while not done.is_set():
                began = time.perf_counter()
                with store.transaction():
                    store.execute("INSERT INTO stale VALUES (?)", (str(began),))
                waits.append(time.perf_counter() - began)
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    age = f"{MESSAGES * PACE // 2}s"
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "linksms_cli", "status", "--forget-before", age, "--yes"],
        env=os.environ | {"LINKSMS_STATE": str(folder)},
        check=True,
    )
    took = time.perf_counter() - began
    done.set()
    writer.join()
    print(
        f"  half was forgotten in {took:.1f} s; a writer waited {max(waits) * 1000:.0f} ms at most"
    )


def index(folder: Path) -> None:
    """Make the rows that are searched anew, as for an older store, for part of it."""
    part = min(MESSAGES // 4, 50_000)
    with closing(database.connect(folder)) as store:
        store.execute("UPDATE indexed SET callback = callback - ?", (part,))
    began = time.perf_counter()
    indexing.catch_up(partial(database.connect, folder))
    rate = part / (time.perf_counter() - began)
    print(
        f"  an older store is brought up to date at {rate:,.0f} reports a second, with its pauses"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary) / "store"
        with made(place) as folder:
            ask(folder)
            if len(sys.argv) <= 2:
                index(folder)
                forget(folder)
            elif MESSAGES <= 2_000_000:
                copy = Path(shutil.copytree(folder, Path(temporary) / "copy"))
                index(copy)
                forget(copy)


if __name__ == "__main__":
    main()
