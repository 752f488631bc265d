"""`linksms listen` with a certificate of its own, which is replaced while it works."""

import hashlib
import itertools
import json
import re
import signal
import socket
import ssl
import subprocess
import threading
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.certificates import Authority
from tests.conftest import Linksms, needs, until
from tests.reporting import report
from tests.server import Server, running
from tests.terminal import PROGRAM, Terminal

NOW = datetime.now(UTC)


def port_of(server: Server) -> int:
    return urlsplit(server.url).port or 0


def connect(server: Server, context: ssl.SSLContext) -> HTTPSConnection:
    return HTTPSConnection("127.0.0.1", port_of(server), timeout=30, context=context)


def post(connection: HTTPSConnection, **changes: object) -> int:
    connection.request("POST", "/dlr", report(**changes))
    response = connection.getresponse()
    response.read()
    return response.status


def shown(server: Server, authority: Authority) -> str:
    """Return the fingerprint of the certificate that a new connection is shown."""
    with closing(connect(server, authority.trusting())) as connection:
        connection.connect()
        assert isinstance(connection.sock, ssl.SSLSocket)
        return hashlib.sha256(connection.sock.getpeercert(binary_form=True) or b"").hexdigest()


def event_named(server: Server, name: str) -> dict[str, object]:
    while (event := server.event())["event"] != name:
        pass
    return event


def reload(server: Server) -> None:
    server.process.send_signal(signal.SIGHUP)


@needs("curl")
def test_curl_posts_a_report(environment: dict[str, str], authority: Authority) -> None:
    with running(environment, "listen", *authority.words) as server:
        assert server.url == f"https://127.0.0.1:{port_of(server)}/dlr"
        done = subprocess.run(
            [
                *("curl", "-sS", "--max-time", "60", "--cacert", authority.bundle, "-d", "@-"),
                *("-w", "%{http_code} %{http_version} %{ssl_verify_result}", server.url),
            ],
            input=report(id="m"),
            capture_output=True,
            check=True,
        )
        assert done.stdout == b"200 1.1 0"
        assert event_named(server, "report")["id"] == "m"


