"""Receivers of the standard library: one that is good, and some that are wrong in one way each."""

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any, ClassVar


class Good(BaseHTTPRequestHandler):
    """Takes JSON, and answers 200 to all that it could store, if only as it came."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    stored: ClassVar[dict[str, Any]]

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    def do_POST(self) -> None:
        self.answer(*self.take(self.body()))

    def take(self, body: bytes) -> tuple[int, bytes]:
        try:
            self.keep(json.loads(body))
        except ValueError:
            self.stored[body.decode()] = "raw"
        return 200, b"OK"

    def keep(self, report: dict[str, Any]) -> None:
        self.stored[report["id"]] = report["resultCode"]

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


class NoContent(Good):
    """Says 204, as frameworks like to."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        super().take(body)
        return 204, b""


class StrictJson(Good):
    """Refuses what is not valid JSON."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        try:
            self.keep(json.loads(body))
        except ValueError:
            return 400, b"not JSON"
        return 200, b"OK"


class Unique(Good):
    """Has a unique key, and fails where it is violated."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        report = body.decode()
        if report in self.stored:
            return 500, b"UNIQUE constraint failed"
        self.stored[report] = "raw"
        return 200, b"OK"


class KnownCodes(Good):
    """Looks codes up in a table of its own."""

    def keep(self, report: dict[str, Any]) -> None:
        if int(report["resultCode"]) not in {1000, 1001, 1009, 2106}:
            raise KeyError(report["resultCode"])


class OnlyForward(Good):
    """Refuses a state that comes after the final one."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        before = dict(self.stored)
        taken = super().take(body)
        late = any(before.get(name) == 1001 and code == 1000 for name, code in self.stored.items())
        self.stored.update({name: 1001 for name in before if before[name] == 1001})
        return (409, b"already final") if late else taken


class PlainIds(Good):
    """Checks ids by a pattern of its own."""

    def keep(self, report: dict[str, Any]) -> None:
        if not report["id"].replace("-", "").isalnum():
            raise LookupError(report["id"])


class Ascii(Good):
    """Reads bodies as ASCII."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        if not body.isascii() or "\\u" in body.decode():
            return 500, b"UnicodeDecodeError"
        return super().take(body)


class NeedsOperator(Good):
    """Takes an operator for granted."""

    def keep(self, report: dict[str, Any]) -> None:
        report["operator"].lower()


class Numbers(Good):
    """Takes codes for numbers."""

    def keep(self, report: dict[str, Any]) -> None:
        report["resultCode"] += 0


class Objects(Good):
    """Takes custom parameters for an object, if there are any."""

    def keep(self, report: dict[str, Any]) -> None:
        if "customParameters" in report:
            report["customParameters"]["received"].strip()


class Lengths(Good):
    """Knows no body but one with a length."""

    def do_POST(self) -> None:
        if "Content-Length" in self.headers:
            super().do_POST()
        else:
            self.close_connection = True
            self.answer(411)


class Unpacked(Good):
    """Knows no compression."""

    def do_POST(self) -> None:
        body = (
            self.rfile.read(int(self.headers["Content-Length"]))
            if ("Content-Encoding" in self.headers)
            else self.body()
        )
        try:
            body.decode()
        except UnicodeDecodeError:
            self.answer(500)
        else:
            self.answer(*self.take(body))


class NoExpectations(Good):
    """Takes nobody's question."""

    def handle_expect_100(self) -> bool:
        self.close_connection = True
        self.answer(417)
        return False


class OnePiece(Good):
    """Reads once what is there, and takes it for the body."""

    def body(self) -> bytes:
        if "Content-Length" not in self.headers or "Content-Encoding" in self.headers:
            return super().body()
        self.close_connection = True
        return self.rfile.read1(65536)

    def take(self, body: bytes) -> tuple[int, bytes]:
        return (200, b"OK") if body.strip().endswith(b"}") else (400, b"cut")


class Modern(Good):
    """Is too good for HTTP/1.0."""

    def do_POST(self) -> None:
        if self.request_version == "HTTP/1.0":
            self.close_connection = True
            self.answer(505)
        else:
            super().do_POST()


class LeavesBody(Good):
    """Answers before it reads, and takes the body for the next request."""

    def do_POST(self) -> None:
        self.answer(200, b"OK")


class Slow(Good):
    """Works before it answers."""

    def take(self, body: bytes) -> tuple[int, bytes]:
        if b'"resultCode": 1009' in body:
            time.sleep(3.2)
        return super().take(body)


class Redirecting(Good):
    """Has moved."""

    def answer(self, status: int, body: bytes = b"") -> None:  # noqa: ARG002 - what is not said
        self.send_response(301)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()


class Crashing(Good):
    """Dies of what it does not expect, without an answer."""

    def keep(self, report: dict[str, Any]) -> None:
        if report["resultCode"] == 1099:
            raise ConnectionResetError
        super().keep(report)


class Answering(Good):
    """Demands a header of everybody."""

    def do_POST(self) -> None:
        body = self.body()
        if self.headers.get("X-Token") == "s3cret":
            self.answer(*self.take(body))
        else:
            self.answer(401)


class _Quiet(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Close the connection: the faults are meant."""


class _OneByOne(HTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Close the connection: the faults are meant."""


@contextmanager
def receiving(kind: type[Good], *, threads: bool = True) -> Iterator[str]:
    """Run a receiver, and give its URL."""
    handler = type(kind.__name__, (kind,), {"stored": {}})
    with (_Quiet if threads else _OneByOne)(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/dlr"
        finally:
            server.shutdown()
            serving.join()
