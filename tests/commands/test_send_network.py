"""`linksms send` on the networks of real users: TLS, proxies, deadlines, reuse of connections."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from linksms_cli.adapters.gateway import Gateway
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.exchange import Fault
from linksms_cli.sms.mt.message import Draft
from tests.conftest import Linksms, account
from tests.loopback import (
    Answer,
    Proxy,
    Recorder,
    http,
    server_context,
    silence,
    then_close,
    trickle,
)

SEND = ("send", "-t", "+99955501234", "-f", "LINK", "x", "--json", "--timeout", "5")


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return authority


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    context = server_context(authority.issue_cert("127.0.0.1"), version=version)
    with Recorder(context=context) as gateway:
        bundle = account(gateway.url, LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"))
        system = account(gateway.url, SSL_CERT_FILE=str(tmp_path / "ca.pem"))
        codes = [linksms(*SEND, env=env).code for env in (bundle, system)]
    assert codes == [0, 0]
    assert [line.split("?")[0] for line in gateway.request_lines] == ["POST /smscsimplehttp"] * 2


def test_a_certificate_that_nobody_vouches_for_is_not_sent_to(
    linksms: Linksms, authority: trustme.CA
) -> None:
    with Recorder(context=server_context(authority.issue_cert("127.0.0.1"))) as gateway:
        done = linksms(*SEND, env=account(gateway.url))
    assert (done.code, done.record["outcome"], gateway.requests) == (6, "not_sent", [])
    assert done.record["error"]["kind"] == "tls"
    assert "the certificate is not trusted" in done.record["error"]["message"]


def test_a_certificate_of_another_time_names_the_clock(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    for start in (now + timedelta(days=400), now - timedelta(days=500)):
        end = start + timedelta(days=100)
        certificate = authority.issue_cert("127.0.0.1", not_before=start, not_after=end)
        with Recorder(context=server_context(certificate)) as gateway:
            env = account(gateway.url, LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"))
            done = linksms(*SEND, env=env)
        assert (done.code, gateway.requests) == (6, [])
        assert f"; this machine's clock says {now:%Y-%m-%d})" in done.record["error"]["message"]


def test_a_certificate_for_another_name_is_not_sent_to(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path
) -> None:
    with Recorder(context=server_context(authority.issue_cert("gateway.example"))) as gateway:
        env = account(gateway.url, LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"))
        done = linksms(*SEND, env=env)
    assert (done.code, done.record["outcome"], gateway.requests) == (6, "not_sent", [])


def test_an_old_tls_is_not_sent_to(linksms: Linksms, authority: trustme.CA, tmp_path: Path) -> None:
    certificate = authority.issue_cert("127.0.0.1")
    context = server_context(certificate, version=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0")
    with Recorder(context=context) as gateway:
        env = account(gateway.url, LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"))
        done = linksms(*SEND, env=env)
    assert (done.code, done.record["error"]["kind"], gateway.requests) == (6, "tls", [])


def test_tls_on_a_plain_port_is_not_sent(linksms: Linksms) -> None:
    with Recorder(b"HTTP/1.1 400 Bad Request\r\n\r\n") as gateway:
        done = linksms(*SEND, env=account(gateway.url.replace("http:", "https:")))
    assert (done.code, done.record["outcome"]) == (6, "not_sent")


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_tunnels(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path, variable: str
) -> None:
    context = server_context(authority.issue_cert("gateway.example"))
    with Recorder(context=context) as gateway, Proxy(gateway.port) as proxy:
        env = account(
            "https://gateway.example/smscsimplehttp",
            password="a-marked-password",
            LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"),
            **{variable: proxy.url.replace("//", "//me:se%20cret@")},
        )
        done = linksms(*SEND, env=env)
    assert (done.code, len(gateway.requests)) == (0, 1)
    (head,) = proxy.heads
    assert head.startswith(b"CONNECT gateway.example:443 HTTP/1.")
    assert b"proxy-authorization: basic bwu6c2ugy3jlda==" in head.lower()
    assert b"a-marked-password" not in head


def test_a_proxy_over_tls_tunnels_too(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path
) -> None:
    """TLS with the gateway inside TLS with the proxy, each with authorities of its own."""
    proxies = trustme.CA()
    proxies.cert_pem.write_to_path(tmp_path / "proxies.pem")
    with (
        Recorder(context=server_context(authority.issue_cert("gateway.example"))) as gateway,
        Proxy(gateway.port, context=server_context(proxies.issue_cert("127.0.0.1"))) as proxy,
    ):
        env = account(
            "https://gateway.example/smscsimplehttp",
            LINKSMS_CA_BUNDLE=str(tmp_path / "ca.pem"),
            HTTPS_PROXY=proxy.url.replace("//", "//me:secret@"),
        )
        trusted = {"SSL_CERT_FILE": str(tmp_path / "proxies.pem")}
        done = linksms(*SEND, "-t", "+99955501235", env=env | trusted)
        unknown = linksms(*SEND, env=env)
        wrong = linksms(*SEND, env=env | trusted | {"LINKSMS_CA_BUNDLE": trusted["SSL_CERT_FILE"]})
    assert (done.code, len(gateway.requests)) == (0, 2)
    assert [line.split("?")[0] for line in gateway.request_lines] == ["POST /smscsimplehttp"] * 2
    assert [head.split(b"\r\n")[0] for head in proxy.heads] == [
        b"CONNECT gateway.example:443 HTTP/1.1"
    ] * 2  # one for both messages, one for the certificate that was not trusted
    for refused in (unknown, wrong):
        assert (refused.code, refused.record["error"]["kind"]) == (6, "tls")
        assert "the certificate is not trusted" in refused.record["error"]["message"]


def test_a_proxy_over_tls_passes_plain_http_on(
    linksms: Linksms, authority: trustme.CA, tmp_path: Path
) -> None:
    with (
        Recorder() as gateway,
        Proxy(gateway.port, context=server_context(authority.issue_cert("127.0.0.1"))) as proxy,
    ):
        env = account(
            "http://gateway.example:80/smscsimplehttp",
            HTTP_PROXY=proxy.url,
            LINKSMS_ALLOW_HTTP="1",
            SSL_CERT_FILE=str(tmp_path / "ca.pem"),
        )
        done = linksms(*SEND, env=env)
    assert done.code == 0
    (head,) = gateway.requests
    assert head.startswith(b"POST http://gateway.example/smscsimplehttp?")
    assert b"\r\nHost: gateway.example\r\n" in head


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (http(b"", "403 Forbidden"), (6, "not_sent", "proxy")),
        (http(b"", "502 Bad Gateway"), (6, "not_sent", "proxy")),
        (http(b"", "407 Proxy Authentication Required"), (3, "not_sent", "proxy")),
    ],
)
def test_a_proxy_that_refuses(
    linksms: Linksms, refusal: bytes, expected: tuple[int, str, str]
) -> None:
    with Proxy(9, refusal) as proxy:
        env = account("https://gateway.example/x", HTTPS_PROXY=proxy.url)
        done = linksms(*SEND, env=env)
    assert (done.code, done.record["outcome"], done.record["error"]["kind"]) == expected


def test_a_proxy_that_is_not_there(linksms: Linksms) -> None:
    env = account("https://gateway.example/x", HTTPS_PROXY="http://127.0.0.1:1")
    done = linksms(*SEND, env=env)
    assert (done.code, done.record["outcome"]) == (6, "not_sent")
    assert done.record["error"]["message"] == "the proxy cannot be reached: connection refused"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (then_close(b""), "the server closed the connection without an answer"),
        (then_close(b"HTTP/1.1 200 OK\r\n"), "the answer was cut off"),
        (silence, "nothing within 0.5 s"),
        (b"SSH-2.0-x\r\n\r\n", "an answer that is not HTTP"),
    ],
    ids=["nothing", "half a head", "silence", "another protocol"],
)
def test_a_proxy_that_makes_no_tunnel(call: Linksms, answer: Answer, words: str) -> None:
    with Recorder(answer) as proxy:
        env = account("https://gateway.example/x", HTTPS_PROXY=proxy.netloc)
        done = call(*SEND, "--timeout", "0.5", env=env)
    assert (done.code, done.record["outcome"]) == (6, "not_sent")
    assert words in done.record["error"]["message"]
    assert [line.split(" ")[0] for line in proxy.request_lines] == ["CONNECT"]


def test_no_proxy(linksms: Linksms) -> None:
    with Proxy(9) as proxy:
        env = account("https://gateway.invalid/x", HTTPS_PROXY=proxy.url, NO_PROXY=".invalid")
        done = linksms(*SEND, env=env)
    assert (done.code, proxy.heads) == (6, [])


def test_a_kind_of_proxy_that_is_not_spoken(linksms: Linksms) -> None:
    env = account("https://gateway.example/x", ALL_PROXY="socks5://127.0.0.1:1")
    done = linksms(*SEND, env=env)
    assert (done.code, done.stdout) == (3, "")
    assert "ALL_PROXY is a proxy of an unsupported kind, 'socks5'" in done.stderr


@pytest.mark.parametrize("command", [SEND, ("config", "check", "--json")])
def test_a_proxy_url_that_cannot_be_read_is_a_mistake_and_never_shown(
    linksms: Linksms, command: tuple[str, ...]
) -> None:
    env = account("https://gateway.example/x", HTTPS_PROXY="http://u:pa#PROXYSECRET@127.0.0.1:1")
    done = linksms(*command, env=env)
    assert done.code == 3
    said = done.stdout + done.stderr
    assert "HTTPS_PROXY has something after its host and port" in said
    assert "as %2F %3F %23 %40 and %25" in said
    assert "PROXYSECRET" not in said


def test_a_host_that_cannot_be_is_a_mistake(linksms: Linksms) -> None:
    for host in (".invalid", f"{'a' * 70}.invalid"):
        done = linksms(*SEND, env=account(f"https://{host}/x"))
        assert (done.code, done.stdout) == (3, "")
        assert "LINKSMS_BASE_URL has an invalid host name" in done.stderr


def test_plain_http_beyond_loopback_only_where_allowed_and_with_a_warning(
    linksms: Linksms,
) -> None:
    with Recorder() as gateway, Proxy(gateway.port) as proxy:
        env = account("http://gateway.example/smscsimplehttp", HTTP_PROXY=proxy.url)
        refused = linksms(*SEND, env=env)
        allowed = linksms(*SEND, env=env | {"LINKSMS_ALLOW_HTTP": "1"})
    assert (refused.code, refused.stdout) == (3, "")
    assert allowed.code == 0
    assert "plain HTTP: the password can be read by everybody on the way" in allowed.stderr
    assert [line.split("?")[0] for line in gateway.request_lines] == [
        "POST http://gateway.example/smscsimplehttp"
    ]


def test_a_proxy_that_took_the_request_had_been_reached(linksms: Linksms) -> None:
    with Recorder(then_close(b""), http(b"", "407 Login")) as proxy:
        env = account("http://gateway.example/x", HTTP_PROXY=proxy.netloc, LINKSMS_ALLOW_HTTP="1")
        cut, asked = (linksms(*SEND, env=env) for _ in range(2))
    assert (cut.code, cut.record["outcome"]) == (7, "unknown")
    told = cut.record["error"]["message"]
    assert told == "no readable answer: the server closed the connection without an answer"
    assert (asked.code, asked.record["outcome"]) == (3, "not_sent")
    assert "http://USER:PASSWORD@HOST:PORT" in asked.record["error"]["hint"]
    assert "HTTPS_PROXY" not in asked.record["error"]["hint"]


def gateway_of(url: str) -> Gateway:
    account = Account(base_url=url, service_id=1, username="u", password="p")

    def no_tls() -> ssl.SSLContext:
        raise AssertionError

    return Gateway(account, tls_context=no_tls)


MESSAGE = Draft(source="LINK", text="x").to("+99955501234")


def test_an_idle_connection_is_not_reused() -> None:
    with Recorder() as recorder:
        gateway = gateway_of(recorder.url)
        for pause in (0, 0, 2.1):
            time.sleep(pause)
            assert gateway.submit(MESSAGE, timeout=5).answer
        gateway.close()
    assert len(recorder.requests) == 3
    assert recorder.connections == 2


def test_a_trickling_server_cannot_stretch_the_deadline() -> None:
    with Recorder(trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")) as recorder:
        gateway = gateway_of(recorder.url)
        exchange = gateway.submit(MESSAGE, timeout=0.5)
        gateway.close()
    assert (exchange.sent, exchange.fault) == (True, Fault.TIMEOUT)
    assert exchange.elapsed < 1.5


def test_an_interrupted_attempt_ends_at_once() -> None:
    with Recorder(silence) as recorder:
        gateway = gateway_of(recorder.url)
        exchange = gateway.submit(MESSAGE, timeout=30, interrupted=lambda: bool(recorder.requests))
        gateway.close()
    assert (exchange.sent, exchange.fault) == (True, Fault.INTERRUPTED)


def retried(linksms: Linksms, *answers: bytes, retries: int = 3) -> tuple[int, int]:
    with Recorder(*answers) as gateway:
        done = linksms(*SEND, "--retry", str(retries), env=account(gateway.url))
    return done.code, len(gateway.requests)


OK = http(b"1005;Queued;abc")


def test_what_provably_had_no_effect_is_tried_again(linksms: Linksms) -> None:
    assert retried(linksms, http(b"3;Maximum throttling exceeded;"), OK) == (0, 2)
    assert retried(linksms, http(b"1;Temporary routing error;"), OK) == (0, 2)
    assert retried(linksms, http(b"", "429 Too Many Requests", "Retry-After: 1"), OK) == (0, 2)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"4;Timeout;"),
        http(b"6;Operator error;"),
        http(b"2107;Destination temporarily blocked;"),
        http(b"103;Invalid password;"),
        http(b"9999;?;"),
        http(b"", "500 Internal Server Error"),
        http(b"", "503 Service Unavailable", "Retry-After: 1"),
        http(b"nonsense"),
    ],
)
def test_nothing_else_is(linksms: Linksms, answer: bytes) -> None:
    assert retried(linksms, answer, OK)[1] == 1


def test_retries_come_to_an_end(linksms: Linksms) -> None:
    assert retried(linksms, http(b"3;Maximum throttling exceeded;"), retries=1) == (6, 2)


def test_a_server_that_asks_for_an_hour_is_not_waited_for(linksms: Linksms) -> None:
    answer = http(b"", "429 Too Many Requests", "Retry-After: 3600")
    assert retried(linksms, answer, OK) == (6, 1)


def test_a_charge_is_never_tried_again(linksms: Linksms) -> None:
    with Recorder(http(b"3;Maximum throttling exceeded;"), OK) as gateway:
        words = ("--retry", "3", "--tariff", "SEK1000", "--confirm-charge", "SEK1000")
        done = linksms(*SEND, *words, env=account(gateway.url))
    assert (done.code, len(gateway.requests)) == (6, 1)


def test_retry_after_is_honoured(linksms: Linksms) -> None:
    answer = http(b"", "429 Too Many Requests", "Retry-After: 2")
    started = time.monotonic()
    assert retried(linksms, answer, OK) == (0, 2)
    assert time.monotonic() - started > 2
