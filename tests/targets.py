"""A target that reports are forwarded to: it keeps what comes, and answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """One request that came to a target."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]


Answer = Callable[[Forwarded, BaseHTTPRequestHandler], int | None]


@dataclass(slots=True)
class Target:
    """`answer` gives the status of a request, or None if it has answered by itself."""

    answer: Answer = lambda _request, _handler: 200
    came: list[Forwarded] = field(default_factory=list)
    url: str = ""
    port: int = 0


@contextmanager
def a_target(
    answer: Answer | None = None, *, port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Target]:
    """Run a target on loopback until the block ends."""
    target = Target(answer) if answer else Target()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = Forwarded(
                method=self.command,
                path=self.path,
                body=self.rfile.read(int(self.headers.get("content-length") or 0)),
                headers={name.lower(): value for name, value in self.headers.items()},
            )
            target.came.append(request)
            status = target.answer(request, self)
            if status is not None:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_words: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_what: Any) -> None:
            pass  # a caller that was killed

    server = Quiet(("127.0.0.1", port), Handler)
    target.port = server.server_address[1]
    target.url = f"{'https' if tls else 'http'}://127.0.0.1:{target.port}"
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield target
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
