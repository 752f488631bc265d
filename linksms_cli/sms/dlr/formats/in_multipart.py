"""A report in the parts of a form: multipart/form-data (RFC 7578), one part per field.

Forms are flat, so the body is only cut at its boundary. The standard library's parser for mail
does more: parts within parts, headers in the square of their length, charsets of any name, which
Python then remembers; a body that tries all that would stop the receiver.
"""

import re
from collections.abc import Iterable, Iterator

from linksms_cli.sms.dlr.formats import charset as charsets
from linksms_cli.sms.dlr.formats import in_pairs
from linksms_cli.sms.dlr.formats.fields import Candidates, UnreadableError

# RFC 2046, 5.1.1: at most 70 characters. The headers of a part have far less than so many bytes.
_BOUNDARY = re.compile(rb"\s*(--[^\r\n]{1,70}?)[ \t]*\r?\n")
_HEADERS = 1000
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(
    rb"^content-disposition:.*?;\s*name=(?:\"([^\"\r\n]*)\"|([^\s;]+))",
    re.IGNORECASE | re.MULTILINE,
)
_CHARSET = re.compile(rb"^content-type:.*?;\s*charset=\"?([\w.:-]+)", re.IGNORECASE | re.MULTILINE)


def read(body: bytes, charset: str | None) -> Candidates | None:
    """Read a report whose fields are parts; None if the body does not begin with a part.

    The boundary is taken from the body itself, whatever a header says of it.

    Raises UnreadableError.
    """
    boundary = _BOUNDARY.match(body)
    if boundary is None or not _NAME.search(body, boundary.end(), _HEADERS):
        return None
    parts = body[boundary.end() :].split(b"\n" + boundary[1], in_pairs.MAX_PAIRS)
    if len(parts) > in_pairs.MAX_PAIRS:
        raise UnreadableError(f"more than {in_pairs.MAX_PAIRS} parts")
    return Candidates([in_pairs.gather(_pairs(parts, charset))])


def _pairs(parts: Iterable[bytes], charset: str | None) -> Iterator[tuple[str, str]]:
    for part in parts:
        end = _END_OF_HEADERS.search(part, 0, _HEADERS)
        name = _NAME.search(part, 0, end.start()) if end else None
        if end is None or name is None:
            continue  # what follows the last part
        own = _CHARSET.search(part, 0, end.start())
        named = own[1].decode() if own else None
        value = part[end.end() :].removesuffix(b"\r")
        yield (
            charsets.decode_part(name[1] or name[2] or b"", charset).strip(),
            charsets.decode_part(value, named, charset),
        )
