"""Requests to receivers as they go out, and what servers can do to who sends them."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from linksms_cli.adapters.http.posting import LONGEST, Poster, Receipt
from linksms_cli.adapters.tls import tls_context
from tests.loopback import Recorder, http, server_context, silence, then_close, trickle
from tests.ports import refusing


@pytest.fixture
def poster() -> Iterator[Poster]:
    before = set(threading.enumerate())
    poster = Poster(timeout=10, user_agent="linksms-test")
    yield poster
    poster.close()
    assert set(threading.enumerate()) <= before  # those of an earlier test may have ended


def base(server: Recorder) -> str:
    return server.url.removesuffix("/smscsimplehttp")


def test_a_request_goes_out_as_it_is_written(poster: Poster) -> None:
    with Recorder(http(b"OK")) as server:
        url = f"{base(server)}/dlr/a%2Fb;c=~?token=a%2Bb+c$&x=%7E"
        headers = {"Content-Type": "application/json", "X-Token": "h\xe4"}
        assert poster.send("POST", url, body=b"\x00\xff", headers=headers) == Receipt(200)
        (head,) = server.requests
    assert head.startswith(b"POST /dlr/a%2Fb;c=~?token=a%2Bb+c$&x=%7E HTTP/1.1\r\n")
    lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    assert sorted(lines) == sorted(
        [
            f"Host: {server.netloc}".encode(),
            b"User-Agent: linksms-test",
            b"Accept: */*",
            b"Accept-Encoding: identity",
            b"Content-Type: application/json",
            b"X-Token: h\xe4",
            b"Content-Length: 2",
        ]
    )


def test_one_connection_serves_many_requests_while_it_lives(poster: Poster) -> None:
    with Recorder(http(b"OK")) as server:
        for _ in range(3):
            assert poster.send("POST", base(server), body=b"x").status == 200
        assert server.connections == 1
    with Recorder(http(b"", "200 OK", "Connection: close"), http(b"OK")) as server:
        for _ in range(2):
            assert poster.send("GET", base(server)).status == 200


def test_nothing_but_the_caller_has_a_say(
    poster: Poster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    moved = http(b"", "302 Found", "Location: /elsewhere", "Set-Cookie: a=b")
    with Recorder(moved) as server:
        for _ in range(2):
            assert poster.send("POST", base(server)) == Receipt(302)
        assert all(b"ookie" not in head and b"s3cret" not in head for head in server.requests)
        assert server.request_lines == ["POST / HTTP/1.1"] * 2


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def test_only_the_beginning_of_an_answer_is_read(poster: Poster) -> None:
    with Recorder(endless, http(b"x" * 2 * LONGEST), http(b"OK")) as server:
        for _ in range(3):
            assert poster.send("POST", base(server)) == Receipt(200)


def test_an_answer_that_is_cut_off_has_been_given(poster: Poster) -> None:
    cut = then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")
    with Recorder(cut) as server:
        assert poster.send("POST", base(server)) == Receipt(200)


def test_a_status_counts_once_it_has_come(poster: Poster) -> None:
    answer = http(b"OK", "204 No Content")
    whole = answer.index(b"204") + 3
    for place in range(len(answer)):
        with Recorder(then_close(answer[:place])) as server:
            status = poster.send("POST", base(server)).status
        assert status == (204 if place >= whole else None), answer[:place]


@pytest.mark.parametrize("interim", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_what_only_says_that_an_answer_will_come_is_none(poster: Poster, interim: str) -> None:
    waits = f"HTTP/1.1 {interim}\r\nLink: </a>; rel=preload\r\n\r\n".encode()
    final = http(b"", "503 Service Unavailable", "Retry-After: 7")
    with Recorder(waits + waits + http(b"OK", "202 Accepted"), waits + final) as server:
        assert poster.send("POST", base(server)) == Receipt(202)
        assert poster.send("POST", base(server)) == Receipt(503, retry_after=7)
        assert server.connections == 1


def test_one_that_only_ever_says_so_has_not_answered(poster: Poster) -> None:
    with Recorder(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000) as server:
        assert poster.send("POST", base(server)) == Receipt(None, "an answer that is not HTTP")
    with Recorder(then_close(http(b"", "101 Switching Protocols"))) as server:
        assert poster.send("POST", base(server)) == Receipt(101)


@pytest.mark.parametrize("answer", [silence, trickle(b"HTTP/1.1 200 OK\r\nX: ")])
def test_the_time_is_for_all_of_it(answer: object) -> None:
    poster = Poster(timeout=0.5, user_agent="x")
    with Recorder(answer) as server:  # type: ignore[arg-type]
        begun = time.monotonic()
        assert poster.send("POST", base(server)) == Receipt(None, "no answer in time")
        assert time.monotonic() - begun < 8
    poster.close()


def test_an_answer_whose_body_trickles_has_been_given() -> None:
    poster = Poster(timeout=2, user_agent="x")
    with Recorder(trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")) as server:
        assert poster.send("POST", base(server)) == Receipt(200)
    poster.close()


def test_what_is_under_way_ends_with_it() -> None:
    poster = Poster(timeout=60, user_agent="x")
    receipts: list[Receipt] = []
    with Recorder(silence) as server:
        sending = threading.Thread(
            target=lambda: receipts.append(poster.send("POST", base(server)))
        )
        sending.start()
        while not server.requests:
            time.sleep(0.01)
        poster.close()
        sending.join(timeout=20)
    assert receipts == [Receipt(None)]
    assert poster.send("POST", "http://127.0.0.1:1/") == Receipt(None)


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        (f"http://{'x' * 64}.invalid/s3cret", "no such host"),
        ("http://[fe80::1%nosuch]/s3cret", "no such host"),
        ("s3cret", "the network failed"),
    ],
)
def test_a_url_that_leads_nowhere_is_not_repeated(poster: Poster, url: str, failure: str) -> None:
    assert poster.send("POST", url) == Receipt(None, failure)


def test_a_port_where_nobody_listens(poster: Poster) -> None:
    with refusing() as port:
        receipt = poster.send("POST", f"http://127.0.0.1:{port}/")
    assert receipt == Receipt(None, "connection refused")


def test_tls_trusts_what_it_is_told_to(tmp_path: Path) -> None:
    authority = trustme.CA()
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    asked: list[str] = []

    def context() -> object:
        asked.append("once")
        return tls_context(str(bundle))

    with Recorder(http(b"OK"), context=server_context(authority.issue_cert("localhost"))) as server:
        url = base(server).replace("127.0.0.1", "localhost")
        knowing = Poster(timeout=10, user_agent="x", tls_context=context)  # type: ignore[arg-type]
        for _ in range(2):
            assert knowing.send("POST", url) == Receipt(200)
        assert knowing.send("POST", base(server)).failure == (
            "its certificate is not trusted (IP address mismatch, certificate is not valid for "
            "'127.0.0.1')"
        )
        assert asked == ["once"]
        knowing.close()
        other = Poster(timeout=10, user_agent="x", tls_context=lambda: tls_context(None))
        assert (other.send("POST", url).failure or "").startswith("its certificate is not trusted")
        other.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("Fri, 01 Jan 2010 00:00:00 GMT", 0), ("soon", None), ("9" * 5000, None)],
)
def test_a_server_says_when_to_come_again(
    poster: Poster, value: str, seconds: float | None
) -> None:
    with Recorder(http(b"", "429 Too Many Requests", f"Retry-After: {value}")) as server:
        receipt = poster.send("POST", base(server))
    assert receipt == Receipt(429, retry_after=seconds)
