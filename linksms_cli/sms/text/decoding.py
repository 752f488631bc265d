"""Text as it comes in, decoded once and strictly, and as a terminal may see it."""

import codecs
import re

from linksms_cli.errors import UsageError
from linksms_cli.sms.text.unseen import UNSEEN

# What a terminal may obey instead of show: C0, DEL, C1, lone surrogates, and the directional
# (Unicode's Bidi_Control) and line controls that can make a line read differently from what it
# says.
# A pattern, compiled at its first use: Python calls each of them not printable, which is quick to
# find out, and few texts hold any.
_OBEYED = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_CONTROL = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"

# As much as is looked at to recognise an encoding.
_SAMPLE = 400


def decode(raw: bytes, where: str) -> str:
    """Decode a text read from `where` ("stdin", a file's name).

    UTF-8 with an optional byte order mark; one final newline (LF or CRLF) is dropped, since
    `echo` adds it and nobody means to pay for it; CRLF inside stays.

    Raises UsageError that says at which byte and line decoding stopped.
    """
    refuse_utf16(raw, where)
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
    """Return where the text begins in what was read."""
    return len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0


def refuse_utf16(raw: bytes, where: str) -> None:
    """Check the beginning of what was read for UTF-16, as Windows writes it.

    Without a byte order mark it is valid UTF-8, with a NUL beside each letter.

    Raises UsageError that says how to convert it.
    """
    encoding = None
    beginning = raw[:_SAMPLE]
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "UTF-16"
    elif b"\0" in beginning:
        # Of two bytes one is a letter and one is 0: the second or, rarely, the first.
        pairs = list(zip(beginning[::2], beginning[1::2], strict=False))
        if sum(first > 0 == second for first, second in pairs) > len(pairs) / 2:
            encoding = "UTF-16LE"
        elif sum(first == 0 < second for first, second in pairs) > len(pairs) / 2:
            encoding = "UTF-16BE"
    if encoding:
        hint = f"Convert it first: iconv -f {encoding} -t UTF-8."
        raise UsageError(f"{where} is {encoding}, not UTF-8", hint)


def not_utf8(where: str, *, byte: int, offset: int, line: int) -> UsageError:
    """Return the error for a byte of `where`: its offset counts from 0, its line from 1."""
    message = f"{where} is not UTF-8: byte 0x{byte:02x} at offset {offset} (line {line})"
    hint = "Convert it first, from WINDOWS-1252 for example: iconv -f WINDOWS-1252 -t UTF-8."
    return UsageError(message, hint)


def refuse_undecoded(argument: str, where: str) -> None:
    """Check a word of the command line, given at `where` (an option, or what help calls it).

    Raises UsageError where the bytes typed were not UTF-8: the interpreter hands each over as a
    lone surrogate, which no encoding of an SMS, no store and no host name can carry.
    """
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError as failure:
        message = f"{where} is not UTF-8: character {failure.start} (counted from 0)"
        raise UsageError(message, "Check the encoding of the terminal or the script.") from None


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: only white space, and what the eye does not see."""
    return all(character.isspace() or character in UNSEEN for character in text)


def visible(text: str) -> str:
    """Return text from outside as it may be shown: each control character as an escape."""
    return text if text.isprintable() else re.sub(_OBEYED, _escape, text)


def has_control(text: str) -> bool:
    """Return whether a text holds a control character, or what was not UTF-8."""
    return not text.isprintable() and re.search(_CONTROL, text) is not None


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
