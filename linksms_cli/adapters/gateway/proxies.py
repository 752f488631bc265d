"""Which proxy the usual variables name for a gateway."""

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account import base_url as base_urls
from linksms_cli.sms.account.proxy import Proxy, is_excepted, parse

_HINT = (
    "Name an HTTP proxy, like http://USER:PASSWORD@HOST:PORT, with / ? # @ and % in the password "
    "written as %2F %3F %23 %40 and %25."
)


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names, or None.

    NO_PROXY is honoured: names, addresses and networks. A loopback gateway never has one: a proxy
    could not reach it, and must not be handed the password in the plain.

    Raises ConfigurationError for a kind of proxy that is not spoken here, and for what is no URL;
    it names the variable, and never what it holds.
    """
    gateway = base_urls.parts(base_url)
    if gateway.is_loopback:
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    which = gateway.scheme if proxies.get(gateway.scheme) else "all"
    url = proxies.get(which)
    if not url or is_excepted(gateway.host, proxies.get("no", "")):
        return None
    if proxy_bypass(f"{gateway.host}:{gateway.port}"):
        return None
    try:
        return parse(url)
    except ValueError as wrong:
        raise ConfigurationError(f"{which.upper()}_PROXY {wrong}", _HINT) from None
