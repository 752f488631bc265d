"""Servers of the standard library alone: they record what comes, and answer as they are told.

The sandbox is the project's own and would agree with the project's own mistakes; these know
nothing of it.
"""

import socket
import ssl
import struct
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import trustme

Answer = bytes | Callable[[socket.socket], None]


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Write a whole response; the connection stays open unless a header says otherwise."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def then_close(answer: bytes) -> Answer:
    """Say that and nothing more, whatever it is."""

    def say(connection: socket.socket) -> None:
        connection.sendall(answer)
        say_no_more(connection)

    return say


def silence(connection: socket.socket) -> None:
    """Say nothing until the client leaves."""
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """Reset the connection, by which nobody knows what became of the request."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def trickle(beginning: bytes) -> Answer:
    """Go on from there, an octet at a time, until the client leaves."""

    def say(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(b"1")
            time.sleep(0.05)

    return say


def say_no_more(connection: socket.socket, how: int = socket.SHUT_WR) -> None:
    """End one direction or both, under TLS too, whose own way would let go of the encryption."""
    socket.socket.shutdown(connection, how)


def server_context(
    certificate: trustme.LeafCert,
    *,
    version: ssl.TLSVersion | None = None,
    ciphers: str | None = None,
) -> ssl.SSLContext:
    """A server's context that speaks that one version, or those that OpenSSL speaks by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if ciphers:
        context.set_ciphers(ciphers)
    if version:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old ones are what is tested
            context.minimum_version = context.maximum_version = version
    return context


class Listener:
    """Listens on loopback, over TLS if it has a context; each connection has a thread of its own.

    When the block ends, every connection is closed and every thread has ended.
    """

    def __init__(
        self,
        *,
        family: socket.AddressFamily = socket.AF_INET,
        context: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        host, shown = ("::1", "[::1]") if family is socket.AF_INET6 else ("127.0.0.1",) * 2
        self._listener = socket.create_server((host, port), family=family, backlog=64)
        self._context = context
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._lock = threading.Lock()
        self.connections = 0
        self.port: int = self._listener.getsockname()[1]
        self.netloc = f"{shown}:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._threads[0].join()
        for connection in self._open:
            with suppress(OSError):  # it has ended by itself
                say_no_more(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def serve(self, connection: socket.socket) -> None:
        """Talk to one client; what it still says afterwards is read, and the connection closed."""
        raise NotImplementedError

    def _accept(self) -> None:
        with suppress(OSError):  # this listener has ended
            while True:
                self._take(self._listener.accept()[0])

    def _take(self, connection: socket.socket) -> None:
        with suppress(OSError):  # the client has left already
            if self._context:
                connection = self._context.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._attend, args=(connection,)))
            self._threads[-1].start()

    def _attend(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            with self._lock:
                self.connections += 1
            self.serve(connection)
            say_no_more(connection)
            # Closed before all was read, TCP would take back what the client has not read yet.
            while connection.recv(65536):
                pass


def head_of(connection: socket.socket) -> bytes:
    """Read a request's head, or a ClientHello where HTTP is spoken; nothing if the client left."""
    head = b""
    while b"\r\n\r\n" not in head and not head.startswith(b"\x16"):
        more = connection.recv(65536)
        if not more:
            return b""
        head += more
    return head


class Recorder(Listener):
    """A gateway. `answers` are given one request each, the last one from then on."""

    def __init__(
        self,
        *answers: Answer,
        family: socket.AddressFamily = socket.AF_INET,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(family=family, context=context)
        self.answers = list(answers) or [http(b"1005;Queued;abc123")]
        self.requests: list[bytes] = []
        self.url = f"{'https' if context else 'http'}://{self.netloc}/smscsimplehttp"

    def serve(self, connection: socket.socket) -> None:
        while head := head_of(connection):
            with self._lock:
                self.requests.append(head)
            self.respond(connection, head)

    def respond(self, connection: socket.socket, request: bytes) -> None:  # noqa: ARG002
        """Give the next answer; a recorder that answers by the request does its own."""
        with self._lock:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)

    @property
    def request_lines(self) -> list[str]:
        """The first line of each request."""
        return [raw.split(b"\r\n")[0].decode("ascii") for raw in self.requests]


class Proxy(Listener):
    """A proxy that reaches every host at one gateway, and takes CONNECT and absolute URLs.

    With `answer` it gives that to every request, and goes nowhere. `heads` are the requests as
    they came, with the login if there was one.
    """

    def __init__(
        self,
        gateway_port: int,
        answer: bytes | None = None,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(context=context)
        self.url = f"{'https' if context else 'http'}://{self.netloc}"
        self.heads: list[bytes] = []
        self._gateway_port = gateway_port
        self._answer = answer

    def serve(self, connection: socket.socket) -> None:
        head = head_of(connection)
        if not head:
            return
        self.heads.append(head)
        if self._answer:
            connection.sendall(self._answer)
            return
        with socket.create_connection(("127.0.0.1", self._gateway_port)) as gateway:
            if head.startswith(b"CONNECT "):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                gateway.sendall(head)
            back = threading.Thread(target=_pump, args=(gateway, connection))
            back.start()
            _pump(connection, gateway)
            back.join()


def _pump(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
    with suppress(OSError):
        say_no_more(there)
