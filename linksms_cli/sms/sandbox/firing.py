"""What a receiver is graded by: each kind of report that it may get, and how it answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from linksms_cli.sms.account import base_url
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.receiver_url import ReceiverUrl
from linksms_cli.sms.sandbox.settings import check_receiver_url

# Seconds within which an answer is expected. The guide names no limit; a gateway that waits for
# longer than the second one would be rare.
SWIFT = 3.0
LONGEST = 10.0


# How ids begin, so that the reports can be found again and deleted.
PREFIX = "SANDBOX-"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringOrder:
    """What is fired: at which receiver, in which formats, with which headers.

    `expected_body` is what the receiver is to answer, None for anything. Cases whose names are
    among the `skipped` are left out.
    """

    url: str = field(repr=False)
    formats: tuple[Format, ...] = tuple(Format)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    expected_body: bytes | None = None
    skipped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise UsageError if the URL is not one; it is not repeated: a secret may be in it."""
        check_receiver_url(self.url, "--fire")

    @property
    def is_local(self) -> bool:
        """Whether the receiver is on this machine."""
        return base_url.is_loopback(ReceiverUrl.parse(self.url).host)


class Grade(StrEnum):
    """How well a receiver did."""

    PASSED = "passed"
    DOUBTFUL = "doubtful"
    """It works, but it may not always."""
    FAILED = "failed"
    NOT_TRIED = "not_tried"
    """The receiver had stopped answering before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of report: its name, what it is in words, and how to mend a receiver that fails.

    With `to_be_refused`, a receiver does well if it does not answer 200.
    """

    name: str
    format: Format
    title: str
    mend: str
    to_be_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FiredAnswer:
    """What came back for one request: a status, or why there was none; `seconds` is how soon."""

    status: int | None
    body: bytes = b""
    seconds: float = 0.0
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """How a receiver did in one case.

    `reason` says what was wrong, `next` what LINK would do then, `mend` what to change; all three
    are None if nothing was wrong.
    """

    case: Case
    grade: Grade
    status: int | None
    seconds: float
    reason: str | None = None
    next: str | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetUnreachable:
    """The receiver cannot be connected to, and `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringSummary:
    """How a receiver did in all: how many cases had each grade, and how soon it answered."""

    counts: dict[Grade, int]
    median: float | None
    slowest: float | None

    @classmethod
    def of(cls, graded: Sequence[Graded]) -> "FiringSummary":
        """Return the summary of cases."""
        times = sorted(each.seconds for each in graded if each.status is not None)
        return cls(
            counts={grade: sum(each.grade is grade for each in graded) for grade in Grade},
            median=times[len(times) // 2] if times else None,
            slowest=times[-1] if times else None,
        )

    @property
    def all_passed(self) -> bool:
        """Whether every case is passed, none only doubtful."""
        return self.counts[Grade.PASSED] == sum(self.counts.values())

    def record(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "event": "summary",
            "cases": sum(self.counts.values()),
            **{str(grade): count for grade, count in self.counts.items()},
            "median_ms": _milliseconds(self.median),
            "slowest_ms": _milliseconds(self.slowest),
        }


FiringEvent = Graded | TargetUnreachable | FiringSummary


def as_record(graded: Graded) -> dict[str, Any]:
    """Return a graded case as JSON has it."""
    return {
        "event": "case",
        "case": graded.case.name,
        "format": graded.case.format,
        "title": graded.case.title,
        "grade": graded.grade,
        "status": graded.status,
        "elapsed_ms": _milliseconds(graded.seconds),
        "reason": graded.reason,
        "next": graded.next,
        "mend": graded.mend,
    }


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
