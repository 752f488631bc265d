"""What happens to a request: an ASGI application that reads callbacks and answers them.

It answers 200 only when the callback has been taken, and by then whoever takes it has made it
durable.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from linksms_cli.sms.dlr.admission import Admission, address_of
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.reading import MAX_BYTES, Content, read_callback
from linksms_cli.sms.dlr.receiving import Callback, DeniedCaller
from linksms_cli.sms.timestamp import rfc3339

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# Whether a callback has been stored for good.
Take = Callable[[Callback], Awaitable[bool]]

# Bytes that are read, though more than MAX_BYTES are refused.
_MOST_BYTES = 256 * MAX_BYTES
# Headers worth keeping: how the body is to be read, and who sent it by what way. Never those that
# may carry a secret.
_KEPT = {
    name.encode(): name
    for name in ("content-type", "content-encoding", "user-agent", "x-forwarded-for")
}
_HEALTH = b"/healthz"
# What some answers say besides.
_ALSO = {
    401: [(b"www-authenticate", b'Basic realm="linksms", charset="UTF-8"')],
    405: [(b"allow", b"GET, POST")],
    503: [(b"retry-after", b"5")],
}


class _Answer(NamedTuple):
    """An answer; `close` ends the connection, where it could not be read to its end."""

    status: int
    text: str
    close: bool = False


_TAKEN = _Answer(200, "")
_HEALTHY = _Answer(200, "ok")
_NOTHING_HERE = _Answer(404, "nothing here")
_WRONG_METHOD = _Answer(405, "reports come by POST or GET")
_EMPTY = _Answer(400, "neither a body nor a query")
_CANNOT_STORE = _Answer(503, "cannot store it now, please try again")
_FAILURES: dict[type[Exception], _Answer] = {
    TooLargeError: _Answer(413, f"above {MAX_BYTES} bytes", close=True),
    ConnectionError: _Answer(400, "the body was cut short", close=True),
}


class Application:
    """Answers requests: `take` is given each callback, `deny` is told who was not let in."""

    def __init__(
        self,
        *,
        path: str,
        reply: bytes,
        admission: Admission,
        take: Take,
        deny: Callable[[DeniedCaller], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path.encode()
        self._admission = admission
        self._take = take
        self._deny = deny
        self._clock = clock
        headers = [(b"content-length", str(len(reply)).encode())]
        if reply:
            headers.append((b"content-type", b"text/plain"))
        self._taken = {"type": "http.response.start", "status": 200, "headers": headers}
        self._reply = {"type": "http.response.body", "body": reply}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if hmac.compare_digest(scope["raw_path"], self._path):
            answer = await self._callback(scope, receive)
        elif scope["raw_path"] != _HEALTH:
            answer = _NOTHING_HERE
        else:
            answer = _HEALTHY if scope["method"] in {"GET", "HEAD"} else _WRONG_METHOD
        if answer is _TAKEN:
            await send(self._taken)
            await send(self._reply)
        else:
            await _send(send, answer)

    async def _callback(self, scope: Scope, receive: Receive) -> _Answer:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        remote = address_of(scope["client"][0] if scope["client"] else "")
        now = rfc3339(self._clock())
        refusal = self._admission.refusal(remote, headers)
        if refusal:
            self._deny(DeniedCaller(remote=remote, reason=refusal.reason, received_at=now))
            return _Answer(refusal.status, "not admitted")
        if scope["method"] not in {"GET", "POST"}:
            return _WRONG_METHOD
        query = _as_text(scope["query_string"])
        try:
            body = await _read(headers, receive)
            if not body and not query:
                return _EMPTY
            contents = _contents(body, query, headers.get(b"content-type"))
        except tuple(_FAILURES) as failure:
            return _FAILURES[type(failure)]
        callback = Callback(
            received_at=now,
            remote=remote,
            method=scope["method"],
            query=query,
            headers=_kept(headers),
            body=body,
            contents=contents,
        )
        return _TAKEN if await self._take(callback) else _CANNOT_STORE


def _kept(headers: Mapping[bytes, bytes]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, headers[key].decode("latin-1")) for key, name in _KEPT.items() if key in headers
    )


def _contents(body: bytes, query: str, content_type: bytes | None) -> tuple[Content, ...]:
    named = content_type.decode("latin-1") if content_type else None
    return read_callback(body=body, query=query, content_type=named)


async def _read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """Read a body to its end, which the server sees to that it comes in time.

    One that is somewhat too large is read to its end too, for then the answer finds a client that
    has stopped talking; but one that asks first (Expect: 100-continue) is told at once.
    Raises TooLargeError, or ConnectionError where it is cut off.
    """
    length = headers.get(b"content-length", b"0")
    most = MAX_BYTES if b"expect" in headers else _MOST_BYTES
    if len(length) > 9 or (length.isdigit() and int(length) > most):
        raise TooLargeError
    body, size = b"", 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BYTES:
            body += chunk
        more = message.get("more_body", False)
        if size > _MOST_BYTES or (size > MAX_BYTES and not more):
            raise TooLargeError
        if not more:
            return body


def _as_text(query: bytes) -> str:
    """Give a query string as the ASCII that it should have been."""
    if query.isascii():
        return query.decode()
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in query)


async def _send(send: Send, answer: _Answer) -> None:
    body = f"{answer.text}\n".encode()
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"text/plain; charset=utf-8"),
        *_ALSO.get(answer.status, ()),
    ]
    if answer.close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
