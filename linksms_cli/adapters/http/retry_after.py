"""What a server asks for with Retry-After: when to come again."""

from urllib3 import Retry
from urllib3.exceptions import InvalidHeader


def seconds(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3).

    It holds seconds or a date. None if there is none, or if it cannot be read.
    """
    if not value:
        return None
    try:
        return Retry().parse_retry_after(value)
    except (InvalidHeader, ValueError, OverflowError):  # a date beyond the calendar
        return None
