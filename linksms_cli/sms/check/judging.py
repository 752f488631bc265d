"""What the steps on the way to a gateway mean: each becomes a finding."""

from collections.abc import Iterator
from datetime import UTC, datetime

from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.proxy import Proxy
from linksms_cli.sms.check import findings, tls_policy
from linksms_cli.sms.check.findings import Finding
from linksms_cli.sms.check.steps import (
    Address,
    ConnectionAttempt,
    Handshake,
    HeadAnswer,
    StepTrouble,
    Stop,
)
from linksms_cli.sms.check.tls_policy import TlsStanding
from linksms_cli.sms.text.decoding import visible

DAY = 86_400
# Below this a certificate is late by the habits of any authority: they renew a month before.
FEW_DAYS = 14
# A clock that is further off makes log lines and time-stamps of reports hard to match.
MOST_SKEW = 60

_WHY_NO_CONNECTION = {
    StepTrouble.REFUSED: "Nothing is listening there: check the host and the port.",
    StepTrouble.TIMEOUT: "Is a firewall dropping it, or is a proxy needed? See HTTPS_PROXY.",
    StepTrouble.UNREACHABLE: "This machine has no route to it: check its network.",
}
# OpenSSL's X509_V_ERR numbers.
_WHY_NO_TRUST = {
    9: "It is not valid yet. Check this machine's clock.",
    10: "It has expired. Check this machine's clock; if it is right, tell LINK Support.",
    18: "It is self-signed. If it is your own, name it in ca_bundle.",
    19: "Unknown certificate authority. If it is your own, name it in ca_bundle.",
    20: "Unknown certificate authority. A TLS-inspecting proxy? Name its CA in ca_bundle.",
    21: "Unknown certificate authority. A TLS-inspecting proxy? Name its CA in ca_bundle.",
    62: "The certificate belongs to another host: check base_url and DNS.",
    64: "The certificate belongs to another host: check the address in base_url.",
}


def of_base_url(url: str, *, allow_http: bool) -> Finding:
    """Judge a base URL by the guide's list, and by who can read what goes there."""
    if not base_url.parts(url).is_safe:
        advice = "Use https://: anyone on the way can read the password."
        if not allow_http:
            return findings.misconfigured("base URL", f"{url} is plain HTTP", advice)
        return findings.warning("base URL", f"{url} is plain HTTP, which LINK deprecates", advice)
    match base_url.standing(url):
        case base_url.UrlStanding.ASSIGNED:
            return findings.ok("base URL", f"{url}, one of those that LINK assigns")
        case base_url.UrlStanding.LEGACY:
            advice = "Ask LINK Support for one of the current ones."
            return findings.warning("base URL", f"{url}, which the guide calls legacy", advice)
        case base_url.UrlStanding.LOOPBACK:
            return findings.note("base URL", f"{url}, on this machine")
        case base_url.UrlStanding.UNLISTED:
            advice = (
                "Unless this is your own proxy or test gateway, compare it with the URL that LINK "
                "gave you."
            )
            return findings.warning("base URL", f"{url}, which is not in the guide", advice)


def of_proxy(proxy: Proxy | None) -> Finding:
    """Return which proxy is on the way; its user and password are not shown."""
    if proxy is None:
        return findings.ok("proxy", "none")
    hidden = ", with user name and password" if proxy.login else ""
    return findings.note("proxy", f"{proxy.url}{hidden}")


def of_name(host: str, found: tuple[Address, ...] | Stop) -> Finding:
    """Judge the look-up of the first hop's name."""
    if isinstance(found, Stop):
        advice = "Check the name and this machine's DNS. Behind a proxy, set HTTPS_PROXY."
        return findings.unreachable("name", f"{host}: {found}", advice)
    if found and found[0].text == host:
        return findings.ok("name", f"{host} is an {found[0].family} address")
    listed = ", ".join(f"{one.text} ({one.family})" for one in found)
    return findings.ok("name", f"{host} is {listed}")


def of_connections(port: int, attempts: tuple[ConnectionAttempt, ...]) -> Finding:
    """Judge the connections to all addresses of the first hop."""
    seen = f"port {port}: " + "; ".join(_attempt_seen(attempt) for attempt in attempts)
    stops = [attempt.stop for attempt in attempts if attempt.stop]
    if not stops:
        return findings.ok("connection", seen)
    if len(stops) < len(attempts):
        advice = "An address that does not answer can delay every message; check its route."
        return findings.warning("connection", seen, advice)
    advice = _WHY_NO_CONNECTION.get(stops[0].trouble, "Check the network in between.")
    return findings.unreachable("connection", seen, advice)