@needs("openssl")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-tls1_3",), "Cipher is TLS_"),
        (("-tls1_2",), "Cipher is ECDHE-"),
        (("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"), "Cipher is (NONE)"),
        (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), "Cipher is (NONE)"),
        (("-tls1_2", "-alpn", "h2,http/1.1"), "ALPN protocol: http/1.1"),
    ],
)
def test_openssl_is_spoken_to_in_what_is_modern(
    environment: dict[str, str], authority: Authority, options: tuple[str, ...], said: str
) -> None:
    with running(environment, "listen", *authority.words) as server:
        done = subprocess.run(
            [
                *("openssl", "s_client", "-connect", f"127.0.0.1:{port_of(server)}"),
                *("-CAfile", str(authority.bundle), "-verify_return_error", *options),
            ],
            input="GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in done.stdout
        assert (done.returncode == 0) == ("(NONE)" not in said)


@needs("openssl")
def test_who_would_negotiate_again_is_refused(
    environment: dict[str, str], authority: Authority
) -> None:
    with running(environment, "listen", *authority.words) as server:
        done = subprocess.run(
            [
                *("openssl", "s_client", "-connect", f"127.0.0.1:{port_of(server)}"),
                *("-tls1_2", "-CAfile", authority.bundle),
            ],
            input="R\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert "no renegotiation" in done.stderr


def test_a_session_is_resumed_until_the_certificate_is_another(
    environment: dict[str, str], authority: Authority
) -> None:
    def is_reused(session: ssl.SSLSession | None) -> tuple[bool | None, ssl.SSLSession | None]:
        with (
            socket.create_connection(("127.0.0.1", port_of(server)), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1", session=session) as client,
        ):
            client.sendall(b"GET /healthz HTTP/1.1\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
            return client.session_reused, client.session

    with running(environment, "listen", *authority.words) as server:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = authority.trusting()
            context.minimum_version = context.maximum_version = version
            _, session = is_reused(None)
            assert is_reused(session)[0]
            authority.issue()
            reload(server)
            event_named(server, "certificate")
            assert not is_reused(session)[0]


def test_a_certificate_is_replaced_under_load_without_a_failed_request(
    environment: dict[str, str], authority: Authority
) -> None:
    with running(environment, "listen", *authority.words) as server:
        statuses: list[int | str] = []
        seen: set[str] = set()
        stop = threading.Event()

        def load(client: int) -> None:
            for number in itertools.count():
                if stop.is_set():
                    return
                try:
                    with closing(connect(server, authority.trusting())) as connection:
                        statuses.extend(
                            post(connection, id=f"{client}-{number}${part}") for part in range(3)
                        )
                except (OSError, HTTPException) as failure:
                    statuses.append(repr(failure))

        clients = [threading.Thread(target=load, args=(client,)) for client in range(3)]
        for client in clients:
            client.start()
        try:
            for _ in range(5):
                seen.add(shown(server, authority))
                authority.issue()
                reload(server)
                told = event_named(server, "certificate")
                so_far = len(statuses)
                until(lambda so_far=so_far: len(statuses) >= so_far + 20)  # type: ignore[misc]
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert set(statuses) == {200}
        assert len(seen) == 5
        assert set(told) == {"event", "valid_until", "read_at"}


def test_one_that_cannot_be_used_leaves_the_one_before(
    environment: dict[str, str], authority: Authority
) -> None:
    with running(environment, "listen", *authority.words) as server:
        assert "does not trust" in server.warning()
        before = shown(server, authority)
        authority.files.key.write_text("no key")
        reload(server)
        warning = server.warning()
        assert "privkey.pem holds no key in PEM" in warning
        assert "read before is still used" in warning
        assert shown(server, authority) == before
        with closing(connect(server, authority.trusting())) as connection:
            assert post(connection) == 200
        assert server.end().code == 0


def test_who_speaks_plain_http_or_trusts_nobody_is_told_and_told_of(
    environment: dict[str, str], authority: Authority
) -> None:
    with running(environment, "listen", *authority.words) as server:
        with socket.create_connection(("127.0.0.1", port_of(server)), timeout=30) as plain:
            plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b"".join(iter(lambda: plain.recv(1000), b""))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"speaks https" in answer
        told = event_named(server, "denied")
        assert (told["remote"], told["reason"]) == ("127.0.0.1", "tls: http request")
    with (
        running(environment, "listen", *authority.words, as_json=False) as server,
        closing(connect(server, ssl.create_default_context())) as connection,
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            connection.connect()
        assert re.search(r"denied +127.0.0.1: no TLS connection \(unknown ca\)", server.line())


def test_handshakes_that_stand_still_take_no_places(
    environment: dict[str, str], authority: Authority
) -> None:
    few = ("sh", "-c", 'ulimit -n 256; exec "$@"', "sh")
    hello, to_us = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = authority.trusting().wrap_bio(to_us, hello, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    beginning = hello.read()
    with (
        running(environment, "listen", *authority.words, before=few) as server,
        ExitStack() as standing,
    ):
        for number in range(200):
            one = socket.create_connection(("127.0.0.1", port_of(server)), timeout=30)
            standing.enter_context(one)
            one.sendall((b"", beginning[:5], beginning)[number % 3])
        with closing(connect(server, authority.trusting())) as connection:
            assert post(connection) == 200


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((-90, 5), "expires on"),
        ((-90, -1), "expired on"),
        ((1, 90), "not valid before"),
    ],
)
def test_a_certificate_that_is_not_valid_or_soon_is_not_is_warned_of(
    environment: dict[str, str], authority: Authority, days: tuple[int, int], said: str
) -> None:
    authority.issue(
        not_before=NOW + timedelta(days=days[0]), not_after=NOW + timedelta(days=days[1])
    )
    with running(environment, "listen", *authority.words) as server:
        warning = json.loads(server.warning())["warning"]
        assert said in warning
        assert warning.endswith("renew it, then send SIGHUP")


def test_a_certificate_of_another_name_is_warned_of(
    environment: dict[str, str], authority: Authority
) -> None:
    authority.issue("sms.example.com")
    words = (*authority.words, "--public-url")
    with running(environment, "listen", *words, "https://example.com/dlr") as server:
        assert "not valid for 'example.com'" in server.warning()
    with running(environment, "listen", *words, "https://sms.example.com/dlr") as server:
        assert "does not trust" in server.warning()


def encrypted(authority: Authority) -> None:
    subprocess.run(
        [
            *("openssl", "pkey", "-aes256", "-passout", "pass:x"),
            *("-in", authority.files.key, "-out", f"{authority.files.key}.new"),
        ],
        check=True,
    )
    Path(f"{authority.files.key}.new").replace(authority.files.key)


def mismatched(authority: Authority) -> None:
    certificate = authority.files.certificate.read_bytes()
    authority.issue()
    authority.files.certificate.write_bytes(certificate)


def weak(authority: Authority) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:512", "-nodes", "-subj", "/CN=x"),
            *("-keyout", authority.files.key, "-out", authority.files.certificate),
        ],
        check=True,
        capture_output=True,
    )


@needs("openssl")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: one.files.key.write_text("no key"), "privkey.pem holds no key in PEM"),
        (lambda one: one.files.certificate.write_text(""), "fullchain.pem holds no certificate"),
        (lambda one: one.files.key.unlink(), "privkey.pem cannot be read: No such file"),
        (
            lambda one: (one.files.certificate.unlink(), one.files.certificate.mkdir()),
            "fullchain.pem cannot be read: Is a directory",
        ),
        (encrypted, "privkey.pem is protected by a password"),
        (mismatched, "privkey.pem is not the key of the certificate"),
        (weak, "key too small"),
        (
            lambda one: one.files.key.write_bytes(one.files.key.read_bytes()[:100]),
            "cannot be used",
        ),
    ],
)
def test_what_is_no_pair_is_refused_in_one_line(
    linksms: Linksms, authority: Authority, spoil: object, said: str
) -> None:
    assert callable(spoil)
    spoil(authority)
    done = linksms("listen", "--port", "0", *authority.words)
    assert (done.code, done.stdout) == (3, "")
    assert said in done.stderr.splitlines()[0]
    assert "PRIVATE" not in done.stderr


def test_half_a_pair_is_refused(linksms: Linksms, authority: Authority) -> None:
    done = linksms("listen", *authority.words[:2])
    assert (done.code, "--tls-key" in done.stderr) == (2, True)


def test_the_pair_comes_from_the_environment_too(
    environment: dict[str, str], authority: Authority
) -> None:
    environment["LINKSMS_LISTEN_TLS_CERT"] = str(authority.files.certificate)
    environment["LINKSMS_LISTEN_TLS_KEY"] = str(authority.files.key)
    with running(environment, "listen") as server:
        assert server.url.startswith("https://")


def test_a_terminal_that_is_closed_still_ends_it(
    environment: dict[str, str], authority: Authority
) -> None:
    words = ("listen", "--port", "0", *authority.words)
    with Terminal(*PROGRAM, *words, env=environment) as terminal:
        terminal.shows("Listening at https://")
        assert terminal.hang_up() == 0
