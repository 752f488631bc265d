"""Times as they are shown: in UTC, as every record, log and ticket has them, and with its Z."""

from linksms_cli.sms import timestamp
from linksms_cli.views.signs import shortened

_LENGTH = len("2026-07-01 09:37:36Z")


def date_and_time(written: str) -> str:
    """Show an RFC 3339 time to the second; what is none is shown as it came, in that room."""
    utc = timestamp.in_utc(written)
    return f"{utc[:10]} {utc[11:19]}Z" if utc else shortened(written, _LENGTH)


def time_of_day(utc: str) -> str:
    """Show the time of day of an RFC 3339 time in UTC, to the second."""
    return f"{utc[11:19]}Z"
