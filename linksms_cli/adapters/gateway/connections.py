"""Connections that keep the secret query off every URL, and report when a request leaves."""

import time
from typing import TYPE_CHECKING, Any

from urllib3 import PoolManager, ProxyManager, disable_warnings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import SystemTimeWarning

from linksms_cli.adapters.gateway.attempt import CURRENT
from linksms_cli.adapters.gateway.responses import FinalResponse
from linksms_cli.sms.account.proxy import Proxy

if TYPE_CHECKING:
    import ssl

# A server may close an idle connection at the moment a request leaves on it, and then nobody can
# tell whether it took the request. Beyond this many seconds a new connection is the better risk.
REUSABLE_FOR = 2.0


class _Response(FinalResponse):
    """A response that its attempt can reach; urllib3 hides it behind one of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if CURRENT.attempt:
            CURRENT.attempt.response = self


class _Guarded(HTTPConnection):
    """A connection whose requests pass the door of their attempt."""

    response_class = _Response
    # http.client prints every request line when its debug level is raised, by whomever.
    debuglevel = 0
    _connecting = False
    _idle_since = 0.0

    def set_debuglevel(self, level: int) -> None:
        """Keep the debug level at 0: it would print the request line with the password."""

    def connect(self) -> None:
        """Connect, through a proxy's tunnel where there is one; no request leaves by this."""
        self._connecting = True
        try:
            super().connect()
        finally:
            self._connecting = False

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        """Join the secret query to the request line, here and nowhere before."""
        attempt = CURRENT.attempt
        target = f"{url}?{attempt.secret_query}" if attempt else url
        super().putrequest(method, target, *args, **options)

    def send(self, data: Any) -> None:
        """Send, past the attempt's door; a tunnel's CONNECT names the host alone and is free."""
        if self.sock is None:
            self.connect()
        if not self._connecting and CURRENT.attempt:
            CURRENT.attempt.pass_door()
        super().send(data)

    def getresponse(self) -> Any:
        """Receive the status and the headers."""
        response = super().getresponse()
        self._idle_since = time.monotonic()
        return response

    @property
    def is_connected(self) -> bool:
        """Return whether the connection may serve another request."""
        fresh = time.monotonic() - self._idle_since < REUSABLE_FOR
        return fresh and super().is_connected


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


def pools(
    proxy: Proxy | None, tls_context: "ssl.SSLContext | None", connections: int
) -> PoolManager:
    """Return pools that keep so many guarded connections, direct or through a proxy."""
    # urllib3 prints on stderr that the clock is wrong; if that matters, our own error says so.
    disable_warnings(SystemTimeWarning)
    manager: PoolManager
    options: dict[str, Any] = {"ssl_context": tls_context, "maxsize": connections}
    if proxy:
        manager = ProxyManager(proxy.url, proxy_headers=proxy.headers, **options)
    else:
        manager = PoolManager(**options)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager
