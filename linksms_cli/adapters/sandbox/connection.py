"""One connection: requests read within limits, and answers written in the manner that is meant."""

import os
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from linksms_cli.adapters.sandbox.answers import Manner, Reply, plain

_REQUEST_LINE = 64 * 1024
_BODY = 64 * 1024
# Seconds: a client that says nothing is sent away; an answer trickles for longer than the 30 that
# a sender waits.
_IDLE = 30.0
_TRICKLE = 40.0
# How long, and for how much, a client that still sends is listened to after its refusal: closing
# at once would reset the connection and take the answer from it.
_LINGER = 0.5
_LINGER_OCTETS = 1024 * 1024

# "Linger for no time": closing then resets the connection. Winsock's structure has shorts.
_LINGER_FORM = struct.Struct("hh" if os.name == "nt" else "ii")
_RESET = _LINGER_FORM.pack(1, 0)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: its target split at the `?`, and the address of who sent it."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    peer: str = ""

    def header(self, name: str) -> list[str]:
        """Return the values of a header, whose name is given in lower case."""
        return [value for each, value in self.headers if each.lower() == name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A reply, and what is to be done once it has left, whether or not it arrived."""

    reply: Reply
    afterwards: Callable[[], object] | None = None


class Host(socketserver.TCPServer):
    """What a connection asks of its server: an answer, and whether the end has come."""

    respond: Callable[[Request], Response]
    closing: threading.Event


class Connection(BaseHTTPRequestHandler):
    """One connection, and the requests that come over it one after the other."""

    server: Host
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE

    def handle(self) -> None:
        """Serve until the client leaves, is idle for too long, or is sent away."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def handle_one_request(self) -> None:
        """Read one request within the limits, and answer it."""
        self.close_connection = True
        self.raw_requestline = self.rfile.readline(_REQUEST_LINE + 1)
        if not self.raw_requestline:
            return
        if len(self.raw_requestline) > _REQUEST_LINE:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        if not self.parse_request():
            return
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
        elif not (length.isascii() and length.isdecimal()):
            self.send_error(HTTPStatus.BAD_REQUEST)
        elif len(length) > 9 or int(length) > _BODY:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(int(length))

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002 - the library's words repeat the request line
        explain: str | None = None,  # noqa: ARG002 - and that holds a password
    ) -> None:
        """Refuse what is no proper request, and listen on until the refusal has arrived."""
        self.close_connection = True
        self._write(plain(int(code)))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        left = _LINGER_OCTETS
        while left > 0 and (received := len(self.connection.recv(64 * 1024))):
            left -= received

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Log nothing: request lines hold passwords."""

    def _answer(self, length: int) -> None:
        body = self.rfile.read(length)
        path, _, query = _origin_form(self.path).partition("?")
        response = self.server.respond(
            Request(
                method=self.command,
                path=path,
                query=query,
                headers=tuple(self.headers.items()),
                body=body,
                peer=self.client_address[0],
            )
        )
        try:
            self._write(response.reply)
        finally:
            if response.afterwards:
                response.afterwards()

    def _write(self, reply: Reply) -> None:
        if reply.manner is not Manner.WHOLE or reply.status < 200:
            self.close_connection = True
        octets = self._head(reply)
        if getattr(self, "command", None) != "HEAD" and not _is_bodiless(reply.status):
            octets += reply.body
        self._send(octets, reply)

    def _send(self, octets: bytes, reply: Reply) -> None:
        match reply.manner:
            case Manner.WHOLE:
                self.wfile.write(octets)
            case Manner.CUT:
                self.wfile.write(octets[: -len(reply.body) // 2])
            case Manner.TRICKLED:
                for octet in octets:
                    self.wfile.write(bytes([octet]))
                    if self.server.closing.wait(_TRICKLE / len(octets)):
                        return
            case Manner.SILENT:
                self.connection.settimeout(None)
                while self.connection.recv(64 * 1024):
                    pass
            case Manner.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def _head(self, reply: Reply) -> bytes:
        lines = [
            f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}",
            "Server: linksms-sandbox",
            f"Date: {self.date_time_string()}",
            *(f"{name}: {value}" for name, value in reply.headers),
        ]
        if not _is_bodiless(reply.status):
            lines += [f"Content-Type: {reply.content_type}", f"Content-Length: {len(reply.body)}"]
        if self.close_connection:
            lines.append("Connection: close")
        elif self.request_version == "HTTP/1.0":
            lines.append("Connection: keep-alive")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _is_bodiless(status: int) -> bool:
    return status < 200 or status in {204, 304}


def _origin_form(target: str) -> str:
    """Return a target without the scheme and host that a client of a proxy puts before it."""
    return re.sub("^https?://[^/?]*", "", target, count=1, flags=re.IGNORECASE)


def wants_reset(connection: socket.socket) -> bool:
    """Return whether this connection is to be reset, and so must not be ended in good order."""
    lingers = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_FORM.size)
    return lingers == _RESET
