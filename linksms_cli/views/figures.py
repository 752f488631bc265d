"""What a text takes, in a few words."""

from linksms_cli.sms.text.segments import Segmentation


def as_line(measured: Segmentation) -> str:
    """Give the figures in a few words: `2 parts GSM-7, 161 of 1377 units`."""
    parts = parts_of(measured.parts)
    return f"{parts} {measured.encoding}, {measured.units} of {measured.limit} units"


def parts_of(count: int) -> str:
    """Give a number of parts in words."""
    return f"{count} part{'s' if count != 1 else ''}"
