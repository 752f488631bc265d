"""The story of a message, as it is shown: a record, a timeline, a line of the list."""

import textwrap

from linksms_cli.sms.codes import Certainty, Retry, explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story, StoryReport
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.code import tone_of, words_of
from linksms_cli.views.forwards import state_text
from linksms_cli.views.layout import LABEL, Tone, date_and_time, labelled, paint
from linksms_cli.views.send import TONES
from linksms_cli.views.status import unknown
from linksms_cli.views.status.table import outcome_of
from linksms_cli.views.status.unknown import numbered, ticket_command, word


def as_missing_text(asked: str) -> str:
    """Say that the store does not know a message."""
    return paint(f"{visible(asked)} is not in the store", Tone.BAD)


def as_text(
    story: Story, width: int = 80, *, overdue: float | None = None, is_stored: bool = True
) -> str:
    """Return a story within `width` columns: what became of it, each step, and what to do.

    `overdue` is after how many seconds it should have been final, if it should. What was pasted is
    not stored, so no command finds it.
    """
    outcome = outcome_of(story, is_overdue=overdue is not None)
    first, *more = textwrap.wrap(f"{outcome}: {_certainty(story)}", width)
    lines = [
        paint(visible(story.handle or "(no id)"), Tone.STRONG),
        *_between(story, width),
        paint(outcome, TONES[story.outcome]) + first.removeprefix(outcome),
        *more,
        "",
        *_timeline(story, width),
        "",
        *_advice(story, width, overdue, is_stored=is_stored),
    ]
    return "\n".join(lines)


def _between(story: Story, width: int) -> list[str]:
    """Return to whom and from whom in lines, none if nobody said either."""
    if not story.to and not story.source:
        return []
    words = f"to {_to(story)} from {story.source or 'an unknown sender'}"
    if story.reference:
        words += f", reference {story.reference}"
    return textwrap.wrap(visible(words), width)


def as_progress(message_id: str, delivery: Delivery) -> str:
    """Say how far a message is, while it is waited for."""
    expected = delivery.parts_expected or "?"
    parts = f"{delivery.parts_reported} of {expected} parts reported"
    return f"{visible(message_id)}: {delivery.outcome}, {parts}"


def _timeline(story: Story, width: int) -> list[str]:
    submission = story.submission
    many = (story.parts_expected or 1) > 1
    moments = [*([_handed_over(submission)] if submission else []), *map(_moment, story.reports)]
    # Of what was pasted nobody may know a time.
    times = [date_and_time(when) for when in moments]
    margin = 2 + max(map(len, times), default=0) + 2 if any(moments) else 2
    column = 2 + max([8, *(len(_part(seen.report, story, many=many)) for seen in story.reports)])
    room = width - margin - column
    steps: list[tuple[str, list[str]]] = []
    if submission:
        steps.append((_step(submission), textwrap.wrap(visible(_answer(submission)), room)))
    steps += [(_part(seen.report, story, many=many), _said(seen, room)) for seen in story.reports]
    return [
        line
        for when, (step, (first, *more)) in zip(times, steps, strict=True)
        for line in (
            f"  {when:<{margin - 2}}{step:<{column}}{first}",
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


def _said(seen: StoryReport, room: int) -> list[str]:
    """Return what a report says in lines of that room: its code, the operator's, its targets."""
    report = seen.report
    code = explain(report.result_code)
    lines = [paint(line, tone_of(code)) for line in textwrap.wrap(words_of(code), room)]
    if report.operator or report.operator_result_code:
        operator = f"operator {report.operator or 'unknown'}"
        if report.operator_result_code:
            operator += f", its own code {report.operator_result_code}"
        lines += [paint(line, Tone.QUIET) for line in textwrap.wrap(visible(operator), room)]
    for forward in seen.forwards:
        said = visible(state_text(forward))
        lines += [paint(line, Tone.QUIET) for line in textwrap.wrap(said, room)]
    return lines


def _advice(story: Story, width: int, overdue: float | None, *, is_stored: bool) -> list[str]:
    if story.outcome is Outcome.UNKNOWN and is_stored:
        return unknown.as_lines(story, width)
    lines: list[str] = []
    meaning, action = _meaning(story)
    if meaning:
        lines += _paragraph("Meaning", meaning, width)
    if overdue is not None:
        lines += _overdue(overdue, width)
    elif action and story.outcome is not Outcome.DELIVERED:
        lines += _paragraph("Next", action, width)
    resend = _RESEND[story.retry]
    if story.retry is Retry.WAIT and story.outcome is Outcome.FAILED:
        resend = "Not yet: other parts of it are still on their way."
    lines += _paragraph("Resend", resend, width)
    if story.outcome in {Outcome.FAILED, Outcome.PENDING} and is_stored:
        lines += _paragraph("Support", f"{ticket_command(story)} prints what to write.", width)
    elif story.outcome in {Outcome.FAILED, Outcome.UNKNOWN, Outcome.PENDING} and story.message_id:
        lines += _paragraph("Support", f"Tell LINK Support: {_facts(story)}.", width)
    return lines


def _facts(story: Story) -> str:
    told = [f"message id {story.message_id}"]
    told += [f"to {story.to}"] if story.to else []
    told += [f"sent {story.sent_at}"] if story.sent_at else []
    told += [f"result code {story.result_code}"] if story.result_code is not None else []
    return visible(", ".join(told))


def _overdue(after: float, width: int) -> list[str]:
    """Return what it points to that no report has come for so long."""
    hours = f"{after / 3600:g} h"
    return [
        *_paragraph(
            "Overdue",
            f"It is pending for more than {hours}, when the gateway should have given up (an "
            "assumption: the guide does not say how long it tries; --overdue-after changes it). No "
            "operator is silent for so long. Look at the way that reports take:",
            width,
        ),
        *numbered(
            [
                "Does linksms listen run, and can it be reached from outside (GET /healthz)?",
                "Does LINK have its address? Ask their Support; an old one is the usual reason.",
                "Do the reports go into another store? See LINKSMS_STATE of the receiver.",
            ],
            width,
        ),
    ]


def _meaning(story: Story) -> tuple[str | None, str | None]:
    """Return what the decisive code means and what to do, None for what nobody can say."""
    if story.result_code is None:
        return None, None
    code = explain(story.result_code)
    if story.outcome is Outcome.PENDING and code.final:
        # It is the last word on some parts only: of the message as a whole it would be untrue.
        expected = story.parts_expected or "an unknown number of"
        meaning = f"Final so far: {story.parts_reported} of {expected} parts. The rest is to come."
        return (
            meaning,
            f"Wait for the other reports: linksms status {word(story.handle or 'ID')} --wait 5m",
        )
    return code.meaning, code.action


_RESEND = {
    Retry.WAIT: "Not yet: it is still on its way.",
    Retry.DONE: "No need: it was delivered.",
    Retry.SAFE: "You can: nothing was delivered or billed.",
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


def _paragraph(name: str, text: str, width: int) -> list[str]:
    return labelled(name, textwrap.wrap(text, width - LABEL, break_on_hyphens=False))
