"""What the steps on the way mean, where no server of the tests can show it."""

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.account.proxy import parse
from linksms_cli.sms.check import findings, judging
from linksms_cli.sms.check.findings import Finding, Mark
from linksms_cli.sms.check.steps import (
    Address,
    Certificate,
    ConnectionAttempt,
    Handshake,
    HeadAnswer,
    StepTrouble,
    Stop,
)

V4 = Address(family="IPv4", text="192.0.2.1")
V6 = Address(family="IPv6", text="2001:db8::1")


@pytest.mark.parametrize(
    ("url", "allow_http", "mark"),
    [
        ("https://n-eu.linkmobility.io/smscsimplehttp", False, Mark.OK),
        ("http://wsx.sp247.net/smscsimplehttp", True, Mark.WARNING),
        ("http://wsx.sp247.net/smscsimplehttp", False, Mark.FAILED),
        ("http://127.0.0.1:1/x", False, Mark.NOTE),
        ("https://sms.example/x", False, Mark.WARNING),
        ("https://wsx.sp247.net/smscsimplehttp", False, Mark.WARNING),
    ],
)
def test_a_base_url(url: str, allow_http: bool, mark: Mark) -> None:
    finding = judging.of_base_url(url, allow_http=allow_http)
    assert (finding.mark, finding.seen.partition(" ")[0].rstrip(",")) == (mark, url)
    assert finding.check == "base URL"
    assert ("legacy" in finding.seen) == url.startswith("https://wsx")
    assert bool(finding.advice) == (mark in {Mark.WARNING, Mark.FAILED})


@pytest.mark.parametrize(
    ("skew", "mark"),
    [(-61, Mark.WARNING), (-60, Mark.OK), (0, Mark.OK), (60, Mark.OK), (61, Mark.WARNING)],
)
def test_a_clock_may_be_a_minute_off(skew: int, mark: Mark) -> None:
    answer = HeadAnswer(status=200, date=1000.0, received=1000.5 + skew, stop=None)
    (finding,) = judging.of_clock(answer)
    assert finding.mark == mark


def test_a_proxy_is_shown_without_its_login() -> None:
    seen = "http://h:3128, with user name and password"
    assert judging.of_proxy(parse("http://u:secret@h:3128")) == findings.note("proxy", seen)
    assert judging.of_proxy(parse("h")) == findings.note("proxy", "http://h:80")
    assert judging.of_proxy(None) == findings.ok("proxy", "none")


def test_a_name_with_addresses_of_both_families() -> None:
    assert judging.of_name("sms.example", (V6, V4)) == findings.ok(
        "name", "sms.example is 2001:db8::1 (IPv6), 192.0.2.1 (IPv4)"
    )


def test_an_address_that_does_not_answer_beside_one_that_does() -> None:
    attempts = (
        ConnectionAttempt(address=V6, milliseconds=0.1, stop=Stop(trouble=StepTrouble.TIMEOUT)),
        ConnectionAttempt(address=V4, milliseconds=12.3),
    )
    assert judging.of_connections(443, attempts) == findings.warning(
        "connection",
        "port 443: 2001:db8::1 (IPv6) no answer in time; 192.0.2.1 (IPv4) in 12 ms",
        "An address that does not answer can delay every message; check its route.",
    )


def test_a_certificate_that_the_system_verified_and_does_not_show() -> None:
    shaken = Handshake(version="TLSv1.3", cipher="TLS_AES_128_GCM_SHA256")
    assert list(judging.of_certificate("h", shaken, 0)) == [
        findings.ok("certificate", "h: accepted by this system")
    ]


def test_what_a_certificate_says_cannot_steer_the_terminal() -> None:
    certificate = Certificate(issuer="Evil\x1b[2J", expires=judging.DAY * 100)
    shaken = Handshake(version="TLSv1.3", cipher="X", certificate=certificate)
    (finding,) = judging.of_certificate("h", shaken, 0)
    assert finding.seen == "h, by Evil\\x1b[2J, valid until 1970-04-11 (100 days)"


@pytest.mark.parametrize("code", [0, 9, 10, 18, 19, 20, 21, 62, 64])
def test_a_certificate_that_is_not_accepted_has_advice(code: int) -> None:
    stop = Stop(trouble=StepTrouble.CERTIFICATE, detail="why", certificate_code=code)
    (finding,) = judging.of_certificate("h", Handshake(stop=stop), 0)
    assert (finding.mark, finding.exit_code) == (Mark.FAILED, ExitCode.NOT_SENT)
    assert (finding.check, finding.seen) == ("certificate", "h: why")
    assert finding.advice


