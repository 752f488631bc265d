"""What --forget-before deletes, counted and asked about."""

from linksms_cli.sms.story import Forgotten
from linksms_cli.views.layout import counted, date_and_time


def as_record(forgotten: Forgotten, *, dry_run: bool) -> dict[str, object]:
    """Return what was deleted, or would be, as one JSON object."""
    return {
        "before": forgotten.before,
        "messages": forgotten.messages,
        "reports": forgotten.reports,
        "erased": forgotten.erased,
        "dry_run": dry_run,
    }


def as_text(forgotten: Forgotten, *, dry_run: bool) -> str:
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
