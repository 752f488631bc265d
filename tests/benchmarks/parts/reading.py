"""How much processor time it takes to read a report, in each format."""

import json
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from linksms_cli.sms.dlr import reading
from tests.benchmarks.figures import Figure, Result
from tests.benchmarks.turns import Run, take_turns

RIVALS = ()
ROUNDS = 20

_TIMES = 1000
_CUSTOM = {"received": "2026-11-19 10:37:36", "source": "2333", "destination": "+99955501234"}
_PLAIN = {
    "refId": None,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x$0",
    "operator": "no.telenor",
    "sentTimestamp": "2026-11-19T09:37:35Z",
    "timestamp": "2026-11-19T09:37:00Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 1,
}
_JSON = json.dumps(_PLAIN | {"gateCustomParameters": {}, "customParameters": _CUSTOM}).encode()
_PAIRS = urlencode(
    {name: value or "" for name, value in _PLAIN.items()}
    | {f"customParameters.{name}": value for name, value in _CUSTOM.items()}
)
_XML = "".join(
    [
        '<?xml version="1.0" encoding="UTF-8"?><deliveryReport>',
        *(f"<{name}>{value or ''}</{name}>" for name, value in _PLAIN.items()),
        "<gateCustomParameters/><customParameters>",
        *(f"<keyValue><key>{k}</key><value>{v}</value></keyValue>" for k, v in _CUSTOM.items()),
        "</customParameters></deliveryReport>",
    ]
).encode()


def measure(run: Run) -> Result:
    """Read the same report in each format, in turns."""
    shapes: dict[str, Callable[[], object]] = {
        "JSON": partial(_read, _JSON),
        "JSON, by the rules for all": partial(reading.read, body=_JSON),
        "query": partial(_read, query=_PAIRS),
        "form": partial(_read, _PAIRS.encode()),
        "XML": partial(_read, _XML),
        "json.loads alone": partial(json.loads, _JSON),
    }
    taken = take_turns(
        {name: partial(_microseconds, work) for name, work in shapes.items()}, run.rounds
    )
    return Result(
        title=f"reading: one report, processor time, {run.rounds} turns of {_TIMES:,}",
        figures=[Figure(name=name, samples=samples, unit="µs") for name, samples in taken.items()],
    )


def _read(body: bytes = b"", query: str = "") -> None:
    reading.read_callback(body=body, query=query, content_type=None)


def _microseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(_TIMES):
        work()
    return (time.process_time() - start) / _TIMES * 1e6
