"""What leaves the socket for a message: the guide's answer, or what stands in its place."""

import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus

from linksms_cli.adapters.sandbox.numbers import ACCEPTED, Trick

_TEXT = "text/plain; charset=utf-8"
_HUGE = 10 * 1024 * 1024
# What a client needs beside some statuses, so that they mean what they say.
_HEADERS_OF_STATUS = {
    401: (("WWW-Authenticate", 'Basic realm="sandbox"'),),
    405: (("Allow", "GET, POST"),),
    407: (("Proxy-Authenticate", 'Basic realm="sandbox"'),),
    429: (("Retry-After", "1"),),
}


class Manner(StrEnum):
    """How an answer is written."""

    WHOLE = "whole"
    CUT = "cut"
    """The head promises all of it, half comes, and the connection closes."""
    TRICKLED = "trickled"
    """Octet by octet, over longer than a sender should wait."""
    SILENT = "silent"
    """Nothing, for as long as the client waits."""
    RESET = "reset"
    """Nothing, and the connection is reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer, and the manner of writing it."""

    status: int = 200
    body: bytes = b""
    content_type: str = _TEXT
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = Manner.WHOLE


def plain(status: int) -> Reply:
    """Return an answer that is its status and nothing else."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "no status that HTTP knows"
    headers = _HEADERS_OF_STATUS.get(status, ())
    if status in {301, 302, 303, 307, 308}:
        headers = (("Location", "/moved"),)
    return Reply(status=status, body=f"{status} {phrase}\n".encode(), headers=headers)


def answer(code: int, description: str, message_id: str | None) -> Reply:
    """Return `resultCode;resultDescription;messageId` (guide, "Returns")."""
    return Reply(body=f"{code};{description};{message_id or ''}".encode())


def not_allowed(methods: Iterable[str]) -> Reply:
    """Refuse a method, and name those that are taken."""
    return replace(plain(405), headers=(("Allow", ", ".join(methods)),))


def tricked(trick: Trick, description: str, message_id: str) -> Reply:
    """Return what a broken answer is in place of an acceptance."""
    if trick in _FIXED:
        return _FIXED[trick]
    if trick is Trick.WITHOUT_ID:
        return answer(ACCEPTED, description, None)
    if trick is Trick.SEMICOLON:
        return answer(ACCEPTED, f"{description}; to be sent soon", message_id)
    return _SPOILT[trick](answer(ACCEPTED, description, message_id))


_HTML = b"<!DOCTYPE html><html><title>Log in</title><h1>1001;Delivered;0</h1></html>\n"
_FIXED: dict[Trick, Reply] = {
    Trick.SILENT: Reply(manner=Manner.SILENT),
    Trick.RESET: Reply(manner=Manner.RESET),
    Trick.NO_ANSWER: Reply(body=b"The service is taking a break."),
    Trick.SERVER_ERROR: plain(500),
    Trick.REDIRECT: plain(302),
    Trick.HTML: Reply(body=_HTML, content_type="text/html"),
    Trick.EMPTY: Reply(),
}
_SPOILT: dict[Trick, Callable[[Reply], Reply]] = {
    Trick.CUT: lambda whole: replace(whole, manner=Manner.CUT),
    Trick.TRICKLED: lambda whole: replace(whole, manner=Manner.TRICKLED),
    # It begins like an acceptance, so that one who reads only its head takes it for one.
    Trick.HUGE: lambda whole: replace(whole, body=whole.body.ljust(_HUGE, b"A")),
    Trick.GZIP: lambda whole: replace(
        whole, body=gzip.compress(whole.body), headers=(("Content-Encoding", "gzip"),)
    ),
}
