"""What to write to LINK Support about a message: ids, times in UTC, codes in the guide's words."""

import textwrap

from linksms_cli.sms.codes import explain
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story, StoryReport
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import standing
from linksms_cli.views.layout import utc_time
from linksms_cli.views.status import record

_ASKED = {
    Outcome.PENDING: "It is not final. Where is it now, and was it delivered or billed?",
    Outcome.UNKNOWN: "We do not know what became of it. Was it delivered, and was it billed?",
    Outcome.FAILED: "Why was it not delivered, and is there anything to change on our side?",
    Outcome.REJECTED: "Why was it rejected, and is there anything to change on our side?",
    Outcome.NOT_SENT: "It could not be sent. Is something wrong, on your side or on ours?",
    Outcome.DELIVERED: (
        "It was reported as delivered, but the recipient says that it did not arrive. "
        "What did the operator report?"
    ),
}
_ANYTHING = "What became of it?"  # only a damaged store holds another outcome
# What mail programs leave in one line (RFC 5322 advises 78 characters).
_WIDTH = 76
_NAME = 12


def as_record(story: Story) -> dict[str, object]:
    """Return a ticket as one JSON object: the record of the message, and what is asked."""
    submission = story.submission
    return {
        **record.as_record(story),
        "base_url": submission.base_url if submission else None,
        "service_id": submission.service_id if submission else None,
        "operator": story.operator,
        "reference": story.reference,
        "question": _ASKED.get(story.outcome, _ANYTHING),
        "text": as_text(story),
    }


def as_text(story: Story) -> str:
    """Return a ticket as plain text to paste into a mail."""
    rows = {
        "Message id": story.message_id or "none was given",
        "Base URL": story.submission.base_url if story.submission else None,
        "Service id": story.submission.service_id if story.submission else None,
        "From": story.source,
        "To": story.to,
        "Sent": _sent(story),
        "Answer": _answer(story),
        "State": _state(story),
        "Parts": _parts(story),
        "Operator": story.operator,
        "Reference": story.reference,
    }
    known = [line for name, value in rows.items() if value for line in _row(name, str(value))]
    reports = [_report(seen) for seen in story.reports]
    return "\n".join(
        [
            *known,
            "Delivery reports (times in UTC):" if reports else "Delivery reports: none received",
            *reports,
            "",
            *textwrap.wrap(_ASKED.get(story.outcome, _ANYTHING), _WIDTH),
        ]
    )


def _row(name: str, value: str) -> list[str]:
    """Return a value beside its name: no line of it can pass for one of ours."""
    return _wrapped(value, f"{name + ':':{_NAME}}", " " * _NAME)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Return a text from outside in lines that a mail need not wrap; an id stays in one piece.

    `first` stands before the first line, `others` before the others.
    """
    return textwrap.wrap(
        visible(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _sent(story: Story) -> str | None:
    """Return when its request left, as far as anybody knows; the intent was stored before it."""
    if story.sent_at:
        return utc_time(story.sent_at)
    if story.submission is None:
        return None
    begun = utc_time(story.submission.created_at)
    match story.outcome:
        case Outcome.UNKNOWN:
            return f"after {begun}, if at all"
        case Outcome.NOT_SENT:
            return f"no; it was tried at {begun}"
    return None


def _answer(story: Story) -> str | None:
    submission = story.submission
    if submission is None:
        return None
    return story.answer or submission.problem or "none was seen"


def _state(story: Story) -> str:
    """Return the state by the code that decides, in the guide's words.

    What a code says of the parts that have come is not said of the message.
    """
    if story.result_code is None or standing.is_partly_final(story):
        return story.outcome.replace("_", " ")
    code = explain(story.result_code)
    words = code.description or "not in guide 5.1"
    return f"{code.code} {words}" + (f" ({code.state})" if code.state else "")


def _parts(story: Story) -> str:
    return f"{story.parts_reported} of {story.parts_expected or 'an unknown number'} reported"


def _report(seen: StoryReport) -> str:
    """Return a report in lines that a mail need not wrap."""
    report = seen.report
    code = explain(report.result_code)
    when = visible(utc_time(report.timestamp or seen.received_at))
    details = [f"id {report.id}"]
    if report.operator:
        details.append(f"operator {report.operator}")
    if report.operator_result_code:
        details.append(f"operator code {report.operator_result_code}")
    if report.sent_timestamp:
        details.append(f"sent to the operator {utc_time(report.sent_timestamp)}")
    said = f"{when}  {code.code} {code.description or 'not in guide 5.1'}"
    more = ", ".join(details)
    return "\n".join([*_wrapped(said, "  ", "    "), *_wrapped(more, "    ", "    ")])
