"""A TLS server of the tests: whatever version, cipher and certificate it is told, on loopback."""

import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

ANSWER = b"HTTP/1.1 405 Method Not Allowed\r\nDate: %s\r\nContent-Length: 0\r\n\r\n"


@dataclass(slots=True)
class Server:
    """A server that runs; `heads` are the requests it got, as bytes."""

    port: int
    heads: list[bytes] = field(default_factory=list)


def context_of(
    certificate: tuple[str, str],
    *,
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    ciphers: str | None = None,
) -> ssl.SSLContext:
    """Return a server's context with the files of a chain and a key; its oldest version is 1.0."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if ciphers:
        context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is tested
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
    return context


def _stream(context: ssl.SSLContext | None, connection: socket.socket) -> socket.socket:
    return context.wrap_socket(connection, server_side=True) if context else connection


@contextmanager
def serving(context: ssl.SSLContext | None, answer: bytes) -> Iterator[Server]:
    """Answer every request with the same bytes, over TLS or in the plain."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(port=listener.getsockname()[1])
        threads: list[threading.Thread] = []

        def serve(connection: socket.socket) -> None:
            connection.settimeout(30)
            with suppress(OSError), connection, _stream(context, connection) as stream:
                head = b""
                while b"\r\n\r\n" not in head and (piece := stream.recv(4096)):
                    head += piece
                    if head.startswith(b"\x16"):  # a TLS ClientHello where HTTP is spoken
                        break
                if head:
                    server.heads.append(head)
                    stream.sendall(answer)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    thread = threading.Thread(target=serve, args=(connection,))
                    thread.start()
                    threads.append(thread)

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield server
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in threads:
            thread.join()
