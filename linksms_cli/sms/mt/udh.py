"""The user data header of a message that its sender splits (3GPP TS 23.040, 9.2.3.24)."""

from linksms_cli.errors import UsageError
from linksms_cli.sms.text.segments import Encoding

# User data of one part, octets, header included (3GPP TS 23.040, 9.2.3.16).
USER_DATA_OCTETS = 140


def parse(typed: str) -> bytes:
    """Return the header from hexadecimal digits, its length octet first.

    Raises UsageError where it is not hexadecimal, or where a length octet lies.
    """
    try:
        header = bytes.fromhex(typed)
    except ValueError:
        message = f"the header {typed!r} is not hexadecimal"
        raise UsageError(message, "Give pairs of 0-9 and A-F, like 050003CC0201.") from None
    if not header:
        raise UsageError("the header is empty", "Leave --udh out, or give one like 050003CC0201.")
    if header[0] != len(header) - 1:
        message = f"the header's length octet says {header[0]}, but {len(header) - 1} octets follow"
        right = bytes([min(len(header) - 1, 255)]).hex().upper()
        raise UsageError(message, f"The first octet counts the others: here {right}.")
    if len(header) > USER_DATA_OCTETS:
        message = f"the header has {len(header)} octets; a part holds {USER_DATA_OCTETS} in all"
        raise UsageError(message, "Shorten it.")
    _check_elements(header)
    return header


def room(header: bytes, encoding: Encoding) -> int:
    """Return what the header leaves for the text: septets, or UTF-16 code units."""
    octets = USER_DATA_OCTETS - len(header)
    return octets * 8 // 7 if encoding is Encoding.GSM7 else octets // 2


def _check_elements(header: bytes) -> None:
    """Each information element is an identifier, a length, and as many octets as that says."""
    at = 1
    while at < len(header):
        length = header[at + 1] if at + 1 < len(header) else len(header)
        if at + 2 + length > len(header):
            message = f"the header's information element at octet {at} overruns its end"
            raise UsageError(message, "Each is an identifier, a length, and that many octets.")
        at += 2 + length
