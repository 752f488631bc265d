"""What a terminal would obey instead of show: made harmless in texts and in JSON."""

import json
import re

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Everything a terminal may obey instead of show: C0 but tab and newline, DEL, C1, and the
# directional controls (Bidi_Control) that can make a line read differently from what it says.
# Patterns, compiled at their first use: almost nothing that is shown holds any of it, and that is
# found out in less time.
_OBEYED = (
    "(\x1b\\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_OBEYED_IN_JSON = "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
_ALLOWED = str.maketrans("", "", "\t\n")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode


def encode(value: object) -> str:
    """Return a value as JSON: UTF-8 as it is, but what a terminal may obey as an escape."""
    return safe(_encode(value))


def safe(line: str) -> str:
    """Return JSON with what a terminal may obey as an escape."""
    if line.isascii() and "\x7f" not in line:
        return line  # most are, and this takes no time
    return re.sub(_OBEYED_IN_JSON, lambda found: f"\\u{ord(found[0]):04x}", line)


def shown(text: str) -> str:
    """Return a text with what a terminal may obey, colours aside, as an escape."""
    if without_colour(text).translate(_ALLOWED).isprintable():
        return text  # nothing that is obeyed is printable
    return re.sub(_OBEYED, _escape, text)


def in_one_line(text: str) -> str:
    """Return a text that stays in its line and has no colour: all of it may be from elsewhere."""
    return shown(re.sub("[\n\x1b]", lambda found: f"\\x{ord(found[0]):02x}", text))


def without_colour(text: str) -> str:
    """Return a text without the colours that are in it."""
    return _COLOUR.sub("", text)


def _escape(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
