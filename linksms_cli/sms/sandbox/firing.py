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

_LOST = (
    "LINK takes the report as not received. The guide does not say whether it is sent again: it "
    "may be lost."
)
_LATE = "The guide names no time limit; LINK may give up earlier, and the report may be lost."
_NOT_FOLLOWED = f"{_LOST} Nothing says that LINK follows redirects."
_OPEN = "LINK notices nothing, but anybody who finds the URL can report what they like."


def judge(
    case: Case, answers: Sequence[FiredAnswer], *, expected: bytes | None, usual: int | None
) -> Graded:
    """Grade what a receiver answered in one case.

    `expected` is the body that it is to answer, None for any. `usual` is its status for a plain
    report in this format: where it is the same, the case's own peculiarity is not what is wrong.
    """
    slowest = max(answer.seconds for answer in answers)
    worst = next((each for each in answers if not _is_right(each, expected)), answers[-1])
    graded = Graded(case=case, grade=Grade.PASSED, status=worst.status, seconds=slowest)
    if case.to_be_refused:
        if _is_right(worst, expected):
            return _with(graded, Grade.DOUBTFUL, "it is admitted", _OPEN, case.mend)
        return graded
    if _is_right(worst, expected):
        if slowest > SWIFT:
            mend = "Store the report and answer; do the rest of the work afterwards."
            return _with(graded, Grade.DOUBTFUL, f"it took {slowest:.1f} s", _LATE, mend)
        return graded
    reason, after, mend = _fault(case, worst, expected, usual)
    if len(answers) > 1:
        reason += f" (report {answers.index(worst) + 1})"
    return _with(graded, Grade.FAILED, reason, after, mend)


def _fault(
    case: Case, answer: FiredAnswer, expected: bytes | None, usual: int | None
) -> tuple[str, str, str]:
    """Return what is wrong with an answer, what LINK would do then, and what to change."""
    if answer.status is None:
        return answer.failure or "no answer", _LOST, case.mend
    if answer.status == 200:
        reason = f"the body is {_excerpt(answer.body)} instead of {_excerpt(expected or b'')}"
        return reason, _LOST, "Answer exactly the body that LINK Support has set for your gate."
    mend = case.mend
    if usual is None or answer.status == usual:
        mend = _MENDING.get(answer.status, mend)
    after = _NOT_FOLLOWED if 300 <= answer.status < 400 else _LOST
    return f"HTTP {answer.status} instead of 200", after, mend


def not_tried(case: Case) -> Graded:
    """Return the grade of a case for which the receiver no longer answered."""
    return Graded(
        case=case,
        grade=Grade.NOT_TRIED,
        status=None,
        seconds=0.0,
        reason="the receiver had stopped answering",
        next=_LOST,
        mend="Mend what failed before, and fire again.",
    )


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


# What a status says that has nothing to do with the report.
_REDIRECTED = "Give LINK the URL that it redirects to, or take the redirect away."
_MENDING = {
    **dict.fromkeys((201, 202, 204), "Answer 200: the guide takes no other status for a receipt."),
    **dict.fromkeys((301, 302, 303, 307, 308), _REDIRECTED),
    401: "Give the credentials that LINK sends, with --header.",
    403: "Give the header that LINK sends with --header, or admit this machine's address.",
    404: "Check the path of the URL.",
    405: "Take this method: JSON, XML and form reports come by POST, query reports by GET.",
    415: "Take this Content-Type, or fire only the format that LINK sends you, with --format.",
    429: "Do not limit LINK's rate: reports come as fast as messages are sent.",
}


def _is_right(answer: FiredAnswer, expected: bytes | None) -> bool:
    return answer.status == 200 and expected in (None, answer.body)


def _with(graded: Graded, grade: Grade, reason: str, after: str, mend: str) -> Graded:
    return Graded(
        case=graded.case,
        grade=grade,
        status=graded.status,
        seconds=graded.seconds,
        reason=reason,
        next=after,
        mend=mend,
    )


def _excerpt(body: bytes) -> str:
    text = body[:40].decode("utf-8", "replace")
    return repr(text + "…" if len(body) > 40 else text)


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
