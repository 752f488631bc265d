"""Find the requests in the octets that come over one connection, one after the other."""

import re

from linksms_cli.adapters.http.bodies import ChunkedBody, HttpBody, MeasuredBody
from linksms_cli.adapters.http.heads import HEAD_TOO_LARGE, read_head
from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.http.messages import MALFORMED, HttpHead, HttpRequestError, in_words

# What a head may look like while it is not whole. Other things are refused at once: a client that
# speaks TLS here waits for an answer.
_BEGINNING = re.compile(rb"[A-Z][A-Z-]{0,23}(?:\Z| [^\x00-\x1f\x7f]*(?:\Z|\r\Z|\r\n))")
_HEAD_END = b"\r\n\r\n"


class RequestStream:
    """The octets that have come and are not read yet, and the body that is coming.

    Its methods take turns: a head, then its body. Those that read raise HttpRequestError, and give
    nothing while more has to come.
    """

    __slots__ = ("_body", "_came", "_limits")

    def __init__(self, limits: HttpLimits) -> None:
        self._limits = limits
        self._came = b""
        self._body: HttpBody | None = None

    def __bool__(self) -> bool:
        """Return whether anything has come that is not read."""
        return bool(self._came)

    @property
    def held(self) -> int:
        """How many octets it keeps."""
        body = self._body
        return len(self._came) + (body.size if body and body.keep else 0)

    def feed(self, octets: bytes) -> None:
        """Take what has come."""
        self._came = self._came + octets if self._came else octets

    def clear(self) -> None:
        """Forget all of it."""
        self._came = b""
        self._body = None

    def read_head(self) -> HttpHead | None:
        """Return the head of the next request."""
        came = self._came.lstrip(b"\r\n")  # RFC 9112, 2.2
        end = came.find(_HEAD_END)
        self._came = came
        if (end if end >= 0 else len(came)) > self._limits.head:
            raise HttpRequestError(HEAD_TOO_LARGE)
        if end < 0:
            if came and (not _BEGINNING.match(came) or b"\n\n" in came):
                raise HttpRequestError(MALFORMED)
            return None
        end += len(_HEAD_END)
        head = read_head(came[:end], self._limits.fields)
        self._came = came[end:]
        return head

    def expect_body(self, head: HttpHead, *, keep: bool) -> None:
        """Go on with the body of a head; without `keep` only its end is looked for."""
        if head.length is None:
            self._body = ChunkedBody(keep=keep)
        else:
            self._check_size(head.length)
            self._body = MeasuredBody(head.length, keep=keep)

    def read_body(self) -> bytes | None:
        """Return the body, once it is there whole; empty if it is not kept."""
        body = self._body
        if body is None:
            return None
        if self._came:
            self._came = self._came[body.take(self._came) :]
            self._check_size(body.size)
        if not body.complete:
            return None
        self._body = None
        return body.content

    def _check_size(self, octets: int) -> None:
        if octets > self._limits.body:
            too_large = in_words(413, f"above {self._limits.body} bytes", close=True)
            raise HttpRequestError(too_large)
