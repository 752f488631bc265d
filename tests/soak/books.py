"""What each party of a soak has in its book, as values that can be compared."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs

from tests.restarted import Came
from tests.soak.flatness import Sample
from tests.soak.ways import Exchange
from tests.stored import query

CONCURRENCY = 8
ACCEPTED = 1005

Records = list[dict[str, Any]]
Message = Mapping[str, Any]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Submitted(NamedTuple):
    """A request for a message, as the way to the gateway saw it; `life` is the gateway's.

    `code` is what it answered, a result code or an HTTP status that is none; None if nobody heard.
    """

    life: int
    to: str
    passed_on: int
    is_clear: bool
    code: int | None
    message_id: str


class ReportKey(NamedTuple):
    """What makes two reports the same: the id with its part, the code, its time."""

    id: str
    code: int
    timestamp: str


class Posted(NamedTuple):
    """A report, as the way to the receiver saw it; `acknowledged` counts answers of 200."""

    key: ReportKey
    passed_on: int
    acknowledged: int


class Submission(NamedTuple):
    """A row of the store's outbox."""

    to: str
    outcome: str | None
    code: int | None
    message_id: str | None
    parts: int


class StoredReport(NamedTuple):
    """A report in the store, or in an event about it."""

    key: ReportKey
    received_at: str
    duplicate: bool

    @property
    def message_id(self) -> str:
        """The message that it is about."""
        return self.key.id.partition("$")[0]


class Arrived(NamedTuple):
    """A request that came to the target."""

    webhook_id: str
    report: StoredReport


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """A run of the `batch`th file: its exit code, and what it printed; the last may be missing."""

    batch: int
    code: int
    records: Records

    @property
    def is_killed(self) -> bool:
        return self.code < 0

    @property
    def summary(self) -> Mapping[str, Any] | None:
        """What it said at its end."""
        last = self.records[-1] if self.records else {}
        return last if last.get("event") == "summary" else None

    @property
    def rows(self) -> Records:
        return [record for record in self.records if "row" in record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All books at the end of a soak.

    `rows` are the recipients of each file, and `out` those whose request was out when the batch was
    killed, for each kill. `taken` and `told` are what the gateway and the receiver have printed, a
    list for each life. `statuses` is what `status --batch` says of each file. `complaints` are what
    should not have been said or done by any of them.
    """

    rows: Sequence[Sequence[str]]
    submitted: Sequence[Submitted]
    taken: Sequence[Sequence[Message]]
    submissions: Sequence[Submission]
    out: Sequence[frozenset[str]]
    runs: Sequence[BatchRun]
    posted: Sequence[Posted]
    reports: Sequence[StoredReport]
    told: Sequence[Sequence[StoredReport]]
    arrived: Sequence[Arrived]
    statuses: Sequence[Records]
    samples: Sequence[Sample] = ()
    complaints: Sequence[str] = field(default=())


def grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """Return the values of each key, in their order."""
    found: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def ids_of(message_id: str, parts: int) -> set[str]:
    """Return the ids of a message's reports."""
    return {message_id} if parts == 1 else {f"{message_id}${part}" for part in range(parts)}


def lines_of(file: Path) -> Records:
    """Return the objects that a process printed; a line that a kill has cut is left out."""
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()]


def submitted(life: int, exchange: Exchange) -> Submitted:
    """Return what an exchange on the way to the gateway was about."""
    target = exchange.request.partition(b" HTTP/")[0].decode().partition("?")[2]
    (to,) = parse_qs(target)["Destination"]
    answer = exchange.answers[-1].decode() if exchange.answers else ""
    status, _, body = answer.removeprefix("HTTP/1.1 ").partition("\r\n")
    code, _, rest = body.rpartition("\r\n\r\n")[2].partition(";")
    if not status.startswith("200 "):
        code, rest = status[:3], ""
    return Submitted(
        life=life,
        to=to,
        passed_on=exchange.passed_on,
        is_clear=exchange.is_clear,
        code=int(code) if code else None,
        message_id=rest.rpartition(";")[2],
    )


def posted(exchange: Exchange) -> Posted:
    """Return what an exchange on the way to the receiver was about; one report may be bad JSON."""
    id_, code, timestamp = (
        _found(pattern, exchange.request)
        for pattern in (rb'"id": "([^"]*)', rb'"resultCode": (\d+)', rb'"timestamp": "([^"]*)')
    )
    acknowledged = sum(answer.startswith(b"HTTP/1.1 200 ") for answer in exchange.answers)
    return Posted(ReportKey(id_, int(code), timestamp), exchange.passed_on, acknowledged)


def taken(file: Path) -> Records:
    """Return the messages that the gateway has printed in one life."""
    return [event for event in lines_of(file) if event["event"] == "message"]


def told(file: Path) -> list[StoredReport]:
    """Return the reports that a receiver has printed in one life."""
    return [_told(event) for event in lines_of(file) if event["event"] == "report"]


def arrived(came: Iterable[Came]) -> list[Arrived]:
    """Return what came to the target."""
    return [Arrived(one.webhook_id, _told(json.loads(one.event))) for one in came]


def submissions(state: str) -> list[Submission]:
    """Return the outbox of a store."""
    columns = "destination, outcome, result_code, message_id, parts"
    return [
        Submission(*row)
        for row in query(state, f"SELECT {columns} FROM submission ORDER BY id")  # noqa: S608
    ]


def reports(state: str) -> list[StoredReport]:
    """Return the reports of a store, in their order."""
    columns = "message_id, part, result_code, timestamp, received_at, duplicate"
    rows = query(state, f"SELECT {columns} FROM callback ORDER BY id")  # noqa: S608
    return [
        StoredReport(
            ReportKey(id_ if part is None else f"{id_}${part}", code, timestamp),
            received_at,
            bool(duplicate),
        )
        for id_, part, code, timestamp, received_at, duplicate in rows
    ]


def _told(event: Mapping[str, Any]) -> StoredReport:
    key = ReportKey(event["id"], event["result_code"], event["timestamp"])
    return StoredReport(key, event["received_at"], event["duplicate"])


def _found(pattern: bytes, text: bytes) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1].decode()
