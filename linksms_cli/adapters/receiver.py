"""Answer the requests that come to the receiver: read a callback, and have it stored.

It is answered 200 only when it has been taken, and by then whoever takes it has made it durable.
"""

import hmac
import time
from collections.abc import Callable, Mapping

from linksms_cli.adapters.http.messages import HttpAnswer, in_words
from linksms_cli.adapters.http.request import HttpRequest
from linksms_cli.sms import timestamp
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.reading import MAX_BYTES, Content, read_callback
from linksms_cli.sms.dlr.receiving import Callback, DeniedCaller, UnmatchedRequest

# Says later whether a callback can be stored now.
Check = Callable[[Callable[[bool], None]], None]
# Says later what the figures are, in Prometheus's text format.
Figures = Callable[[Callable[[bytes], None]], None]
# Takes a callback, and tells later whether it has been stored for good.
Take = Callable[[Callback, Callable[[bool], None]], None]

# Headers worth keeping: how the body is to be read, and who sent it by what way. Never those that
# may carry a secret.
_KEPT = {
    name.encode(): name
    for name in ("content-type", "content-encoding", "user-agent", "x-forwarded-for")
}
_HEALTH = b"/healthz"
_METRICS = b"/metrics"
# Octets of a path that leads nowhere which are told.
_SHOWN = 200

_HEALTHY = in_words(200, "ok")
_UNHEALTHY = in_words(503, "reports cannot be stored")
_NOTHING_HERE = in_words(404, "nothing here")
_REPORTING = frozenset({b"GET", b"POST"})
_READING = frozenset({b"GET", b"HEAD"})
_ONLY_READ = in_words(405, "this is read by GET", (b"allow", b"GET, HEAD"))
# Version 0.0.4 of Prometheus's text format: the one that everything reads.
_FIGURES = b"text/plain; version=0.0.4; charset=utf-8"
_WRONG_METHOD = in_words(405, "reports come by POST or GET", (b"allow", b"GET, POST"))
_EMPTY = in_words(400, "neither a body nor a query")
_TOO_LARGE = in_words(413, f"above {MAX_BYTES} bytes")
_CANNOT_STORE = in_words(503, "cannot store it now, please try again", (b"retry-after", b"5"))
_CHALLENGE = (b"www-authenticate", b'Basic realm="linksms", charset="UTF-8"')
_NOT_ADMITTED = {
    401: in_words(401, "not admitted", _CHALLENGE),
    403: in_words(403, "not admitted"),
}


class Reception:
    """Answers requests: `take` is given each callback, `deny` is told who was not let in.

    `figures` are shown at /metrics, if there are any, to those who may report.
    """

    def __init__(
        self,
        *,
        path: str,
        reply: bytes,
        admission: Admission,
        take: Take,
        deny: Callable[[DeniedCaller], None],
        unmatched: Callable[[UnmatchedRequest], None] = lambda _event: None,
        check: Check = lambda answer: answer(True),
        figures: Figures | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = _bare(path.encode())
        self._admission = admission
        self._take = take
        self._deny = deny
        self._unmatched = unmatched
        self._check = check
        self._figures = figures
        self._clock = clock
        self._taken = HttpAnswer(200, reply, content_type=b"text/plain")

    def admit(self, request: HttpRequest) -> HttpAnswer | None:
        """Answer what is no callback, or not let in, before its body has come."""
        head = request.head
        methods = _REPORTING
        if not hmac.compare_digest(_bare(head.path), self._path):
            methods = _READING
            if head.path == _HEALTH:
                return None if head.method in methods else _ONLY_READ
            if head.path != _METRICS or self._figures is None:
                return self._nowhere(request)
        remote = self._admission.caller(request.remote, head.fields)
        denied = self._admission.refusal(remote, head.fields)
        if denied:
            now = timestamp.of_seconds(self._clock())
            self._deny(DeniedCaller(remote=remote, reason=denied.reason, received_at=now))
            return _NOT_ADMITTED[denied.status]
        if head.method in methods:
            return None
        return _WRONG_METHOD if methods is _REPORTING else _ONLY_READ

    def _show(self, request: HttpRequest) -> None:
        """Answer what is asked of the receiver itself."""
        if request.head.path == _HEALTH or self._figures is None:
            self._check(lambda can: request.answer(_HEALTHY if can else _UNHEALTHY))
        else:
            self._figures(
                lambda shown: request.answer(HttpAnswer(200, shown, content_type=_FIGURES))
            )

    def _nowhere(self, request: HttpRequest) -> HttpAnswer:
        head = request.head
        self._unmatched(
            UnmatchedRequest(
                remote=self._admission.caller(request.remote, head.fields),
                method=head.method.decode(),
                path=head.path[:_SHOWN].decode("latin-1"),
                received_at=timestamp.of_seconds(self._clock()),
            )
        )
        return _NOTHING_HERE

    def respond(self, request: HttpRequest) -> None:
        """Read a callback and have it stored, or see whether one could be; the answer follows."""
        head = request.head
        if _bare(head.path) != self._path:
            self._show(request)
            return
        query = head.query.decode()
        if not request.body and not query:
            request.answer(_EMPTY)
            return
        try:
            contents = _contents(request.body, query, head.fields.get(b"content-type"))
        except TooLargeError:
            request.answer(_TOO_LARGE)
            return
        callback = Callback(
            received_at=timestamp.of_seconds(self._clock()),
            remote=self._admission.caller(request.remote, head.fields),
            method=head.method.decode(),
            query=query,
            headers=_kept(head.fields),
            body=request.body,
            contents=contents,
        )
        self._take(
            callback, lambda stored: request.answer(self._taken if stored else _CANNOT_STORE)
        )


def _bare(path: bytes) -> bytes:
    """Return a path without its final slash: with and without are the same place."""
    return path.removesuffix(b"/")


def _kept(headers: Mapping[bytes, bytes]) -> tuple[tuple[str, str], ...]:
    kept = [(name, headers[key].decode("latin-1")) for key, name in _KEPT.items() if key in headers]
    return tuple(kept)


def _contents(body: bytes, query: str, content_type: bytes | None) -> tuple[Content, ...]:
    named = content_type.decode("latin-1") if content_type else None
    return read_callback(body=body, query=query, content_type=named)
