"""The story of a message, as it is shown: a record, a timeline, a line of the list."""

import textwrap

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.report import Report
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.story import Story, StoryReport
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import standing
from linksms_cli.views.code import tone_of, words_of
from linksms_cli.views.forwards import state_text
from linksms_cli.views.layout import Tone, date_and_time, paint
from linksms_cli.views.send import TONES
from linksms_cli.views.status import unknown, unreported
from linksms_cli.views.status.table import outcome_of
from linksms_cli.views.status.unknown import ticket_command

_NOT_OURS = "not sent from this store: only its reports are known here"
# What a request has come to if the gateway did not take the message, or nobody knows.
_NOT_TAKEN = frozenset({Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN})


def as_missing_text(asked: str) -> str:
    """Say that the store does not know a message."""
    return paint(f"{visible(asked)} is not in the store", Tone.BAD)


def as_text(
    story: Story, width: int, *, overdue: float | None = None, is_stored: bool = True
) -> str:
    """Return a story within `width` columns: what became of it, each step, and what to do.

    `overdue` is after how many seconds it should have been final, if it should. What was pasted is
    not stored, so no command finds it.
    """
    outcome = outcome_of(story, is_overdue=overdue is not None)
    first, *more = _wrapped(_headline(outcome, story), width)
    lines = [
        paint(visible(story.handle or "(no id)"), Tone.STRONG),
        *_between(story, width),
        *([paint(_NOT_OURS, Tone.QUIET)] if is_stored and story.submission is None else []),
        paint(outcome, TONES[story.outcome]) + first.removeprefix(outcome),
        *more,
        "",
        *_timeline(story, width),
        "",
        *_advice(story, width, overdue, is_stored=is_stored),
    ]
    return "\n".join(lines)


def _headline(outcome: str, story: Story) -> str:
    sure = standing.certainty(story)
    return sure if sure.startswith(f"{outcome},") else f"{outcome}: {sure}"


def _between(story: Story, width: int) -> list[str]:
    """Return to whom and from whom in lines, none if nobody said either."""
    if not story.to and not story.source:
        return []
    words = f"to {_to(story)} from {story.source or 'an unknown sender'}"
    if story.reference:
        words += f", reference {story.reference}"
    return _wrapped(visible(words), width)


def _wrapped(text: str, room: int) -> list[str]:
    """Return a text in lines of that room; an id that has hyphens is not broken at one."""
    return textwrap.wrap(text, room, break_on_hyphens=False)


def as_progress(message_id: str, delivery: Delivery) -> str:
    """Say how far a message is, while it is waited for."""
    return f"{visible(message_id)}: {delivery.outcome}, {standing.parts(delivery)} parts reported"


def _timeline(story: Story, width: int) -> list[str]:
    submission = story.submission
    many = _is_split(story)
    moments = [*([_handed_over(submission)] if submission else []), *map(_moment, story.reports)]
    # Of what was pasted nobody may know a time.
    times = [date_and_time(when) for when in moments]
    margin = 2 + max(map(len, times)) + 2 if any(moments) else 2
    column = 2 + max([8, *(len(_part(seen.report, story, many=many)) for seen in story.reports)])
    room = width - margin - column
    steps: list[tuple[str, list[str]]] = []
    if submission:
        said = visible(_answer(story, submission))
        steps.append((_step(story, submission), _wrapped(said, room)))
    steps += [(_part(seen.report, story, many=many), _said(seen, room)) for seen in story.reports]
    return [
        line
        for when, (step, (first, *more)) in zip(times, steps, strict=True)
        for line in (
            f"  {when:<{margin - 2}}{step:<{column}}{first}",
            *(" " * (margin + column) + line for line in more),
        )
    ]


def _is_split(story: Story) -> bool:
    if story.parts_expected is None:  # then only ids that end in a part's number show it
        return any(seen.report.part is not None for seen in story.reports)
    return story.parts_expected > 1


def _handed_over(submission: Submission) -> str:
    return submission.sent_at or submission.updated_at


def _step(story: Story, submission: Submission) -> str:
    if not submission.created_at:  # nobody sent it from here: the answer was pasted
        return "answered"
    if not submission.sent_at:
        return "intended" if submission.outcome is Outcome.UNKNOWN else "not sent"
    is_taken = submission.outcome not in _NOT_TAKEN or story.answer == Outcome.ACCEPTED
    return "sent" if is_taken else "tried"


def _answer(story: Story, submission: Submission) -> str:
    if submission.problem and story.answer != Outcome.ACCEPTED:
        return submission.problem
    return story.answer or "no answer was seen"


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
    lines = [paint(line, tone_of(code)) for line in _wrapped(words_of(code), room)]
    if report.operator or report.operator_result_code:
        operator = f"operator {report.operator or 'unknown'}"
        if report.operator_result_code:
            operator += f", its own code {report.operator_result_code}"
        lines += [paint(line, Tone.QUIET) for line in _wrapped(visible(operator), room)]
    for forward in seen.forwards:
        said = visible(state_text(forward))
        lines += [paint(line, Tone.QUIET) for line in _wrapped(said, room)]
    return lines


def _advice(story: Story, width: int, overdue: float | None, *, is_stored: bool) -> list[str]:
    handle = story.handle if is_stored else None
    if story.outcome is Outcome.UNKNOWN:
        return unknown.as_lines(story, width, is_stored=is_stored)
    if story.outcome is Outcome.PENDING and is_stored and story.message_id is None:
        return unreported.without_id(story, width)
    if overdue is None:
        lines = standing.as_lines(story, handle, width)
    else:
        lines = unreported.overdue(story, overdue, width)
    asks = story.outcome in {Outcome.FAILED, Outcome.PENDING, Outcome.REJECTED}
    if asks and (is_stored or story.message_id):
        lines += standing.paragraph("Support", _support(story, is_stored=is_stored), width)
    return lines


def _support(story: Story, *, is_stored: bool) -> str:
    if is_stored:
        return f"{ticket_command(story)} prints what to write."
    return f"Tell LINK Support: {unknown.facts(story)}."


def _to(story: Story) -> str:
    return story.to or "an unknown number"
