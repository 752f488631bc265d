"""Why an exchange over the network failed, in words that hold no secret.

Texts of exceptions may hold URLs, so only classes, error numbers and TLS reasons are read.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator


def causes(failure: BaseException) -> Iterator[BaseException]:
    """Walk from an exception to the ones it wraps, by chaining, `reason` and arguments."""
    seen: set[int] = set()
    waiting: list[object] = [failure]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]


def in_words(failure: BaseException) -> str:
    """Return why a server gave no answer."""
    found = list(causes(failure))
    for kind, words in _REASONS:
        if any(isinstance(cause, kind) for cause in found):
            return words
    for cause in reversed(found):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message.rstrip('.')})"
        if isinstance(cause, ssl.SSLError):
            return f"TLS failed ({cause.reason or 'no reason given'})"
    for cause in reversed(found):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return "the network failed"


_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no such host"),
    (UnicodeError, "no such host"),  # a name that DNS cannot hold
    (ConnectionRefusedError, "connection refused"),
    (http.client.RemoteDisconnected, "the connection was closed without an answer"),
    (ConnectionError, "the connection broke"),
    (TimeoutError, "no answer in time"),
    (http.client.HTTPException, "an answer that is not HTTP"),
)
