"""A body that came compressed, unpacked within a limit."""

import zlib

from linksms_cli.sms.dlr.formats.fields import UnreadableError

_GZIP = b"\x1f\x8b"
# How zlib is told what to expect: a gzip header; a zlib header, or none, both called `deflate`.
_GZIP_BITS, _DEFLATE_BITS = 31, (15, -15)
# What the texts of reports begin with. Of everything else it is tried whether it can be unpacked.
_PLAIN = (b"{", b"[", b"<", b'"', b" ", b"\t", b"\r", b"\n", b"-")


class TooLargeError(Exception):
    """A compressed body is larger than allowed once it is unpacked."""


def unpacked(body: bytes, limit: int) -> bytes:
    """Return the body, unpacked if it is gzip or deflate, whatever a header says of it.

    Raises TooLargeError beyond `limit` bytes, UnreadableError where it is not whole.
    """
    if body.startswith(_PLAIN):
        return body
    if body.startswith(_GZIP):
        return _gunzipped(body, limit)
    if _is_text(body):
        return body
    for bits in _DEFLATE_BITS:
        unpacker = zlib.decompressobj(wbits=bits)
        try:
            plain = unpacker.decompress(body, limit + 1)
        except zlib.error:
            continue
        # Nothing marks deflate: what makes sure of it is that it ends where the body does.
        if len(plain) > limit or (unpacker.eof and not unpacker.unused_data):
            return _limited(plain, limit)
    return body


def _gunzipped(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=_GZIP_BITS)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise UnreadableError("a gzip body that is damaged") from None
    if not unpacker.eof and len(plain) <= limit:
        raise UnreadableError("a gzip body that is cut short")
    return _limited(plain, limit)


def _limited(plain: bytes, limit: int) -> bytes:
    if len(plain) > limit:
        raise TooLargeError
    return plain


def _is_text(body: bytes) -> bool:
    """Return whether a body is text as it is, such as a form."""
    return body.isascii() and not body.translate(None, _PRINTABLE)


_PRINTABLE = bytes([*b"\t\r\n\0", *range(32, 127)])
