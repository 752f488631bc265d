"""What a text takes, in a few words."""

from linksms_cli.sms.text.segments import Segmentation
from linksms_cli.views.layout import counted


def as_line(measured: Segmentation) -> str:
    """Return the figures in a few words: `2 parts GSM-7, 161 of 1377 units`."""
    parts = parts_of(measured.parts)
    return f"{parts} {measured.encoding}, {measured.units} of {measured.limit} units"


def left_in(measured: Segmentation) -> str:
    """Return how much room is left before one more part, if the text is within the limit."""
    if measured.over_limit:
        return ""
    left = min(measured.left_in_last_part, measured.limit - measured.units)
    return f", {left} left in {'the last' if measured.parts > 1 else 'this'} part"


def by_3gpp(measured: Segmentation) -> str | None:
    """Return the count by 3GPP's 67 characters per part, if it differs from the guide's 63."""
    if measured.parts_if_67 is None:
        return None
    return (
        "With 67 characters per part, as in 3GPP, instead of the guide's 63: "
        f"{parts_of(measured.parts_if_67)}."
    )


def parts_of(count: int) -> str:
    """Return a number of parts in words."""
    return counted(count, "part")
