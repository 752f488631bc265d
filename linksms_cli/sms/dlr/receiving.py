"""What a receiver tells: ready, then each report, and whatever else came to its door."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from linksms_cli.errors import ExitCode
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import Content
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import PartStatus
from linksms_cli.sms.outcome import Outcome

# How much is stored of what cannot be read as a report: the disk is not for whoever finds the URL.
UNREADABLE_BYTES = 64 * 1024 * 1024


class Callback(NamedTuple):
    """One request that came with something to store.

    `headers` are those that matter later, by their names in lower case. `contents` is what it
    holds, one content at least. `received_at` is RFC 3339 in UTC.
    """

    received_at: str
    remote: str
    method: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    contents: tuple[Content, ...]

    @property
    def content_type(self) -> str | None:
        """What the request said its body is."""
        return dict(self.headers).get("content-type")

    @property
    def octets(self) -> bytes:
        """What came: the body, or the query of a request that has none."""
        return self.body or self.query.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverReady:
    """It listens; reports go to `url`."""

    url: str


class ReceivedReport(NamedTuple):
    """A report is stored, and the state of its message is `delivery` from now on.

    `number` is its place in the store.
    """

    number: int
    report: Report
    received_at: str
    remote: str
    duplicate: bool
    delivery: Delivery


class ReceivedMessage(NamedTuple):
    """An incoming message is stored; `number` is its place in the store.

    It is a duplicate if another with its id has come before.
    """

    number: int
    message: IncomingMessage
    received_at: str
    remote: str
    duplicate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableCallback:
    """Something is stored that could not be read as a report; `number` finds it in the store."""

    number: int
    fault: str
    received_at: str
    remote: str
    method: str
    content_type: str | None
    size: int
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedCaller:
    """Somebody was not admitted; told at most once a minute for each address."""

    remote: str
    reason: str
    received_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedRequest:
    """Somebody asked for a path that nothing is at; told at most once a minute for each address."""

    remote: str
    method: str
    path: str
    received_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRead:
    """New connections are shown the certificate that its files hold now."""

    valid_until: str | None
    read_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverTrouble:
    """Something keeps reports from coming in or being stored, or no longer does."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForwarded:
    """A target has answered 2xx. `id` is None if what was forwarded has none."""

    target: str
    number: int
    id: str | None
    webhook_id: str
    attempt: int
    status: int
    elapsed_ms: int
    forwarded_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardFailed:
    """A target has not taken a report; told at most once a minute for each target.

    `failures` counts those since the last time it was told. Without a next attempt it is set aside.
    """

    target: str
    number: int
    id: str | None
    webhook_id: str
    attempt: int
    status: int | None
    error: str | None
    set_aside: bool
    next_attempt_at: str | None
    failures: int
    failed_at: str


class Ending(StrEnum):
    """Why a receiver stopped."""

    SIGNAL = "signal"
    TIMEOUT = "timeout"
    FINAL = "until-final"
    ENOUGH = "exit-after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverStopped:
    """It listens no longer. `outcome` is that of the message it waited for, if it did."""

    why: Ending
    exit_code: ExitCode
    outcome: Outcome | None = None


StoredCallback = ReceivedReport | ReceivedMessage | UnreadableCallback
ReceiverEvent = (
    ReceiverReady
    | ReceivedReport
    | ReceivedMessage
    | UnreadableCallback
    | DeniedCaller
    | UnmatchedRequest
    | CertificateRead
    | ReceiverTrouble
    | ReportForwarded
    | ForwardFailed
    | ReceiverStopped
)


# What a body that could not be read shows of itself.
_EXCERPT = 200


def told(
    callback: Callback,
    content: Content,
    number: int,
    *,
    duplicate: bool = False,
    delivery: Delivery | None = None,
) -> StoredCallback:
    """Return what a content of a callback is once it is stored, a report with its `delivery`."""
    received_at, remote = callback.received_at, callback.remote
    if isinstance(content, Report):
        if delivery is None:
            raise AssertionError("a stored report has the state of its message")
        return ReceivedReport(number, content, received_at, remote, duplicate, delivery)
    if isinstance(content, IncomingMessage):
        return ReceivedMessage(number, content, received_at, remote, duplicate)
    raw = callback.octets
    return UnreadableCallback(
        number=number,
        fault=content.fault,
        received_at=received_at,
        remote=remote,
        method=callback.method,
        content_type=callback.content_type,
        size=len(raw),
        excerpt=raw[:_EXCERPT].decode("utf-8", "replace"),
    )


def reported(report: Report, received_at: str) -> PartStatus:
    """Return what a report says of the state of its message."""
    return PartStatus(
        report.part, report.result_code, report.timestamp, report.segments, received_at
    )
