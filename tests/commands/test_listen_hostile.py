"""`linksms listen` against clients that would use up its memory or its places."""

import re
import socket
import threading
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.reporting import report, request
from tests.server import Server, running

MIB = 1 << 20
FEW_FILES = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh")


def connect(receiver: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(receiver.url).port or 0), timeout=20)


def most_memory(receiver: Server) -> int:
    """Return the most that it has held in memory so far."""
    status = Path(f"/proc/{receiver.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def read_all(client: socket.socket) -> None:
    with suppress(OSError):
        while client.recv(65536):
            pass


@pytest.mark.parametrize("reads", [True, False], ids=["reading", "not reading"])
@pytest.mark.parametrize("line", [b"GET /x HTTP/1.1", b"GET /dlr?x HTTP/1.1"])
def test_requests_without_end_take_no_memory(
    environment: dict[str, str], reads: bool, line: bytes
) -> None:
    requests = (line + b"\r\n\r\n") * 1000
    with running(environment, "listen") as receiver, closing(connect(receiver)) as client:
        receiver.drain()
        assert request(receiver.url, report()).status == 200
        before = most_memory(receiver)
        reader = threading.Thread(target=read_all, args=(client,))
        if reads:
            reader.start()
        client.settimeout(2)
        with suppress(TimeoutError):  # who does not read is not read from
            for _ in range(100):
                client.sendall(requests)
        assert request(receiver.url, report()).status == 200
        assert most_memory(receiver) - before < 32 * MIB
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        if reads:
            reader.join()


def test_clients_that_never_read_hold_no_places(environment: dict[str, str]) -> None:
    large = "x" * 36_000
    with (
        running(environment, "listen", "--reply-body", large, before=FEW_FILES) as receiver,
        ExitStack() as clients,
    ):
        receiver.drain()
        body = report()
        whole = b"POST /dlr HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        for _ in range(200):
            client = clients.enter_context(connect(receiver))
            with suppress(OSError):
                client.sendall(whole * 200)
        assert request(receiver.url, body).status == 200
        assert request(receiver.url.replace("/dlr", "/healthz")).status == 200
