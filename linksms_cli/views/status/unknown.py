"""What to say of a message whose fate is unknown: what happened, what was seen, what to do now."""

import re
import textwrap

from linksms_cli.sms.codes import explain
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views.code import words_of
from linksms_cli.views.layout import LABEL, date_and_time, labelled

_PLAIN = re.compile(r"[A-Za-z0-9+/=_.:-]+")


def as_lines(story: Story, width: int) -> list[str]:
    """Return the lines below a story that is unknown, in the order in which to act on them."""
    seen, unseen = _evidence(story)
    steps = numbered(_steps(story), width)
    return [
        *_paragraph("Happened", _happened(story), width),
        *_paragraph("Seen", seen, width),
        *_paragraph("Not seen", unseen, width),
        *labelled("Now", [line[LABEL:] for line in steps]),
    ]


def numbered(steps: list[str], width: int) -> list[str]:
    """Return steps, one below the other, each with its number; a command is a line of its own."""
    lines = []
    for number, step in enumerate(steps, start=1):
        words, *commands = step.split("\n")
        first, *more = textwrap.wrap(words, width - LABEL - 3, break_on_hyphens=False)
        # A command stays in one piece, to be copied.
        lines += [f"{number}. {first}", *(f"   {line}" for line in [*more, *commands])]
    return [" " * LABEL + line for line in lines]


def ticket_command(story: Story) -> str:
    """Return the command that prints the ticket of a message."""
    return f"linksms status {word(story.handle or 'ID')} --ticket"


def word(text: str) -> str:
    """Return text as one word of a shell."""
    shown = visible(text)
    if _PLAIN.fullmatch(shown):
        return shown
    quoted = shown.replace("'", "'\\''")
    return f"'{quoted}'"


def _happened(story: Story) -> str:
    submission = story.submission
    if story.result_code is not None:
        code = explain(story.result_code)
        who = "A report" if story.reports else "The gateway"
        return f"{who} said {words_of(code)}. {code.meaning}"
    if submission is None or submission.problem is None:
        return "The process that sent it ended before it saw an answer."
    return f"{submission.problem[:1].upper()}{submission.problem[1:]}."


def _evidence(story: Story) -> tuple[str, str]:
    """Return what was seen of the message, and what was not."""
    submission = story.submission
    seen: list[str] = []
    unseen: list[str] = []
    if submission:
        seen.append(_request(submission))
        answered = submission.result_code is not None
        (seen if answered else unseen).append("an answer of the gateway")
    if story.reports:
        seen.append(f"reports of {story.parts_reported} of {story.parts_expected or '?'} parts")
    else:
        unseen.append("a delivery report")
    unseen.append("whether it reached the handset, and whether it was billed")
    return _sentence(seen), _sentence(unseen)


def _request(submission: Submission) -> str:
    if submission.sent_at:
        return f"the request, which left at {date_and_time(submission.sent_at)}"
    return f"the intent to send it, stored at {date_and_time(submission.created_at)}"


def _sentence(things: list[str]) -> str:
    text = "; ".join(things)
    return f"{text[:1].upper()}{text[1:]}."


def _steps(story: Story) -> list[str]:
    steps = []
    if story.message_id is None and story.to:
        since = (story.sent_at or story.updated_at)[:19]
        steps.append(
            "It has no id; see whether a report names its number:\n"
            f"linksms status --to {word(story.to)} --since {since}Z"
        )
    elif not story.final:
        steps.append(
            f"Wait for its report:\nlinksms status {word(story.handle or 'ID')} --wait 10m"
        )
    steps.append("Ask the recipient whether it arrived.")
    steps.append(f"Ask LINK Support; this prints what to write:\n{ticket_command(story)}")
    steps.append(
        "Send it again only then, or if arriving twice does less harm than not at all: it may be "
        "billed twice. Under a key of --once that takes --resend-unknown."
    )
    return steps


def _paragraph(name: str, text: str, width: int) -> list[str]:
    return labelled(name, textwrap.wrap(visible(text), width - LABEL, break_on_hyphens=False))
