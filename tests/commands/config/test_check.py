"""`linksms config check` against real servers: each trouble has its line, advice and exit code."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import Finished, Linksms, account
from tests.loopback import Proxy, Recorder, http, server_context, silence, then_close, trickle
from tests.ports import refusing, swallowing

Check = Callable[..., Finished]


def now(**off: float) -> bytes:
    """An answer to HEAD whose Date is now, or off by that."""
    date = format_datetime(datetime.now(UTC) + timedelta(**off), usegmt=True)
    return http(b"", "405 Method Not Allowed", f"Date: {date}")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Tests Ltd")


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Callable[..., Recorder]]:
    """Start a TLS server with a certificate of the tests' authority, or with the one given."""
    with ExitStack() as stack:

        def start(
            name: str = "127.0.0.1",
            *,
            certificate: trustme.LeafCert | None = None,
            answer: bytes | None = None,
            expires: datetime | None = None,
            key_type: trustme.KeyType = trustme.KeyType.RSA,
            version: ssl.TLSVersion | None = None,
            ciphers: str | None = None,
        ) -> Recorder:
            leaf = certificate or authority.issue_cert(name, key_type=key_type, not_after=expires)
            context = server_context(leaf, version=version, ciphers=ciphers)
            return stack.enter_context(Recorder(then_close(answer or now()), context=context))

        yield start


@pytest.fixture
def check(call: Linksms, bundle: str) -> Check:
    """Check an account of the environment whose gateway listens on that port of this machine."""

    def run(port: int, *words: str, scheme: str = "https", **env: str) -> Finished:
        url = f"{scheme}://127.0.0.1:{port}/smscsimplehttp"
        environ = account(url, password="hidden", LINKSMS_CA_BUNDLE=bundle) | env
        done = call("config", "check", "--json", "--timeout", "5", *words, env=environ)
        assert "hidden" not in done.stdout + done.stderr
        return done

    return run


def found(done: Finished, name: str) -> tuple[str, str]:
    """The status and the finding of one check."""
    (one,) = [record for record in done.records if record["check"] == name]
    assert one["status"] in {"ok", "note"} or one["advice"]
    return one["status"], one["finding"]


def names(done: Finished) -> list[str]:
    return [record["check"] for record in done.records]


def test_tls_1_3_is_as_the_guide_recommends(check: Check, serve: Callable[..., Recorder]) -> None:
    server = serve()
    done = check(server.port)
    assert done.code == 0
    assert names(done) == [
        *("account", "password", "base_url", "proxy", "name", "connection", "tls"),
        *("certificate", "answer", "clock", "credentials"),
    ]
    status, seen = found(done, "tls")
    assert status == "ok"
    assert re.fullmatch(r"TLS 1\.3, TLS_[A-Z0-9_]+, as the guide recommends", seen)
    status, seen = found(done, "certificate")
    assert status == "ok"
    assert seen.startswith("127.0.0.1, by Tests Ltd, valid until 3000-01-01 (")
    assert found(done, "answer") == ("ok", "HTTP 405 to a HEAD without credentials")
    assert found(done, "clock")[0] == "ok"
    assert found(done, "credentials") == (
        "note",
        "cannot be checked without sending a message",
    )


def test_no_credentials_are_sent_and_one_head_at_most(
    check: Check, serve: Callable[..., Recorder]
) -> None:
    server = serve()
    check(server.port)
    (head,) = server.requests
    assert head.startswith(b"HEAD /smscsimplehttp HTTP/1.1\r\n")
    assert b"hidden" not in head
    assert b"Authorization" not in head


