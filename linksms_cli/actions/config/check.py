"""Check an account and the way to its gateway, from the profile file to the server's clock.

No SMS and no credentials are sent: handshakes, and one HEAD without a query at most.
"""

from collections.abc import Iterator, Mapping
from ssl import SSLContext

from linksms_cli.actions.config.account import fetch_password
from linksms_cli.adapters.gateway.proxies import proxy_for
from linksms_cli.adapters.probe.walk import Probe
from linksms_cli.adapters.profiles import reading
from linksms_cli.adapters.tls import tls_context
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms import secret
from linksms_cli.sms.account import base_url as base_urls
from linksms_cli.sms.account import choice
from linksms_cli.sms.account.keys import Key
from linksms_cli.sms.account.place import Place
from linksms_cli.sms.account.profile import ProfileFile
from linksms_cli.sms.check import findings, judging
from linksms_cli.sms.check.findings import Finding
from linksms_cli.sms.check.steps import Address, Stop


def check(
    profile: str | None, environ: Mapping[str, str], *, seconds: float, now: float
) -> Iterator[Finding]:
    """Yield what each check finds, as soon as it does; what depends on a failed one is left out.

    `seconds` is how long each step of the way may take, `now` the time in seconds since 1970.
    """
    try:
        if choice.needs_file(profile, environ):
            file, finding = _file(environ)
            yield finding
        else:
            file = reading.read_for_environment(environ)
    except ConfigurationError as failure:
        yield findings.misconfigured("file", failure.message, failure.hint)
        return
    try:
        place = choice.choose(profile, environ, file)
    except ConfigurationError as failure:
        yield findings.misconfigured("account", failure.message, failure.hint)
        return
    yield from _account(place, environ)
    if place.values.base_url is not None:
        yield from _way(place.values.base_url, place, seconds, now)
    yield findings.note("credentials", "cannot be checked without sending a message")


def _file(environ: Mapping[str, str]) -> tuple[ProfileFile, Finding]:
    path = reading.locate(environ)
    file = reading.read(path)
    mode = reading.mode_of(path)
    if mode is None:
        return file, findings.note("file", f"{path}: does not exist")
    return file, findings.ok("file", f"{path}, mode {mode:04o}")


def _account(place: Place, environ: Mapping[str, str]) -> Iterator[Finding]:
    for notice in place.notices:
        yield findings.note("account", notice)
    for warning in place.warnings:
        advice = f"'linksms config set {place.name} KEY=VALUE' sets it for the profile."
        yield findings.warning("account", warning, advice)
    by_origin: dict[str, list[str]] = {}
    for key, origin in place.origins.items():
        by_origin.setdefault(origin, []).append(key.value)
    for guard in place.guards:
        if Key.ALLOWED_DESTINATIONS.value not in by_origin.setdefault(guard.origin, []):
            by_origin[guard.origin].append(Key.ALLOWED_DESTINATIONS.value)
    seen = "; ".join(f"{', '.join(keys)} from {origin}" for origin, keys in by_origin.items())
    if place.is_default:
        seen += " (the default)"
    try:
        source = choice.complete(place)
    except ConfigurationError as failure:
        yield findings.misconfigured("account", f"{seen}: {failure.message}", failure.hint)
        return
    yield findings.ok("account", seen)
    try:
        password, _ = fetch_password(source, environ)
    except ConfigurationError as failure:
        yield findings.misconfigured("password", failure.message, failure.hint)
        return
    if doubt := secret.doubt(password):
        advice = "Remove it, unless LINK Support gave you the password with it."
        yield findings.warning("password", f"found, from {source.origin}; it {doubt}", advice)
    else:
        yield findings.ok("password", f"found, from {source.origin}")


def _way(url: str, place: Place, seconds: float, now: float) -> Iterator[Finding]:
    yield judging.of_base_url(url, allow_http=bool(place.values.allow_http))
    gateway = base_urls.parts(url)
    try:
        proxy = proxy_for(url)
    except ConfigurationError as failure:
        yield findings.misconfigured("proxy", failure.message, failure.hint)
        return
    yield judging.of_proxy(proxy)
    context = None
    try:
        if gateway.scheme == "https":
            context = tls_context(place.values.ca_bundle)
    except ConfigurationError as failure:
        yield findings.misconfigured("CA bundle", failure.message, failure.hint)
        return
    probe = Probe(gateway, proxy, seconds)
    addresses = probe.look_up()
    yield judging.of_name(probe.first_hop[0], addresses)
    if isinstance(addresses, Stop):
        return
    attempts = probe.connect(addresses)
    yield judging.of_connections(probe.first_hop[1], attempts)
    reached = next((one.address for one in attempts if not one.stop), None)
    if reached is None:
        return
    if proxy and proxy.scheme == "https":
        yield findings.note("TLS", "not checked behind a proxy that speaks TLS itself")
        return
    yield from _conversation(probe, gateway.host, reached, context, now)


def _conversation(
    probe: Probe, host: str, address: Address, context: SSLContext | None, now: float
) -> Iterator[Finding]:
    if context is not None:
        handshake = probe.shake_hands(address, context)
        yield judging.of_tls(handshake)
        yield from judging.of_certificate(host, handshake, now)
        if handshake.stop:
            return
    answer = probe.ask(address, context)
    yield judging.of_answer(answer)
    yield from judging.of_clock(answer)