@pytest.mark.parametrize(
    ("codes", "begins"),
    [
        # OpenSSL's x509_vfy.h: X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED,
        # _DEPTH_ZERO_SELF_SIGNED_CERT, _SELF_SIGNED_CERT_IN_CHAIN,
        # _UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _UNABLE_TO_VERIFY_LEAF_SIGNATURE,
        # _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH; then some that say less.
        ((9,), "It is not valid yet."),
        ((10,), "It has expired."),
        ((18,), "It is self-signed."),
        ((19,), "Unknown certificate authority. If it is your own,"),
        ((20, 21), "Unknown certificate authority. A TLS-inspecting proxy?"),
        ((62,), "The certificate belongs to another host: check base_url and DNS."),
        ((64,), "The certificate belongs to another host: check the address in base_url."),
        ((0, 8, 11, 17, 22, 61, 63, 65), "Name its authority in ca_bundle."),
    ],
)
def test_what_openssl_says_of_a_certificate_decides_the_advice(
    codes: tuple[int, ...], begins: str
) -> None:
    for code in codes:
        stop = Stop(trouble=StepTrouble.CERTIFICATE, detail="why", certificate_code=code)
        (finding,) = judging.of_certificate("h", Handshake(stop=stop), 0)
        assert (finding.advice or "").startswith(begins)


def test_a_day_has_so_many_seconds() -> None:
    assert judging.DAY == 24 * 60 * 60


def test_a_handshake_that_learnt_nothing() -> None:
    for trouble in StepTrouble:
        finding = judging.of_tls(Handshake(stop=Stop(trouble=trouble)))
        assert finding.mark is Mark.FAILED
        assert finding.advice


OK, CONFIGURATION, NOT_SENT = ExitCode.DONE, ExitCode.CONFIGURATION, ExitCode.NOT_SENT
REFUSED, TIMEOUT, CUT = (
    Stop(trouble=trouble, detail="x")
    for trouble in (StepTrouble.REFUSED, StepTrouble.TIMEOUT, StepTrouble.CUT)
)
PROXY_LOGIN = Stop(trouble=StepTrouble.PROXY_LOGIN, detail="x")
NO_TLS = Stop(trouble=StepTrouble.NO_TLS)
LOGIN = "the proxy asks for a user and a password"
LEGACY, REMOVED = "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA256"
REMOVED_NAME = "TLS_RSA_WITH_AES_128_CBC_SHA256"


def shaken(version: str | None, cipher: str | None, stop: Stop | None = None) -> Finding:
    return judging.of_tls(Handshake(version=version, cipher=cipher, stop=stop))


def tried(*stops: Stop | None) -> Finding:
    return judging.of_connections(
        443, tuple(ConnectionAttempt(address=V4, milliseconds=1, stop=stop) for stop in stops)
    )


def answered(status: int = 0, stop: Stop | None = None) -> Finding:
    return judging.of_answer(HeadAnswer(status=status, stop=stop))


def clock(skew: int) -> Finding:
    (finding,) = judging.of_clock(HeadAnswer(status=200, date=1000.0, received=1000.5 + skew))
    return finding


def certificate(days: int) -> Finding:
    shown = Certificate(issuer="CA", expires=judging.DAY * days)
    (finding,) = judging.of_certificate("h", Handshake(certificate=shown), 0)
    return finding


