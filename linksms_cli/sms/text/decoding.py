"""Text as it comes in, decoded once and strictly, and as a terminal may see it."""

import re

from linksms_cli.errors import UsageError
from linksms_cli.sms.text.unseen import UNSEEN

# What a terminal may obey instead of show: C0, DEL, C1, lone surrogates, and the directional and
# line controls that can make a line read differently from what it says.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(raw: bytes, where: str) -> str:
    """Decode a text read from `where` ("stdin", a file's name).

    UTF-8 with an optional byte order mark; one final newline (LF or CRLF) is dropped, since
    `echo` adds it and nobody means to pay for it; CRLF inside stays.

    Raises UsageError that says at which byte and line decoding stopped.
    """
    start = after_byte_order_mark(raw)
    try:
        text = raw[start:].decode("utf-8")
    except UnicodeDecodeError as failure:
        offset = start + failure.start
        line = raw.count(b"\n", 0, offset) + 1
        raise not_utf8(where, byte=raw[offset], offset=offset, line=line) from None
    if text.endswith("\n"):
        text = text[:-1].removesuffix("\r")
    return text


def after_byte_order_mark(raw: bytes) -> int:
    """Say where the text begins in what was read."""
    return len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0


def not_utf8(where: str, *, byte: int, offset: int, line: int) -> UsageError:
    """Say which byte of `where` stopped the decoding: its offset from 0, its line from 1."""
    message = f"{where} is not UTF-8: byte 0x{byte:02x} at offset {offset} (line {line})"
    return UsageError(message, "Convert it first, for example with iconv -t UTF-8.")


def refuse_undecoded(argument: str, where: str) -> None:
    """Check a word of the command line, given at `where` (an option, or what help calls it).

    Raises UsageError where the bytes typed were not UTF-8: the interpreter hands each over as a
    lone surrogate, which no encoding of an SMS, no store and no host name can carry.
    """
    undecoded = _SURROGATE.search(argument)
    if undecoded:
        message = f"{where} is not UTF-8: character {undecoded.start()} (counted from 0)"
        raise UsageError(message, "Check the encoding of the terminal or the script.")


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: only white space, and what the eye does not see."""
    return all(character.isspace() or character in UNSEEN for character in text)


def visible(text: str) -> str:
    """Return text from outside as it may be shown: each control character as an escape."""
    return _OBEYED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
