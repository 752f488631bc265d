"""A gateway of the standard library alone: it records raw requests and answers as it is told.

The sandbox is the project's own and would agree with the project's own mistakes; this one knows
nothing of it.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Answer = bytes | Callable[[socket.socket], None]


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Write a whole response; the connection stays open unless a header says otherwise."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Recorder:
    """Listens on loopback. `answers` are given one request each, the last one from then on."""

    def __init__(self, *answers: Answer, family: socket.AddressFamily = socket.AF_INET) -> None:
        self.answers = list(answers) or [http(b"1005;Queued;abc123")]
        self.requests: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.socket(family)
        host = "::1" if family is socket.AF_INET6 else "127.0.0.1"
        self._listener.bind((host, 0))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        self.netloc = f"[::1]:{self.port}" if family is socket.AF_INET6 else f"{host}:{self.port}"
        self.url = f"http://{self.netloc}/smscsimplehttp"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def wrap(self, connection: socket.socket) -> socket.socket:
        """Return the connection to talk on; a TLS recorder wraps it."""
        return connection

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            connection = self.wrap(plain)
        except OSError:
            plain.close()
            return
        with self._lock:
            self.connections += 1
            self._open.append(connection)
        try:
            while self._one(connection):
                pass
        except OSError:
            connection.close()

    def _one(self, connection: socket.socket) -> bool:
        raw = b""
        while b"\r\n\r\n" not in raw:
            more = connection.recv(65536)
            if not more:
                connection.close()
                return False
            raw += more
        with self._lock:
            self.requests.append(raw)
        self.respond(connection, raw)
        return True

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


class TlsRecorder(Recorder):
    """The same over TLS."""

    def __init__(self, context: ssl.SSLContext, *answers: Answer) -> None:
        super().__init__(*answers)
        self._context = context
        self.url = self.url.replace("http:", "https:")

    def wrap(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True)


class Proxy:
    """A proxy that reaches every host at one gateway, and takes CONNECT and absolute URLs.

    With `refusal` it answers CONNECT with that status line and nothing else.
    """

    def __init__(self, gateway_port: int, refusal: str | None = None) -> None:
        self.heads: list[bytes] = []
        self._gateway_port = gateway_port
        self._refusal = refusal
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(65536)
        self.heads.append(head)
        if self._refusal:
            client.sendall(f"HTTP/1.1 {self._refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            client.close()
            return
        gateway = socket.create_connection(("127.0.0.1", self._gateway_port))
        if head.startswith(b"CONNECT "):
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            gateway.sendall(head)
        for here, there in ((client, gateway), (gateway, client)):
            threading.Thread(target=_pump, args=(here, there), daemon=True).start()


def _pump(here: socket.socket, there: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
    with contextlib.suppress(OSError):
        there.shutdown(socket.SHUT_RDWR)
    here.close()
