"""The charset of a report: marked, named, or guessed; no report is lost over it."""

import json
from functools import lru_cache

# The charsets that a body may name, as Python calls them. Others are not even looked up: Python
# would find codecs that are no charsets or take quadratic time, and it remembers every name that
# it was ever asked for, so that made-up names would fill the memory.
_KNOWN = {
    "utf8": "utf-8",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "latin1": "latin-1",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "shiftjis": "shift_jis",
    "eucjp": "euc_jp",
    "euckr": "euc_kr",
    "big5": "big5",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    **{f"iso8859{part}": f"iso8859-{part}" for part in range(1, 17) if part != 12},
    **{f"windows{page}": f"cp{page}" for page in range(1250, 1259)},
    **{f"cp{page}": f"cp{page}" for page in range(1250, 1259)},
}
_LONGEST_NAME = 20
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def decode(raw: bytes, *charsets: str | None) -> str:
    """Decode a body: by its byte order mark, else as `decode_part` does."""
    marked = json.detect_encoding(raw)
    if marked != "utf-8":
        try:
            return raw.decode(marked).removeprefix("\ufeff")
        except ValueError:
            pass
    return decode_part(raw, *charsets)


def decode_part(raw: bytes, *charsets: str | None) -> str:
    """Decode in the first of the charsets named that fits, as UTF-8, or at last as Windows-1252.

    The last takes any bytes: an operator's name in a charset nobody named costs no report.
    """
    if raw.isascii():
        return raw.decode("ascii")
    for codec in (*filter(None, map(_codec, charsets)), "utf-8"):
        try:
            return raw.decode(codec)
        except ValueError:
            continue
    return raw.decode("cp1252", "replace")


def is_marked(raw: bytes) -> bool:
    """Return whether a body begins with a byte order mark."""
    return raw.startswith(_MARKS)


def _codec(charset: str | None) -> str | None:
    """Return Python's name of a charset that is known."""
    if not charset or len(charset) > _LONGEST_NAME:
        return None
    return _known(charset)


@lru_cache(maxsize=64)
def _known(charset: str) -> str | None:
    return _KNOWN.get("".join(filter(str.isalnum, charset.lower())))