@pytest.mark.parametrize(
    ("finding", "check", "mark", "exit_code", "seen"),
    [
        (judging.of_name("h", REFUSED), "name", "failed", NOT_SENT, "h: refused (x)"),
        (judging.of_name(V4.text, (V4,)), "name", "ok", OK, "192.0.2.1 is an IPv4 address"),
        (tried(None), "connection", "ok", OK, "port 443: 192.0.2.1 (IPv4) in 1 ms"),
        (
            *(tried(TIMEOUT), "connection", "failed", NOT_SENT),
            "port 443: 192.0.2.1 (IPv4) no answer in time (x)",
        ),
        (
            *(shaken("TLSv1.3", "TLS_AES_128_GCM_SHA256"), "TLS", "ok", OK),
            "TLS 1.3, TLS_AES_128_GCM_SHA256, as the guide recommends",
        ),
        (
            *(shaken("TLSv1.2", LEGACY, CUT), "TLS", "warning", OK),
            "TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: supported, but legacy",
        ),
        (
            *(shaken("TLSv1.2", REMOVED), "TLS", "warning", OK),
            f"TLS 1.2, {REMOVED_NAME}: LINK removed this cipher on 2025-10-15",
        ),
        (
            *(shaken("TLSv1.2", "X"), "TLS", "warning", OK),
            "TLS 1.2, X: not in the guide's Appendix 2",
        ),
        (
            *(shaken("TLSv1.1", "X", NO_TLS), "TLS", "failed", NOT_SENT),
            f"{NO_TLS}: it speaks TLS 1.1, X, older than TLS 1.2",
        ),
        (
            *(shaken("TLSv1.2", REMOVED, NO_TLS), "TLS", "failed", NOT_SENT),
            f"{NO_TLS}: it speaks TLS 1.2, {REMOVED_NAME}, which LINK removed on 2025-10-15",
        ),
        (
            *(shaken("TLSv1.2", "X", NO_TLS), "TLS", "failed", NOT_SENT),
            f"{NO_TLS}: it speaks TLS 1.2, X, which this machine does not accept",
        ),
        *(
            (shaken(*learnt), "TLS", "failed", NOT_SENT, str(NO_TLS))
            for learnt in (("TLSv1.2", None), (None, "X"))
        ),
        (shaken(None, None, PROXY_LOGIN), "proxy", "failed", CONFIGURATION, f"{LOGIN} (x)"),
        *(
            (shaken(None, None, Stop(trouble=trouble)), check, "failed", NOT_SENT, trouble.value)
            for trouble, check in (
                (StepTrouble.TUNNEL, "proxy"),
                (StepTrouble.NO_TUNNEL, "proxy"),
                (StepTrouble.TIMEOUT, "TLS"),
                (StepTrouble.CUT, "TLS"),
            )
        ),
        (answered(stop=PROXY_LOGIN), "answer", "failed", CONFIGURATION, f"{LOGIN} (x)"),
        (answered(stop=CUT), "answer", "failed", NOT_SENT, f"to HEAD: {CUT}"),
        *(
            (
                *(answered(status), "answer", mark, code),
                f"HTTP {status} to a HEAD without credentials",
            )
            for mark, code, several in (
                ("ok", OK, (200, 299, 400, 401, 403, 405, 408, 499)),
                ("failed", CONFIGURATION, (300, 302, 399, 404, 407)),
                ("warning", OK, (500, 503)),
            )
            for status in several
        ),
        *(
            (clock(skew), "clock", "ok", OK, f"within {within} s of the server's")
            for skew, within in ((0, 1), (-2, 2), (60, 60))
        ),
        *(
            (clock(skew), "clock", "warning", OK, f"{off} the server's")
            for skew, off in (
                (61, "61 s ahead of"),
                (-119, "119 s behind"),
                (120, "2 minutes ahead of"),
                (-7199, "120 minutes behind"),
                (7200, "2 hours ahead of"),
                (2 * judging.DAY - 1, "48 hours ahead of"),
                (-2 * judging.DAY, "2 days behind"),
            )
        ),
        (certificate(14), "certificate", "ok", OK, "h, by CA, valid until 1970-01-15 (14 days)"),
        (
            *(certificate(13), "certificate", "warning", OK),
            "h, by CA, valid until 1970-01-14 (13 days)",
        ),
    ],
)
def test_what_a_step_means(
    finding: Finding, check: str, mark: str, exit_code: ExitCode, seen: str
) -> None:
    assert (finding.check, finding.mark, finding.exit_code) == (check, mark, exit_code)
    assert finding.seen == seen
    # Who is to do something is told what.
    assert bool(finding.advice) == (finding.mark in {Mark.WARNING, Mark.FAILED})


def test_what_the_first_address_met_decides_the_advice() -> None:
    def advice(*stops: Stop) -> str:
        return tried(*stops).advice or ""

    assert (
        advice(REFUSED, TIMEOUT)
        == advice(REFUSED)
        == ("Nothing is listening there: check the host and the port.")
    )
    assert "firewall" in advice(TIMEOUT, REFUSED)
    assert advice(CUT) == "Check the network in between."


def test_a_step_that_was_not_reached_is_not_judged() -> None:
    assert list(judging.of_clock(HeadAnswer(stop=CUT))) == []
    assert list(judging.of_certificate("h", Handshake(stop=NO_TLS), 0)) == []
    assert list(judging.of_clock(HeadAnswer(status=200, date=None))) == [
        findings.note("clock", "the server sends no Date to compare with")
    ]


@pytest.mark.parametrize(
    ("codes", "combined"),
    [
        ([], ExitCode.DONE),
        ([ExitCode.NOT_SENT, ExitCode.DONE], ExitCode.NOT_SENT),
        ([ExitCode.NOT_SENT, ExitCode.CONFIGURATION], ExitCode.CONFIGURATION),
    ],
)
def test_what_is_set_wrongly_counts_before_the_network(
    codes: list[ExitCode], combined: ExitCode
) -> None:
    found = [Finding(check="x", mark=Mark.OK, seen="", exit_code=code) for code in codes]
    assert findings.combined(found) is combined
