"""How answers go over the wire that no server of good manners gives: cut, trickled, reset, none.

Everything else is written by `adapters/http`, which hands a connection over for these.
"""

import asyncio
import os
import socket
import struct
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http import HTTPStatus

from linksms_cli.adapters.http.messages import HttpAnswer
from linksms_cli.adapters.sandbox.answers import Manner, Reply

# Seconds that an answer trickles: longer than the 30 that a sender waits.
_TRICKLE = 40.0
# "Linger for no time": closing then resets the connection. Winsock's structure has shorts.
_RESET = struct.Struct("hh" if os.name == "nt" else "ii").pack(1, 0)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_NAME = (b"server", b"linksms-sandbox")

Transport = asyncio.Transport
AtEnd = Callable[[], object]


def as_answer(reply: Reply) -> HttpAnswer:
    """Return what the server is to do for a reply: write it, or hand the connection over."""
    if reply.manner is Manner.WHOLE and not _is_bodiless(reply.status):
        return HttpAnswer(
            reply.status,
            reply.body,
            content_type=reply.content_type.encode(),
            fields=(_NAME, *((name.encode(), value.encode()) for name, value in reply.headers)),
        )
    return HttpAnswer(reply.status, seize=lambda transport: _WAYS[reply.manner](transport, reply))


def _write_bodiless(transport: Transport, reply: Reply) -> AtEnd:
    """Write a status that has no body (RFC 9110, 6.4.1), and none of its headers either."""
    transport.write(_head(reply))
    transport.close()
    return transport.close


def _cut(transport: Transport, reply: Reply) -> AtEnd:
    transport.write(_head(reply) + reply.body[: len(reply.body) // 2])
    transport.close()
    return transport.close


def _trickle(transport: Transport, reply: Reply) -> AtEnd:
    octets = _head(reply) + reply.body
    pause = _TRICKLE / len(octets)
    loop = asyncio.get_running_loop()

    def go_on(left: Iterator[int]) -> None:
        octet = next(left, None)
        if octet is None:
            transport.close()
        elif not transport.is_closing():
            transport.write(bytes([octet]))
            loop.call_later(pause, go_on, left)

    go_on(iter(octets))
    # Who ends its side still wants to read.
    return lambda: None


def _say_nothing(transport: Transport, _reply: Reply) -> AtEnd:
    return transport.close


def _reset(transport: Transport, _reply: Reply) -> AtEnd:
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
    return transport.abort


_WAYS: dict[Manner, Callable[[Transport, Reply], AtEnd]] = {
    Manner.WHOLE: _write_bodiless,
    Manner.CUT: _cut,
    Manner.TRICKLED: _trickle,
    Manner.SILENT: _say_nothing,
    Manner.RESET: _reset,
}


def _head(reply: Reply) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}",
        f"date: {formatdate(usegmt=True)}",
        "server: linksms-sandbox",
        *(f"{name}: {value}" for name, value in reply.headers),
    ]
    if not _is_bodiless(reply.status):
        lines += [f"content-type: {reply.content_type}", f"content-length: {len(reply.body)}"]
    return ("\r\n".join([*lines, "connection: close"]) + "\r\n\r\n").encode("latin-1")


def _is_bodiless(status: int) -> bool:
    return status < 200 or status in {204, 304}
