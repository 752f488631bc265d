"""Times as they are written everywhere: RFC 3339, UTC, `Z`, milliseconds."""

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """Write a moment; its time zone must be known. Text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
