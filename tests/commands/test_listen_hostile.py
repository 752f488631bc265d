"""`linksms listen` against clients that would use up its memory or its places."""

import re
import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.certificates import Authority
from tests.reporting import report, request
from tests.server import Server, running
from tests.stored import query

MIB = 1 << 20
FEW_FILES = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh")


def connect(receiver: Server, tls: ssl.SSLContext | None = None) -> socket.socket:
    port = urlsplit(receiver.url).port or 0
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    return tls.wrap_socket(client, server_hostname="127.0.0.1") if tls else client


@pytest.fixture(params=["plain", "TLS"])
def trusting(request: pytest.FixtureRequest, authority: Authority) -> ssl.SSLContext | None:
    """What a client needs to speak TLS, if it is to."""
    return authority.trusting() if request.param == "TLS" else None


def most_memory(receiver: Server) -> int:
    """Return the most that it has held in memory so far."""
    status = Path(f"/proc/{receiver.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def wait_until_nothing_is_stored(state: str) -> None:
    """Wait until no report comes in any more: while one is stored, its client has a place."""
    before = -1
    while (now := query(state, "SELECT count(*) FROM callback")[0][0]) != before:
        before = now
        time.sleep(0.3)


def read_all(client: socket.socket) -> None:
    with suppress(OSError):
        while client.recv(65536):
            pass


# Python's TLS sockets cannot read and write at the same time.
@pytest.mark.parametrize(
    ("trusting", "reads"),
    [("plain", True), ("plain", False), ("TLS", False)],
    indirect=["trusting"],
    ids=["reading", "not reading", "not reading over TLS"],
)
@pytest.mark.parametrize("line", [b"GET /x HTTP/1.1", b"GET /dlr?x HTTP/1.1"])
def test_requests_without_end_take_no_memory(
    environment: dict[str, str],
    authority: Authority,
    reads: bool,
    line: bytes,
    trusting: ssl.SSLContext | None,
) -> None:
    requests = (line + b"\r\n\r\n") * 1000
    words = authority.words if trusting else ()
    with (
        running(environment, "listen", *words) as receiver,
        closing(connect(receiver, trusting)) as client,
    ):
        receiver.drain()
        assert request(receiver.url, report(), tls=trusting).status == 200
        before = most_memory(receiver)
        reader = threading.Thread(target=read_all, args=(client,))
        if reads:
            reader.start()
        client.settimeout(2)
        with suppress(TimeoutError):  # who does not read is not read from
            for _ in range(100):
                client.sendall(requests)
        assert request(receiver.url, report(), tls=trusting).status == 200
        assert most_memory(receiver) - before < 32 * MIB
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        if reads:
            reader.join()


def test_clients_that_never_read_hold_no_places(
    environment: dict[str, str], authority: Authority, trusting: ssl.SSLContext | None
) -> None:
    words = ("--reply-body", "x" * 120_000, *(authority.words if trusting else ()))
    with (
        running(environment, "listen", *words, before=FEW_FILES) as receiver,
        ExitStack() as clients,
    ):
        receiver.drain()
        body = report()
        whole = b"POST /dlr HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        for _ in range(200):
            with suppress(OSError):  # until all wait, one may come to a place too many
                client = clients.enter_context(connect(receiver, trusting))
                client.sendall(whole * 200)
        wait_until_nothing_is_stored(environment["LINKSMS_STATE"])
        assert request(receiver.url, body, tls=trusting).status == 200
        health = receiver.url.replace("/dlr", "/healthz")
        assert request(health, tls=trusting).status == 200
