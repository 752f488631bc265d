"""Which proxy the usual variables name for a gateway."""

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account import base_url as base_urls


def proxy_for(base_url: str) -> str | None:
    """Return the proxy's URL from HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or None.

    NO_PROXY is honoured. A loopback gateway never has one: a proxy could not reach it, and must
    not be handed the password in the plain.

    Raises ConfigurationError for a kind of proxy that is not spoken here.
    """
    gateway = base_urls.parts(base_url)
    if gateway.is_loopback:
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(gateway.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(f"{gateway.host}:{gateway.port}"):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    kind = proxy.partition("://")[0].lower()
    if kind not in {"http", "https"}:
        variable = f"{gateway.scheme.upper()}_PROXY or ALL_PROXY"
        message = f"{variable} names a proxy of the kind {kind!r}"
        raise ConfigurationError(message, "Name an HTTP proxy there, or unset it.")
    return proxy
