"""How much processor time reading a report takes, in each format, and of that parsing its JSON.

Run it from the repository's folder:

    python tests/benchmarks/reading.py [ROUNDS]

The shapes take turns. The best round of each is printed, since processor time is only ever added
to. orjson is measured if it is installed, to see whether it would pay. Nothing here is a test.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from urllib.parse import urlencode

from linksms_cli.sms.dlr import reading

ROUNDS = 20
TIMES = 1000

CUSTOM = {"received": "2026-11-19 10:37:36", "source": "2333", "destination": "+99955501234"}
PLAIN = {
    "refId": None,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x$0",
    "operator": "no.telenor",
    "sentTimestamp": "2026-11-19T09:37:35Z",
    "timestamp": "2026-11-19T09:37:00Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
}
JSON = json.dumps(PLAIN | {"gateCustomParameters": {}, "customParameters": CUSTOM}).encode()
PAIRS = urlencode(
    {name: value or "" for name, value in PLAIN.items()}
    | {f"customParameters.{name}": value for name, value in CUSTOM.items()}
)
XML = "".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?><deliveryReport>',
        *(f"<{name}>{value or ''}</{name}>" for name, value in PLAIN.items()),
        "<gateCustomParameters/><customParameters>",
        *(f"<keyValue><key>{k}</key><value>{v}</value></keyValue>" for k, v in CUSTOM.items()),
        "</customParameters></deliveryReport>",
    ]
).encode()


def read(body: bytes = b"", query: str = "") -> None:
    reading.read_callback(body=body, query=query, content_type=None)


def microseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - start) / TIMES * 1e6


def main(rounds: int) -> None:
    shapes: dict[str, Callable[[], object]] = {
        "JSON": partial(read, JSON),
        "JSON, by the rules for all": partial(reading.read, body=JSON),
        "query": partial(read, query=PAIRS),
        "form": partial(read, PAIRS.encode()),
        "XML": partial(read, XML),
        "json.loads alone": partial(json.loads, JSON),
    }
    try:
        shapes["orjson.loads alone"] = partial(import_module("orjson").loads, JSON)
    except ModuleNotFoundError:
        print("orjson is not installed")
    taken: dict[str, list[float]] = {name: [] for name in shapes}
    for _ in range(rounds):
        for name, work in shapes.items():
            taken[name].append(microseconds(work))
    for name, times in taken.items():
        print(f"  {name:28} {min(times):6.1f} µs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
