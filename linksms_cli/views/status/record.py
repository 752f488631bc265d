"""The record of a message, as a program reads it."""

from linksms_cli.sms.story import Story, StoryReport
from linksms_cli.views.forwards import state_record
from linksms_cli.views.listen.record import fields

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
    "handle",
)


def as_record(story: Story) -> dict[str, object]:
    """Return a story as one JSON object, with its reports in the order of their arrival."""
    names = {"from": "source"}
    record: dict[str, object] = {key: getattr(story, names.get(key, key)) for key in _KEYS}
    return record | {"reports": [_report_record(seen) for seen in story.reports]}


def as_missing_record(asked: str) -> dict[str, object]:
    """Return the record of a message that the store does not know."""
    return dict.fromkeys(_KEYS) | {"message_id": asked, "reports": []}


def _report_record(seen: StoryReport) -> dict[str, object]:
    report = seen.report
    return {
        "id": report.id,
        **fields(report),
        "received_at": seen.received_at,
        "forwards": [state_record(one) for one in seen.forwards],
    }
