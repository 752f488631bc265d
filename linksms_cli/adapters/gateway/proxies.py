"""Which proxy the usual variables name for a gateway."""

import os
import sys
from typing import TYPE_CHECKING

from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account import base_url as base_urls

if TYPE_CHECKING:
    from linksms_cli.sms.account.proxy import Proxy

_HINT = (
    "Name an HTTP proxy, like http://USER:PASSWORD@HOST:PORT, with / ? # @ and % in the password "
    "written as %2F %3F %23 %40 and %25."
)


def proxy_for(base_url: str) -> "Proxy | None":
    """Return the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names, or None.

    NO_PROXY is honoured: names, addresses and networks. A loopback gateway never has one: a proxy
    could not reach it, and must not be handed the password in the plain.

    Raises ConfigurationError for a kind of proxy that is not spoken here, and for what is no URL;
    it names the variable, and never what it holds.
    """
    gateway = base_urls.parts(base_url)
    if gateway.is_loopback or not _may_have_one():
        return None
    from urllib.request import getproxies, proxy_bypass

    from linksms_cli.sms.account.proxy import is_excepted, parse

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


def _may_have_one() -> bool:
    """Return whether anything can name a proxy here: most have none, and to read it takes long."""
    has_settings = sys.platform in {"darwin", "win32"}  # of the system, beside the variables
    return has_settings or any(name.lower().endswith("_proxy") for name in os.environ)
