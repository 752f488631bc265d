"""What to say of a pending message if its report is missing: it is overdue, or has no id."""

from linksms_cli.sms.story import Story
from linksms_cli.views import standing
from linksms_cli.views.layout import LABEL, labelled, lasting
from linksms_cli.views.status import unknown


def overdue(story: Story, after: float, width: int) -> list[str]:
    """Return what it points to that no final report has come for so many seconds."""
    return [
        *standing.named("Meaning", standing.meaning(story), width),
        *standing.paragraph(
            "Overdue",
            f"It has been pending for more than {lasting(after)}. The gateway should have given up "
            "by then (an assumption: the guide does not say how long it tries; --overdue-after "
            "changes it), so a report is probably missing. Check the way that reports take:",
            width,
        ),
        *unknown.numbered(
            [
                "Does linksms listen run, and can it be reached from outside (GET /healthz)?",
                "Does LINK have its address? Ask their Support: it may be an old one.",
                "Do the reports go into another store? See LINKSMS_STATE of the receiver.",
            ],
            width,
        ),
        *standing.paragraph("Resend", standing.NOT_BLINDLY, width),
    ]


def without_id(story: Story, width: int) -> list[str]:
    """Return what to do if the gateway accepted it without an id: no report can be matched."""
    steps = [unknown.search_step(story), unknown.ASK, unknown.ticket_step(story)]
    numbered = unknown.numbered(steps, width)
    return [
        *standing.named("Meaning", standing.meaning(story), width),
        *standing.paragraph(
            "No id",
            "The gateway accepted it without giving it an id. Its reports cannot be recognised, so "
            "it stays pending here.",
            width,
        ),
        *standing.paragraph("Resend", standing.NOT_BLINDLY, width),
        *labelled("Now", [line[LABEL:] for line in numbered]),
    ]
