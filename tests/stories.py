"""Stories of messages that tests begin with: what was sent, and the reports that came since."""

from typing import Any

from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.dlr.receiving import reported
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import fold
from linksms_cli.sms.forward.due import ForwardState, State
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.mt.verdict import Verdict, decide
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.pasted import explaining
from linksms_cli.sms.story import Story, StoryReport
from tests.reporting import parsed

ID = "Dcshuhod0PMAAAFQ+/PbnR3x"
SENT_AT = "2026-11-26T09:00:00.100Z"


def answer(code: int, message_id: str | None = ID, description: str | None = None) -> Answer:
    """Return an answer of the gateway, in the words of the guide unless it has its own."""
    words = description or explain(code).description or ""
    return Answer(code=code, description=words, message_id=message_id)


def verdict(*, sent: bool = True, **exchange: Any) -> Verdict:
    """Return what is decided of an attempt: of an answer, a status or a fault."""
    if "answer" in exchange:
        exchange |= {"status": 200}
    return decide(Exchange(sent=sent, elapsed=0.0, **exchange))


def submission(verdict: Verdict | None = None, **changes: Any) -> Submission:
    """Return a submission with that verdict, as a store keeps it; without one it was accepted."""
    came_to = verdict or decide(Exchange(sent=True, elapsed=0.0, status=200, answer=answer(1005)))
    problem = came_to.problem
    values: dict[str, Any] = {
        "to": "+99955501234",
        "source": "LINK",
        "outcome": came_to.outcome,
        "result_code": came_to.result_code,
        "description": came_to.description,
        "message_id": came_to.message_id,
        "final": came_to.final,
        "delivered": came_to.delivered,
        "billed": came_to.billed,
        "retry": came_to.retry,
        "encoding": None,
        "parts": 1,
        "profile": None,
        "created_at": "2026-11-26T09:00:00.000Z",
        "sent_at": SENT_AT,
        "updated_at": "2026-11-26T09:00:01.000Z",
        "elapsed_ms": 5,
        "problem": problem.message if problem else None,
        "problem_kind": problem.kind if problem else None,
    }
    return Submission(**(values | changes))


def intent() -> Submission:
    """Return the intent of a process that was killed before it stored an outcome."""
    return submission(
        outcome=Outcome.UNKNOWN,
        result_code=None,
        description=None,
        message_id=None,
        final=False,
        delivered=Certainty.UNKNOWN,
        billed=Certainty.UNKNOWN,
        retry=Retry.NEVER,
        sent_at=None,
        updated_at="2026-11-26T09:00:00.000Z",
        elapsed_ms=None,
    )


def report(code: int, *, part: int | None = None, of: int | None = 1, **more: Any) -> Report:
    """Return a report of the message, or of a part of it, counted from 0."""
    values = {
        "id": ID if part is None else f"{ID}${part}",
        "resultCode": code,
        "segments": of,
        "operatorResultCode": None,
        "sentTimestamp": "2026-11-26T09:00:02Z",
        "timestamp": "2026-11-26T09:00:05Z",
        "customParameters": {"source": "LINK", "destination": "+99955501234"},
    }
    return parsed(**(values | more))


def heard(one: Report, *forwards: ForwardState) -> StoryReport:
    """Return a report as it was received, and what became of it at targets."""
    return StoryReport(report=one, received_at="2026-11-26T09:00:06.000Z", forwards=forwards)


def forward(state: State = State.FORWARDED, **changes: Any) -> ForwardState:
    """Return what became of a report at a target, which has taken it at once."""
    is_done = state is State.FORWARDED
    values: dict[str, Any] = {
        "target": "https://crm.example/dlr",
        "number": 1,
        "state": state,
        "attempts": 1,
        "status": 200 if is_done else None,
        "failure": None,
        "forwarded_at": "2026-11-26T09:00:07.000Z" if is_done else None,
        "next_attempt_at": None,
    }
    return ForwardState(**(values | changes))


def story(sent: Submission | None, *reports: Report | StoryReport, number: int | None = 1) -> Story:
    """Return the story of a message; `sent` is None if others have sent it."""
    seen = [one if isinstance(one, StoryReport) else heard(one) for one in reports]
    statuses = [reported(one.report, one.received_at) for one in seen]
    return Story(
        submission=sent,
        delivery=fold(statuses, sent.parts if sent else None) if seen else None,
        reports=tuple(seen),
        number=number if sent else None,
    )


def pasted(*found: Answer | Report) -> Story:
    """Return the story of what was pasted about one message."""
    (told,) = explaining.explain(found)
    assert isinstance(told, Story)
    return told
