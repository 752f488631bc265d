"""The story of a message, as it is shown: a record, a timeline, a line of the list."""

import textwrap
from collections.abc import Iterable

from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Forgotten, Story, StoryReport
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.code import tone_of
from linksms_cli.views.layout import LABEL, Tone, counted, date_and_time, labelled, paint, shortened
from linksms_cli.views.listen import fields
from linksms_cli.views.send import TONES

_KEYS = (
    "message_id",
    "to",
    "from",
    "outcome",
    "result_code",
    "description",
    "final",
    "delivered",
    "billed",
    "retry",
    "parts_expected",
    "parts_reported",
    "sent_at",
    "updated_at",
)
# The columns of the list: a time of day to the minute, a number of 15 digits with its plus.
_WHEN, _TO = 18, 17
# What a step of the timeline begins with: a margin of two, and its time.
_STEP = 2 + 22


def as_record(story: Story) -> dict[str, object]:
    """Return a story as one JSON object, with its reports in the order of their arrival."""
    names = {"from": "source"}
    record: dict[str, object] = {key: getattr(story, names.get(key, key)) for key in _KEYS}
    return record | {"reports": [_report_record(seen) for seen in story.reports]}


def as_missing_record(asked: str) -> dict[str, object]:
    """Return the record of a message that the store does not know."""
    return dict.fromkeys(_KEYS) | {"message_id": asked, "reports": []}


def as_missing_text(asked: str) -> str:
    """Say that the store does not know a message."""
    return paint(f"{visible(asked)} is not in the store", Tone.BAD)


def as_text(story: Story, width: int = 80) -> str:
    """Tell a story within `width` columns: what became of it, each step, and what to do."""
    outcome = _words(story.outcome)
    first, *more = textwrap.wrap(f"{outcome}: {_certainty(story)}", width)
    lines = [
        paint(visible(story.message_id or "(no id)"), Tone.STRONG),
        *_between(story, width),
        paint(outcome, TONES[story.outcome]) + first.removeprefix(outcome),
        *more,
        "",
        *_timeline(story, width),
        "",
        *_advice(story, width),
    ]
    return "\n".join(lines)


def _between(story: Story, width: int) -> list[str]:
    """Return to whom and from whom in lines, none if nobody said either."""
    if not story.to and not story.source:
        return []
    words = f"to {_to(story)} from {story.source or 'an unknown sender'}"
    return textwrap.wrap(visible(words), width)


def as_progress(message_id: str, delivery: Delivery) -> str:
    """Say how far a message is, while it is waited for."""
    expected = delivery.parts_expected or "?"
    parts = f"{delivery.parts_reported} of {expected} parts reported"
    return f"{visible(message_id)}: {_words(delivery.outcome)}, {parts}"


def as_forgotten_record(forgotten: Forgotten, *, dry_run: bool) -> dict[str, object]:
    """Return what was deleted, or would be, as one JSON object."""
    return {
        "before": forgotten.before,
        "messages": forgotten.messages,
        "reports": forgotten.reports,
        "erased": forgotten.erased,
        "dry_run": dry_run,
    }


def as_forgotten(forgotten: Forgotten, *, dry_run: bool) -> str:
    """Say how much was deleted, or would be."""
    done = "would delete" if dry_run else "deleted"
    return f"{done} {_amount(forgotten)}"


def question(forgotten: Forgotten) -> str:
    """Ask whether to delete."""
    return f"Delete {_amount(forgotten)}?"


def _amount(forgotten: Forgotten) -> str:
    messages = counted(forgotten.messages, "message")
    reports = counted(forgotten.reports, "report")
    return f"{messages} and {reports} from before {date_and_time(forgotten.before)}"


def as_table(stories: Iterable[Story]) -> str:
    """List messages, a row each: when, to whom, what became of them, and their ids."""
    head = f"{'WHEN (UTC)':<{_WHEN}}{'TO':<{_TO}}{'OUTCOME':<11}{'REPORTS':<8}ID"
    rows = [
        f"{date_and_time(story.sent_at or story.updated_at)[:16]:<{_WHEN}}"
        f"{shortened(story.to or '?', _TO - 1):<{_TO}}"
        + paint(f"{_words(story.outcome):<11}", TONES[story.outcome])
        + f"{_parts(story):<8}{visible(story.message_id or '-')}"
        for story in stories
    ]
    return "\n".join([paint(head, Tone.QUIET), *rows])


def _timeline(story: Story, width: int) -> list[str]:
    submission = story.submission
    many = (story.parts_expected or 1) > 1
    moments = [*([_handed_over(submission)] if submission else []), *map(_moment, story.reports)]
    # Of what was pasted nobody may know a time.
    margin = _STEP if any(moments) else 2
    column = 2 + max([8, *(len(_part(seen.report, story, many=many)) for seen in story.reports)])
    room = width - margin - column
    steps: list[tuple[str, list[str]]] = []
    if submission:
        steps.append((_step(submission), textwrap.wrap(visible(_answer(submission)), room)))
    steps += [
        (_part(seen.report, story, many=many), _said(seen.report, room)) for seen in story.reports
    ]
    return [
        line
        for when, (step, (first, *more)) in zip(moments, steps, strict=True)
        for line in (
            f"  {date_and_time(when):<{margin - 2}}{step:<{column}}{first}",
            *(" " * (margin + column) + line for line in more),
        )
    ]


