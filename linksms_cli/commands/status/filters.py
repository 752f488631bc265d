"""What `linksms status` is to look for, read from its options."""

from datetime import datetime, timedelta

from linksms_cli.commands import options as shared
from linksms_cli.commands.status.options import StatusOptions
from linksms_cli.errors import UsageError
from linksms_cli.sms import duration, msisdn, number, timestamp
from linksms_cli.sms.search import OutcomeFilter, Search, number_pattern


def read_filters(typed: StatusOptions, *, overdue_after: float, now: datetime) -> Search:
    """Return what to look for; `overdue_after` is in seconds, `now` local with its offset.

    A number in the place of an id is the recipient's.

    Raises UsageError for what cannot be looked for.
    """

    def read_time(words: str, option: str, *, is_end: bool) -> int:
        found = shared.when(words, option, is_end=is_end, now=now)
        return timestamp.milliseconds(timestamp.rfc3339(found))

    since = read_time(typed.since, "--since", is_end=False) if typed.since is not None else None
    until = read_time(typed.until, "--until", is_end=True) if typed.until is not None else None
    if since is not None and until is not None and since >= until:
        message = f"--since {typed.since} is not before --until {typed.until}"
        raise UsageError(message, "Nothing can be found between them.")
    if typed.outcome is OutcomeFilter.OVERDUE:
        sent = timestamp.milliseconds(timestamp.rfc3339(now - timedelta(seconds=overdue_after)))
        until = min(until or sent, sent)
    to = typed.message_ids[0] if typed.message_ids else typed.to
    return Search(
        to=number_pattern(to, "--to") if to is not None else None,
        source=_source(typed.source) if typed.source is not None else None,
        since=since,
        until=until,
        outcome=typed.outcome.outcome if typed.outcome else None,
        code=typed.code,
        operator=typed.operator,
        profile=typed.profile,
        batch=typed.batch,
        key=typed.key,
        reference=typed.reference,
    )


def read_overdue(typed: str) -> float:
    """Return after how many seconds a pending message is overdue."""
    return duration.seconds(typed, "--overdue-after")


def is_number(typed: str) -> bool:
    """Return whether a message id that was typed is rather a recipient's number."""
    try:
        msisdn.read(typed, "the number")
    except UsageError:
        return False
    return True


def _source(typed: str) -> str:
    try:
        return number.source(typed).address
    except UsageError:  # what a report calls a sender need not be one that can be used
        return typed
