"""A gateway that takes everything, for what is sent: as quick as the standard library has it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Gateway(BaseHTTPRequestHandler):
    """Answers everything with 1005, in one write."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = b"1005;Queued;abc123"
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""


@contextmanager
def running_gateway() -> Iterator[int]:
    """Give the port of a gateway that runs while the block does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Gateway) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def account_at(port: int) -> dict[str, str]:
    """Return the variables of an account at that gateway."""
    return {
        "LINKSMS_BASE_URL": f"http://127.0.0.1:{port}/smscsimplehttp",
        "LINKSMS_SERVICE_ID": "1",
        "LINKSMS_USERNAME": "u",
        "LINKSMS_PASSWORD": "p",
    }
