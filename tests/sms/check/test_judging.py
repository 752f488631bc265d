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
    ],
)
def test_a_base_url(url: str, allow_http: bool, mark: Mark) -> None:
    finding = judging.of_base_url(url, allow_http=allow_http)
    assert (finding.mark, finding.seen.partition(" ")[0].rstrip(",")) == (mark, url)


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
    assert finding.advice


def test_a_handshake_that_learnt_nothing() -> None:
    for trouble in StepTrouble:
        finding = judging.of_tls(Handshake(stop=Stop(trouble=trouble)))
        assert finding.mark is Mark.FAILED
        assert finding.advice


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