def test_tls_1_2_is_legacy(check: Check, serve: Callable[..., Recorder]) -> None:
    server = serve(version=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-RSA-AES128-GCM-SHA256")
    done = check(server.port)
    assert done.code == 0
    assert found(done, "tls") == (
        "warning",
        "TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: supported, but legacy",
    )


@pytest.mark.parametrize(
    ("cipher", "name"),
    [
        ("ECDHE-RSA-AES128-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
        ("ECDHE-RSA-AES256-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    ],
)
def test_a_cipher_that_the_guide_removed_is_named(
    check: Check, serve: Callable[..., Recorder], cipher: str, name: str
) -> None:
    done = check(serve(version=ssl.TLSVersion.TLSv1_2, ciphers=cipher).port)
    assert done.code == 0
    assert found(done, "tls") == (
        "warning",
        f"TLS 1.2, {name}: LINK removed this cipher on 2025-10-15",
    )


def test_a_cipher_that_is_in_no_list(check: Check, serve: Callable[..., Recorder]) -> None:
    key_type = trustme.KeyType.ECDSA
    done = check(serve(version=ssl.TLSVersion.TLSv1_2, key_type=key_type).port)
    assert done.code == 0
    assert found(done, "tls") == (
        "warning",
        "TLS 1.2, ECDHE-ECDSA-AES256-GCM-SHA384: not in the guide's Appendix 2",
    )


def test_a_cipher_too_old_for_us_is_named_all_the_same(
    check: Check, serve: Callable[..., Recorder]
) -> None:
    done = check(serve(version=ssl.TLSVersion.TLSv1_2, ciphers="AES128-SHA256").port)
    assert done.code == 6
    assert found(done, "tls") == (
        "failed",
        (
            "no common TLS version or cipher: it speaks TLS 1.2, TLS_RSA_WITH_AES_128_CBC_SHA256, "
            "which LINK removed on 2025-10-15"
        ),
    )
    assert "answer" not in names(done)


def test_a_version_too_old_for_us_is_named_all_the_same(
    check: Check, serve: Callable[..., Recorder]
) -> None:
    done = check(serve(version=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0").port)
    assert done.code == 6
    status, seen = found(done, "tls")
    assert status == "failed"
    assert re.fullmatch(
        r"no common TLS version or cipher: it speaks TLS 1\.1, [A-Z0-9_-]+, older than TLS 1\.2",
        seen,
    )


def test_an_expired_certificate(check: Check, serve: Callable[..., Recorder]) -> None:
    done = check(serve(expires=datetime.now(UTC) - timedelta(days=1)).port)
    assert done.code == 6
    assert found(done, "tls")[0] == "ok"
    assert found(done, "certificate") == ("failed", "127.0.0.1: certificate has expired")
    assert "answer" not in names(done)


def test_a_certificate_that_runs_out_soon(check: Check, serve: Callable[..., Recorder]) -> None:
    done = check(serve(expires=datetime.now(UTC) + timedelta(days=3, hours=1)).port)
    assert done.code == 0
    status, seen = found(done, "certificate")
    assert status == "warning"
    assert seen.endswith("(3 days)")


def test_another_hosts_certificate(check: Check, serve: Callable[..., Recorder]) -> None:
    done = check(serve("other.example").port)
    assert done.code == 6
    assert found(done, "certificate") == (
        "failed",
        "127.0.0.1: IP address mismatch, certificate is not valid for '127.0.0.1'",
    )


@pytest.fixture
def self_signed() -> trustme.LeafCert:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "myself")])
    certificate = (
        x509.CertificateBuilder(name, name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return trustme.LeafCert(secret, certificate.public_bytes(serialization.Encoding.PEM), [])


def test_a_self_signed_certificate(
    check: Check, serve: Callable[..., Recorder], self_signed: trustme.LeafCert
) -> None:
    done = check(serve(certificate=self_signed).port)
    assert done.code == 6
    assert found(done, "certificate") == ("failed", "127.0.0.1: self-signed certificate")


def test_an_authority_that_is_not_known(
    check: Check, serve: Callable[..., Recorder], tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    done = check(serve().port, LINKSMS_CA_BUNDLE=str(other))
    assert done.code == 6
    status, seen = found(done, "certificate")
    assert status == "failed"
    assert "unable to get local issuer certificate" in seen


def test_a_ca_bundle_that_is_not_there(check: Check, serve: Callable[..., Recorder]) -> None:
    done = check(serve().port, LINKSMS_CA_BUNDLE="/none/ca.pem")
    assert done.code == 3
    assert found(done, "ca_bundle") == (
        "failed",
        "the CA bundle /none/ca.pem cannot be read: No such file or directory",
    )


def test_refused(check: Check) -> None:
    with refusing() as port:
        done = check(port)
    assert done.code == 6
    assert found(done, "connection") == ("failed", f"port {port}: 127.0.0.1 (IPv4) refused")
    assert names(done)[-2:] == ["connection", "credentials"]


def test_a_black_hole(check: Check) -> None:
    with swallowing() as port:
        done = check(port, "--timeout", "500ms")
    assert done.code == 6
    assert found(done, "connection") == (
        "failed",
        f"port {port}: 127.0.0.1 (IPv4) no answer in time",
    )


@pytest.mark.parametrize(("scheme", "name"), [("https", "tls"), ("http", "answer")])
def test_a_server_that_takes_connections_and_never_answers(
    check: Check, scheme: str, name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = check(listener.getsockname()[1], "--timeout", "500ms", scheme=scheme)
    assert done.code == 6
    status, seen = found(done, name)
    assert status == "failed"
    assert seen.endswith("no answer in time")


def test_a_server_that_trickles_is_given_up(check: Check) -> None:
    with Recorder(trickle(b"HTTP/1.1 200 OK\r\n")) as server:
        done = check(server.port, "--timeout", "500ms", scheme="http")
    assert done.code == 6
    assert found(done, "answer") == ("failed", "to HEAD: no answer in time")


def test_a_port_that_speaks_no_tls(check: Check) -> None:
    with Recorder(then_close(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        done = check(server.port)
    assert done.code == 6
    status, seen = found(done, "tls")
    assert status == "failed"
    assert seen.startswith(("no common TLS version or cipher (", "the connection was closed"))


@pytest.mark.parametrize(
    ("answer", "status", "seen"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "ok", "HTTP 200 to a HEAD without credentials"),
        (b"HTTP/1.1 503 No\r\n\r\n", "warning", "HTTP 503 to a HEAD without credentials"),
    ],
)
def test_what_the_server_answers(check: Check, answer: bytes, status: str, seen: str) -> None:
    with Recorder(then_close(answer)) as server:
        done = check(server.port, scheme="http")
    assert done.code == 0
    assert found(done, "answer") == (status, seen)
    assert found(done, "clock") == ("note", "the server sends no Date to compare with")


@pytest.mark.parametrize("status", ["301", "302", "404"])
def test_it_ends_as_a_send_would_where_there_is_no_gateway(
    check: Check, linksms: Linksms, status: str
) -> None:
    with Recorder(http(b"", f"{status} No", "Location: /")) as server:
        done = check(server.port, scheme="http")
        sent = linksms(
            *("send", "-t", "+99955501234", "-f", "LINK", "--no-store", "Hello"),
            env=account(server.url),
        )
    assert found(done, "answer") == ("failed", f"HTTP {status} to a HEAD without credentials")
    assert (done.code, sent.code) == (3, 3)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nDate"])
def test_what_is_no_answer(check: Check, answer: bytes) -> None:
    with Recorder(then_close(answer)) as server:
        done = check(server.port, scheme="http")
    assert done.code == (0 if answer.endswith(b"Date") else 6)


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ({"seconds": 90}, r"(89|9\d) s behind the server's"),
        ({"minutes": -10}, "10 minutes ahead of the server's"),
        ({"hours": 5}, "5 hours behind the server's"),
        ({"days": -1057}, "1057 days ahead of the server's"),
    ],
)
def test_a_clock_that_is_wrong(check: Check, off: dict[str, float], expected: str) -> None:
    with Recorder(then_close(now(**off))) as server:
        done = check(server.port, scheme="http")
    assert done.code == 0
    status, seen = found(done, "clock")
    assert status == "warning"
    assert re.fullmatch(expected, seen)


def test_a_name_that_does_not_exist(check: Check) -> None:
    done = check(1, LINKSMS_BASE_URL="https://gateway.invalid/smscsimplehttp")
    assert done.code == 6
    status, seen = found(done, "name")
    assert status == "failed"
    assert seen.startswith("gateway.invalid: no such name")


@pytest.mark.parametrize(
    ("url", "status", "seen"),
    [
        (
            "https://n-eu.linkmobility.io/smscsimplehttp",
            "ok",
            "https://n-eu.linkmobility.io/smscsimplehttp, one of those that LINK assigns",
        ),
        (
            "https://wsx.sp247.net/smscsimplehttp/",
            "warning",
            "https://wsx.sp247.net/smscsimplehttp/, which the guide calls legacy",
        ),
        (
            "https://sms.example/x",
            "warning",
            "https://sms.example/x, which is not in the guide",
        ),
        ("http://sms.example/x", "failed", "http://sms.example/x is plain HTTP"),
    ],
)
def test_what_the_guide_says_of_the_base_url(
    check: Check, url: str, status: str, seen: str
) -> None:
    # A proxy that is not there keeps the check on this machine.
    done = check(1, LINKSMS_BASE_URL=url, ALL_PROXY="http://127.0.0.1:1")
    assert found(done, "base_url") == (status, seen)
    assert done.code == (3 if status == "failed" else 6)


def test_plain_http_that_is_allowed_is_warned_of(check: Check) -> None:
    done = check(
        1,
        LINKSMS_BASE_URL="http://sms.example/x",
        LINKSMS_ALLOW_HTTP="1",
        ALL_PROXY="http://127.0.0.1:1",
    )
    assert found(done, "base_url") == (
        "warning",
        "http://sms.example/x is plain HTTP, which LINK deprecates",
    )


BEHIND = {"LINKSMS_BASE_URL": "https://gateway.example/smscsimplehttp"}


def test_through_a_proxy(check: Check, serve: Callable[..., Recorder]) -> None:
    server = serve("gateway.example")
    with Proxy(server.port) as proxy:
        login = proxy.url.replace("//", "//user:hid%64en@")
        done = check(1, **BEHIND, HTTPS_PROXY=login)
    assert done.code == 0
    assert found(done, "proxy") == ("note", f"{proxy.url}, with user name and password")
    assert found(done, "name")[1] == "127.0.0.1 is an IPv4 address"
    assert found(done, "tls")[0] == "ok"
    assert found(done, "certificate")[1].startswith("gateway.example, by Tests Ltd")
    assert {head.split(b"\r\n")[0] for head in proxy.heads} == {
        b"CONNECT gateway.example:443 HTTP/1.1"
    }
    assert all(b"Proxy-Authorization: Basic dXNlcjpoaWRkZW4=" in head for head in proxy.heads)
    (head,) = server.requests
    assert head.startswith(b"HEAD /smscsimplehttp HTTP/1.1\r\n")
    assert b"\r\nHost: gateway.example\r\n" in head


@pytest.mark.parametrize(
    ("refusal", "code", "seen"),
    [
        (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
            3,
            "the proxy asks for a user and a password (HTTP 407)",
        ),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", 6, "the proxy refuses to connect (HTTP 403)"),
        (b"what?\r\n\r\n", 6, "the proxy did not open a tunnel (its answer is not HTTP)"),
        (None, 6, "the proxy did not open a tunnel (the connection was closed)"),
    ],
)
def test_a_proxy_that_refuses(check: Check, refusal: bytes | None, code: int, seen: str) -> None:
    with Proxy(1, refusal) as proxy:
        done = check(1, **BEHIND, HTTPS_PROXY=proxy.netloc)
    assert done.code == code
    failed = [record for record in done.records if record["status"] == "failed"]
    assert [(record["check"], record["finding"]) for record in failed] == [("proxy", seen)]
    assert failed[0]["advice"]


def test_a_proxy_that_never_answers(check: Check) -> None:
    with Recorder(silence) as proxy:
        done = check(1, "--timeout", "500ms", **BEHIND, HTTPS_PROXY=proxy.netloc)
    assert done.code == 6
    assert done.records[-2]["finding"] == "the proxy did not open a tunnel (no answer in time)"


def test_a_plain_request_through_a_proxy(check: Check) -> None:
    with Proxy(1, b"HTTP/1.1 200 OK\r\n\r\n") as proxy:
        done = check(
            1,
            LINKSMS_BASE_URL="http://gateway.example/x",
            LINKSMS_ALLOW_HTTP="1",
            HTTP_PROXY=proxy.netloc,
        )
    assert done.code == 0
    assert proxy.heads[-1].startswith(b"HEAD http://gateway.example/x HTTP/1.1\r\n")


def test_a_proxy_spoken_to_over_tls_is_not_looked_behind(check: Check) -> None:
    with Recorder(then_close(b"")) as server:
        done = check(1, **BEHIND, HTTPS_PROXY=f"https://127.0.0.1:{server.port}")
    assert done.code == 0
    assert found(done, "connection")[0] == "ok"
    assert found(done, "tls") == ("note", "not checked behind a proxy that speaks TLS itself")


def test_a_kind_of_proxy_that_is_not_spoken(check: Check) -> None:
    done = check(1, **BEHIND, ALL_PROXY="socks5://127.0.0.1:1")
    assert done.code == 3
    assert found(done, "proxy")[0] == "failed"


def test_the_file_and_the_values(call: Linksms, environment: dict[str, str]) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    path.write_text(
        'default = "p"\n[profiles.p]\nusername = "u"\npassword_command = "false"\n'
        'base_url = "http://127.0.0.1:1/x"\nservice_id = 7\n'
    )
    path.chmod(0o600)
    done = call("config", "check", "--json", env={"LINKSMS_SOURCE": "LINK"})
    assert done.code == 3
    assert found(done, "file") == ("ok", f"{path}, mode 0600")
    assert found(done, "account") == (
        "ok",
        (
            "base_url, service_id, username, password_command from profile 'p'; "
            "source from LINKSMS_SOURCE (the default)"
        ),
    )
    assert found(done, "password") == (
        "failed",
        "password_command of profile 'p' failed with exit code 1",
    )
    assert found(done, "connection")[0] == "failed"


def test_a_part_of_an_account_is_checked_as_far_as_it_goes(
    call: Linksms, environment: dict[str, str]
) -> None:
    Path(environment["LINKSMS_CONFIG"]).write_text(
        '[profiles.p]\nbase_url = "http://127.0.0.1:1/x"\n'
    )
    done = call("config", "check", "p", "--json")
    assert done.code == 3
    assert found(done, "account")[0] == "failed"
    assert found(done, "connection")[0] == "failed"


def test_a_file_that_others_can_read(call: Linksms, environment: dict[str, str]) -> None:
    path = Path(environment["LINKSMS_CONFIG"])
    path.write_text('[profiles.p]\npassword = "hidden"\n')
    path.chmod(0o644)
    done = call("config", "check", "p", "--json")
    assert (done.code, names(done)) == (3, ["file"])
    assert found(done, "file") == (
        "failed",
        f"{path} holds a password, and others can read it (mode 0644)",
    )


def test_without_an_account(call: Linksms) -> None:
    done = call("config", "check", "--json")
    assert (done.code, names(done)) == (3, ["file", "account"])


def test_as_a_person_sees_it(linksms: Linksms, serve: Callable[..., Recorder], bundle: str) -> None:
    server = serve(expires=datetime.now(UTC) - timedelta(days=1))
    url = f"https://127.0.0.1:{server.port}/x"
    done = linksms("config", "check", env=account(url, LINKSMS_CA_BUNDLE=bundle))
    assert done.code == 6
    assert done.stderr == ""
    assert re.sub("[0-9]+ ms", "N ms", done.stdout).splitlines() == [
        (
            "✓ account       base_url from LINKSMS_BASE_URL; service_id from LINKSMS_SERVICE_ID; "
            "username from LINKSMS_USERNAME; password from LINKSMS_PASSWORD; "
            "ca_bundle from LINKSMS_CA_BUNDLE"
        ),
        "✓ password      found, from LINKSMS_PASSWORD",
        f"- base URL      {url}, on this machine",
        "✓ proxy         none",
        "✓ name          127.0.0.1 is an IPv4 address",
        f"✓ connection    port {server.port}: 127.0.0.1 (IPv4) in N ms",
        "✓ TLS           TLS 1.3, TLS_AES_256_GCM_SHA384, as the guide recommends",
        "✗ certificate   127.0.0.1: certificate has expired",
        "                It has expired. Check this machine's clock; if it is right, tell",
        "                LINK Support.",
        "- credentials   cannot be checked without sending a message",
    ]
