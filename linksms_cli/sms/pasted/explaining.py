"""What findings say of messages, put together as the store would: a story for each message."""

from collections.abc import Iterable, Sequence

from linksms_cli.sms import codes, timestamp
from linksms_cli.sms.codes import ResultCode
from linksms_cli.sms.dlr import receiving
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.dlr.tally import fold
from linksms_cli.sms.mt import verdict
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.mt.exchange import Exchange
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.pasted.finding import Finding
from linksms_cli.sms.story import Story, StoryReport

Explained = ResultCode | Story | IncomingMessage


def is_known(one: Explained) -> bool:
    """Return whether the table has the code that decides; an incoming message needs none."""
    if isinstance(one, ResultCode):
        return one.known
    number = one.result_code if isinstance(one, Story) else None
    return number is None or codes.explain(number).known


def explain(found: Iterable[Finding]) -> list[Story | IncomingMessage]:
    """Return a story for each message, and the incoming messages, in the order they first appear.

    What was pasted says neither when a report was received nor what was sent.
    """
    told: dict[object, IncomingMessage | list[Answer | Report]] = {}
    for finding in found:
        if isinstance(finding, IncomingMessage):
            told[len(told)] = finding
            continue
        # An answer without an id is about a message of its own.
        about = told.setdefault(finding.message_id or len(told), [])
        if isinstance(about, list) and finding not in about:  # a log may say it twice
            about.append(finding)
    return [
        about if isinstance(about, IncomingMessage) else _story(about) for about in told.values()
    ]


def _story(about: Sequence[Finding]) -> Story:
    answers = [finding for finding in about if isinstance(finding, Answer)]
    reports = [
        StoryReport(report=finding, received_at=timestamp.in_utc(finding.timestamp or "") or "")
        for finding in about
        if isinstance(finding, Report)
    ]
    statuses = [receiving.reported(seen.report, seen.received_at) for seen in reports]
    return Story(
        submission=_submission(answers[-1]) if answers else None,
        delivery=fold(statuses, None) if reports else None,
        reports=tuple(reports),
    )


def _submission(answer: Answer) -> Submission:
    """Return the submission that was answered so, as far as the answer says."""
    decided = verdict.decide(Exchange(sent=True, elapsed=0, status=200, answer=answer))
    return Submission(
        to="",
        source="",
        outcome=decided.outcome,
        result_code=decided.result_code,
        description=decided.description,
        message_id=decided.message_id,
        final=decided.final,
        delivered=decided.delivered,
        billed=decided.billed,
        retry=decided.retry,
        encoding=None,
        parts=None,
        profile=None,
        created_at="",
        sent_at=None,
        updated_at="",
        elapsed_ms=None,
    )
