"""The charset of a report: named, marked, or guessed; no report is lost over it."""

import json

# The charsets that a body may name. Others are not even looked up: Python would find codecs that
# are no charsets or take quadratic time, and remembers every name that it did not find.
_KNOWN = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "us-ascii": "ascii",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252",
}


def decode(raw: bytes, charset: str | None) -> str:
    """Decode a body: by its byte order mark, else as `decode_part` does."""
    marked = json.detect_encoding(raw)
    if marked != "utf-8":
        try:
            return raw.decode(marked).removeprefix("\ufeff")
        except ValueError:
            pass
    return decode_part(raw, charset)


def decode_part(raw: bytes, charset: str | None) -> str:
    """Decode in the charset named, as UTF-8, or at last as Windows-1252.

    The last takes any bytes: an operator's name in a charset nobody named costs no report.
    """
    named = _KNOWN.get(charset.lower(), "utf-8") if charset else "utf-8"
    for codec in (named, "utf-8"):
        try:
            return raw.decode(codec)
        except ValueError:
            continue
    return raw.decode("cp1252", "replace")
