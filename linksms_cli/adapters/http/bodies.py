"""Read request bodies, of an announced length or in chunks (RFC 9112, 6 and 7)."""

import re

from linksms_cli.adapters.http.messages import MALFORMED, HttpRequestError

# A chunk's size, and whatever extension stands behind it.
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
# A field behind the last chunk, or nothing while it has not come whole.
_TRAILER = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)?")
_END = b"\r\n"
# Octets of a line that says a chunk's size, and of all trailers together.
_LONGEST_LINE = 1024
_LONGEST_TRAILERS = 8 * 1024


class HttpBody:
    """What has come of a body. `keep` says whether its content is wanted, or its end alone.

    `size` counts its octets, `content` has them where they are kept.
    """

    __slots__ = ("_pieces", "complete", "keep", "size")

    def __init__(self, *, keep: bool) -> None:
        self._pieces: list[bytes] = []
        self.keep = keep
        self.size = 0
        self.complete = False

    @property
    def content(self) -> bytes:
        """The body so far."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)

    def take(self, octets: bytes) -> int:
        """Take what belongs to the body from the front, and return how many octets that was.

        None are taken while more are needed to know. Raises HttpRequestError.
        """
        raise NotImplementedError

    def _add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.keep:
            self._pieces.append(piece)


class MeasuredBody(HttpBody):
    """A body whose length was announced."""

    __slots__ = ("_left",)

    def __init__(self, length: int, *, keep: bool) -> None:
        super().__init__(keep=keep)
        self._left = length
        self.complete = not length

    def take(self, octets: bytes) -> int:
        """Take what belongs to it."""
        piece = octets[: self._left]
        self._add(piece)
        self._left -= len(piece)
        self.complete = not self._left
        return len(piece)


class ChunkedBody(HttpBody):
    """A body that comes in chunks."""

    __slots__ = ("_left", "_next", "_trailers")

    def __init__(self, *, keep: bool) -> None:
        super().__init__(keep=keep)
        self._next = self._take_size  # takes what is due
        self._left = 0  # octets of the chunk under way
        self._trailers = 0  # octets behind the last chunk

    def take(self, octets: bytes) -> int:
        """Take what belongs to it."""
        start = 0
        while not self.complete and (taken := self._next(octets, start)):
            start += taken
        return start

    def _take_size(self, octets: bytes, start: int) -> int:
        line = _line(octets, start, _LONGEST_LINE)
        found = _SIZE.fullmatch(line)
        if found:
            self._left = int(found[1], 16)
            self._next = self._take_data if self._left else self._take_trailer
        elif line:
            raise HttpRequestError(MALFORMED)
        return len(line)

    def _take_data(self, octets: bytes, start: int) -> int:
        piece = octets[start : start + self._left]
        self._add(piece)
        self._left -= len(piece)
        if not self._left:
            self._next = self._take_end
        return len(piece)

    def _take_end(self, octets: bytes, start: int) -> int:
        end = octets[start : start + len(_END)]
        if not _END.startswith(end):
            raise HttpRequestError(MALFORMED)
        if len(end) < len(_END):
            return 0
        self._next = self._take_size
        return len(end)

    def _take_trailer(self, octets: bytes, start: int) -> int:
        """Pass over a line behind the last chunk; the empty one is the end of the body."""
        line = _line(octets, start, _LONGEST_TRAILERS)
        self._trailers += len(line)
        self.complete = line == _END
        if self._trailers > _LONGEST_TRAILERS or not (self.complete or _TRAILER.fullmatch(line)):
            raise HttpRequestError(MALFORMED)
        return len(line)


def _line(octets: bytes, start: int, longest: int) -> bytes:
    """Return the line that begins there, with its end; nothing while its end has not come."""
    end = octets.find(b"\n", start, start + longest)
    if end < 0 and len(octets) - start >= longest:
        raise HttpRequestError(MALFORMED)
    return octets[start : end + 1] if end >= 0 else b""