def of_tls(handshake: Handshake) -> Finding:
    """Judge TLS version and cipher by the guide's Appendix 2."""
    stop = handshake.stop
    if handshake.version is None or handshake.cipher is None:
        return _no_tls(stop or Stop(trouble=StepTrouble.NO_TLS))
    judged = tls_policy.judge(handshake.version, handshake.cipher)
    seen = f"{judged.version}, {judged.cipher}"
    if stop and stop.trouble is StepTrouble.NO_TLS:
        why = {
            TlsStanding.TOO_OLD: "older than TLS 1.2",
            TlsStanding.REMOVED: f"which LINK removed on {tls_policy.REMOVED_ON}",
        }.get(judged.standing, "which this machine does not accept")
        advice = "Guide 5.1 describes LINK's gateway differently: check base_url and proxies."
        return findings.unreachable(
            "TLS", f"no common TLS version or cipher: it speaks {seen}, {why}", advice
        )
    match judged.standing:
        case TlsStanding.RECOMMENDED:
            return findings.ok("TLS", f"{seen}, as the guide recommends")
        case TlsStanding.LEGACY:
            advice = "TLS 1.3 is recommended. Is OpenSSL old here, or is there a proxy in between?"
            return findings.warning("TLS", f"{seen}: supported, but legacy", advice)
        case TlsStanding.REMOVED:
            advice = "Expect it to stop working: look for an old proxy or an old OpenSSL."
            seen += f": LINK removed this cipher on {tls_policy.REMOVED_ON}"
            return findings.warning("TLS", seen, advice)
        case _:
            advice = "It works here, but LINK's gateway may not accept it."
            return findings.warning("TLS", f"{seen}: not in the guide's Appendix 2", advice)


def of_certificate(host: str, handshake: Handshake, now: float) -> Iterator[Finding]:
    """Judge the certificate, where the handshake got that far."""
    stop = handshake.stop
    if stop:
        if stop.trouble is StepTrouble.CERTIFICATE:
            code = stop.certificate_code or 0
            advice = _WHY_NO_TRUST.get(code, "Name its authority in ca_bundle.")
            yield findings.unreachable("certificate", visible(f"{host}: {stop.detail}"), advice)
        return
    certificate = handshake.certificate
    if certificate is None:
        yield findings.ok("certificate", f"{host}: accepted by this system")
        return
    days = int((certificate.expires - now) // DAY)
    until = datetime.fromtimestamp(certificate.expires, UTC).date().isoformat()
    seen = visible(f"{host}, by {certificate.issuer}, valid until {until} ({days} days)")
    if days < FEW_DAYS:
        advice = "If it is not renewed by then, nothing can be sent: tell whoever runs the server."
        yield findings.warning("certificate", seen, advice)
    else:
        yield findings.ok("certificate", seen)


def of_answer(answer: HeadAnswer) -> Finding:
    """Judge what the server answered to HEAD, which the guide does not speak of."""
    if answer.stop:
        if answer.stop.trouble is StepTrouble.PROXY_LOGIN:
            return findings.misconfigured("answer", str(answer.stop), _PROXY_LOGIN)
        advice = "It accepts connections but does not answer: check what runs there."
        return findings.unreachable("answer", f"to HEAD: {answer.stop}", advice)
    seen = f"HTTP {answer.status} to a HEAD without credentials"
    if answer.status == 407:
        return findings.misconfigured("answer", seen, _PROXY_LOGIN)
    if answer.status == 404 or 300 <= answer.status < 400:
        advice = "This is not a gateway, and a message would not be sent: check base_url."
        return findings.misconfigured("answer", seen, advice)
    if answer.status >= 500:
        return findings.warning("answer", seen, "The server is in trouble: try again later.")
    return findings.ok("answer", seen)


def of_clock(answer: HeadAnswer) -> Iterator[Finding]:
    """Judge this machine's clock by the server's, where it answered."""
    if answer.stop:
        return
    if answer.date is None:
        yield findings.note("clock", "the server sends no Date to compare with")
        return
    # A Date has whole seconds: half of one is the likeliest rest.
    skew = round(answer.received - answer.date - 0.5)
    if abs(skew) <= MOST_SKEW:
        yield findings.ok("clock", f"within {max(abs(skew), 1)} s of the server's")
        return
    where = "ahead of" if skew > 0 else "behind"
    advice = "Set the clock (NTP): certificates and log times depend on it."
    yield findings.warning("clock", f"{_roughly(abs(skew))} {where} the server's", advice)


_PROXY_LOGIN = "Put user and password into the proxy's URL: http://USER:PASSWORD@HOST:PORT."


def _no_tls(stop: Stop) -> Finding:
    match stop.trouble:
        case StepTrouble.PROXY_LOGIN:
            return findings.misconfigured("proxy", str(stop), _PROXY_LOGIN)
        case StepTrouble.TUNNEL:
            advice = "Ask whoever runs the proxy to allow the gateway's host and port."
            return findings.unreachable("proxy", str(stop), advice)
        case StepTrouble.NO_TUNNEL:
            advice = "Is it an HTTP proxy? Check its host and port, and ask whoever runs it."
            return findings.unreachable("proxy", str(stop), advice)
        case StepTrouble.TIMEOUT:
            advice = "It accepts connections but does not answer: a firewall, or another service."
            return findings.unreachable("TLS", str(stop), advice)
        case _:
            advice = "Is it a TLS port? Check the port, and any proxy in between."
            return findings.unreachable("TLS", str(stop), advice)


def _roughly(seconds: int) -> str:
    for unit, size in (("days", DAY), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{seconds} s"


def _attempt_seen(attempt: ConnectionAttempt) -> str:
    address = f"{attempt.address.text} ({attempt.address.family})"
    return f"{address} {attempt.stop or f'in {attempt.milliseconds:.0f} ms'}"
