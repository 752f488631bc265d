"""What a text takes, as it is shown."""

from linksms_cli.sms.segments import Segmentation


def as_line(measured: Segmentation) -> str:
    """Give the figures in a few words: `2 parts GSM-7, 161 of 1377 units`."""
    parts = f"{measured.parts} part{'s' if measured.parts != 1 else ''}"
    return f"{parts} {measured.encoding}, {measured.units} of {measured.limit} units"
