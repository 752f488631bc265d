"""What leaves the socket: the guide's answer or what stands in its place, or JSON for an admin."""

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any

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

# Nobody keeps what the admin interface says, and no page of another site may load it.
_JSON_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


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


def as_json(value: Any, status: int = 200) -> Reply:
    """Return a value as JSON, a list with a line for each element.

    In ASCII, so that what came from outside cannot act on the terminal that curl prints to.
    """
    if isinstance(value, list):
        text = "[" + ",\n ".join(json.dumps(each) for each in value) + "]"
    else:
        text = json.dumps(value)
    return Reply(
        status=status,
        body=f"{text}\n".encode(),
        content_type="application/json",
        headers=_JSON_HEADERS,
    )


class AdminRefusalError(Exception):
    """A request to the admin interface is refused; `reply` says why, and what to do."""

    def __init__(self, status: int, kind: str, message: str, hint: str | None) -> None:
        super().__init__(message)
        error = {"error": {"kind": kind, "message": message, "hint": hint}}
        self.reply = as_json(error, status)
        if status == 401:
            headers = (*self.reply.headers, ("WWW-Authenticate", "Bearer"))
            self.reply = replace(self.reply, headers=headers)


def not_allowed(methods: Iterable[str]) -> Reply:
    """Return the refusal of a method, with those that are allowed."""
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
    Trick.UNREADABLE: Reply(body=b"The service is taking a break."),
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
