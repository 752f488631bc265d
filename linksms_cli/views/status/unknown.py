"""What to say of a message whose fate is unknown: what happened, what was seen, what to do now."""

import textwrap

from linksms_cli.sms.codes import explain
from linksms_cli.sms.mt.submission import Submission
from linksms_cli.sms.story import Story
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import standing
from linksms_cli.views.code import words_of
from linksms_cli.views.layout import LABEL, date_and_time, labelled, local, utc_time
from linksms_cli.views.standing import word

_MAY_HAVE = ": it may have been sent"


def as_lines(story: Story, width: int, *, is_stored: bool) -> list[str]:
    """Return the lines below a story that is unknown, in the order in which to act on them."""
    seen, unseen = _evidence(story)
    steps = numbered(_stored_steps(story) if is_stored else _pasted_steps(story), width)
    return [
        *standing.paragraph("Happened", _happened(story), width),
        *standing.paragraph("Seen", seen, width),
        *standing.paragraph("Not seen", unseen, width),
        *standing.paragraph("Resend", standing.resend(story), width),
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


def facts(story: Story) -> str:
    """Return what LINK Support can find a message by, if no store can print a ticket."""
    told = [f"message id {story.message_id}" if story.message_id else "no message id"]
    told += [f"to {story.to}"] if story.to else []
    told += [f"sent {utc_time(story.sent_at)}"] if story.sent_at else []
    told += [f"result code {story.result_code}"] if story.result_code is not None else []
    return visible(", ".join(told))


def _happened(story: Story) -> str:
    submission = story.submission
    if story.result_code is not None:
        code = explain(story.result_code)
        who = "A report said" if story.reports else "The gateway answered"
        return f"{who} {words_of(code)}. {code.meaning}"
    if submission is None or submission.problem is None:
        return (
            "The process that sent it has stored no outcome: it was killed before it saw an "
            "answer, or it is still waiting for one."
        )
    problem = submission.problem.removesuffix(_MAY_HAVE)
    happened = f"{problem[:1].upper()}{problem[1:]}."
    if submission.sent_at:
        happened += " The request had left by then, so the gateway may have taken the message."
    return happened


def _evidence(story: Story) -> tuple[str, str]:
    """Return what was seen of the message, and what was not."""
    submission = story.submission
    seen: list[str] = []
    unseen: list[str] = []
    if submission and submission.created_at:  # a pasted answer says nothing of its request
        _look_at_request(submission, seen, unseen)
    if submission:
        answered = submission.result_code is not None
        (seen if answered else unseen).append("an answer of the gateway")
    if story.reports:
        seen.append(f"reports of {standing.parts(story)} parts")
    else:
        unseen.append("a delivery report")
    unseen.append("whether it reached the handset, and whether it was billed")
    return _sentence(seen), _sentence(unseen)


def _look_at_request(submission: Submission, seen: list[str], unseen: list[str]) -> None:
    if submission.sent_at:
        seen.append(f"the request, which left at {date_and_time(submission.sent_at)}")
        return
    seen.append(f"the intent to send it, stored at {date_and_time(submission.created_at)}")
    unseen.append("whether the request left")


def _sentence(things: list[str]) -> str:
    text = "; ".join(things)
    return f"{text[:1].upper()}{text[1:]}."


def _stored_steps(story: Story) -> list[str]:
    steps = []
    if story.message_id is None:
        steps.append(search_step(story))
    elif not story.final:
        steps.append(f"Wait for its report:\nlinksms status {word(story.message_id)} --wait 10m")
    return [*steps, ASK, ticket_step(story), _AGAIN]


def search_step(story: Story) -> str:
    """Return the step that looks for reports of a message whose id is not known."""
    return (
        "Look for a report that names its number; if one says that it was delivered, you are "
        f"done:\nlinksms status --to {word(story.to or '')} --since {word(_since(story))}"
    )


def ticket_step(story: Story) -> str:
    """Return the step that asks LINK Support."""
    return f"Ask LINK Support; this prints what to write:\n{ticket_command(story)}"


def _pasted_steps(story: Story) -> list[str]:
    return [ASK, f"Ask LINK Support, and tell them: {facts(story)}.", _AGAIN]


ASK = "Ask the recipient. If it arrived, you are done."
_AGAIN = (
    "Send it again if it did not arrive, or if arriving twice does less harm than not at all: it "
    "may be billed twice. After --once or --batch that takes --resend-unknown."
)


def _since(story: Story) -> str:
    """Return when it was sent, in local time, as an option takes it."""
    written = story.sent_at or story.updated_at
    moment = local(written)
    return moment.isoformat(timespec="seconds") if moment else written