def _handed_over(submission: Submission) -> str:
    return submission.sent_at or submission.updated_at


def _step(submission: Submission) -> str:
    if not submission.created_at:  # nobody sent it from here: the answer was pasted
        return "answered"
    return "sent" if submission.sent_at else "not sent"


def _answer(submission: Submission) -> str:
    if submission.problem:
        return submission.problem
    if submission.result_code is None:
        return "no answer was seen"
    return f"{submission.result_code} {submission.description or ''}".rstrip()


def _moment(seen: StoryReport) -> str:
    return seen.report.timestamp or seen.received_at


def _part(report: Report, story: Story, *, many: bool) -> str:
    if report.part is None:
        return "all parts" if many else "reported"
    return f"part {report.part + 1} of {story.parts_expected or '?'}" if many else "reported"


def _said(report: Report, room: int) -> list[str]:
    """Return what a report says in lines of that room: its code, and the operator's."""
    code = explain(report.result_code)
    words = f"{code.code} {code.description or 'an unknown code'}"
    lines = [paint(line, tone_of(code)) for line in textwrap.wrap(words, room)]
    if report.operator or report.operator_result_code:
        operator = f"operator {report.operator or 'unknown'}"
        if report.operator_result_code:
            operator += f", its own code {report.operator_result_code}"
        lines += [paint(line, Tone.QUIET) for line in textwrap.wrap(visible(operator), room)]
    return lines


def _advice(story: Story, width: int) -> list[str]:
    lines: list[str] = []
    meaning, action = _meaning(story)
    if meaning:
        lines += _paragraph("Meaning", meaning, width)
    if action and story.outcome is not Outcome.DELIVERED:
        lines += _paragraph("Next", action, width)
    again = _RESEND[story.retry]
    if story.retry is Retry.WAIT and story.outcome is Outcome.FAILED:
        again = "Not yet: other parts of it are still on their way."
    lines += _paragraph("Resend", again, width)
    if story.outcome in {Outcome.FAILED, Outcome.UNKNOWN, Outcome.PENDING} and story.message_id:
        told = [f"message id {story.message_id}"]
        told += [f"to {story.to}"] if story.to else []
        told += [f"sent {story.sent_at}"] if story.sent_at else []
        told += [f"result code {story.result_code}"] if story.result_code is not None else []
        words = f"Tell LINK Support: {visible(', '.join(told))}."
        lines += _paragraph("Support", words, width)
    return lines


def _meaning(story: Story) -> tuple[str | None, str | None]:
    """Return what the decisive code means and what to do, None for what nobody can say."""
    if story.result_code is None:
        return None, None
    code = explain(story.result_code)
    if story.outcome is Outcome.PENDING and code.final:
        # It is the last word on some parts only: of the message as a whole it would be untrue.
        expected = story.parts_expected or "an unknown number of"
        meaning = f"Final so far: {story.parts_reported} of {expected} parts. The rest is to come."
        return meaning, "Wait for the other reports: linksms status ID --wait 5m"
    return code.meaning, code.action


_RESEND = {
    Retry.WAIT: "Not yet: it is still on its way.",
    Retry.DONE: "No need: it was delivered.",
    Retry.SAFE: "It may be sent again: nothing was delivered or billed.",
    Retry.POINTLESS: "Pointless: nothing was delivered or billed, and it would fail again.",
    Retry.NEVER: "No: it may have been delivered or billed already.",
}


def _certainty(story: Story) -> str:
    delivered = {
        Certainty.YES: "delivered",
        Certainty.NO: "not delivered yet" if _may_come(story) else "not delivered",
        Certainty.UNKNOWN: "delivery unknown",
    }[story.delivered]
    billed = {
        Certainty.YES: "billed if it has a charge",
        Certainty.NO: "not billed",
        Certainty.UNKNOWN: "billing unknown",
    }[story.billed]
    final = "final" if story.final else "not final"
    reported = f", {_parts(story)} parts reported" if story.reports else ""
    return f"{delivered}, {billed}, {final}{reported}"


def _may_come(story: Story) -> bool:
    """Return whether it may yet be delivered: not where one part of it finally was not."""
    return not story.final and story.outcome is not Outcome.FAILED


def _to(story: Story) -> str:
    return story.to or "an unknown number"


def _parts(story: Story) -> str:
    return f"{story.parts_reported} of {story.parts_expected or '?'}"


def _words(outcome: Outcome) -> str:
    return outcome.replace("_", " ")


def _paragraph(name: str, text: str, width: int) -> list[str]:
    return labelled(name, textwrap.wrap(text, width - LABEL))


def _report_record(seen: StoryReport) -> dict[str, object]:
    report = seen.report
    return {
        "id": report.id,
        **fields(report),
        "timestamp": report.timestamp,
        "received_at": seen.received_at,
    }
