"""The way to a gateway: straight there, or through a proxy, and what a request to it looks like."""

import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linksms_cli.adapters.gateway.incoming import Incoming
from linksms_cli.adapters.gateway.responses import read_head
from linksms_cli.sms import authority
from linksms_cli.sms.account import base_url as base_urls

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from linksms_cli.sms.account.proxy import Proxy

# What a path may hold as it is (RFC 3986, 3.3); a percent sign is one that somebody encoded.
_IN_A_PATH = "/%:@!$&'()*+,;=~"


class ProxyUnreachableError(Exception):
    """There is no connection to the proxy; the cause says why."""


class TunnelRefusedError(Exception):
    """The proxy answered CONNECT with another status than success."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Way:
    """A way to the gateway at a base URL, as `clean` returned it.

    An `https` gateway behind a proxy is reached through a tunnel, an `http` one by handing the
    proxy the whole URL. `context` is for TLS with the gateway; a proxy that is spoken to over TLS
    must have a certificate that Python's own defaults verify.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: "Mapping[str, str]",
        context: "ssl.SSLContext | None",
        proxy: "Proxy | None",
    ) -> None:
        self._gateway = gateway = base_urls.parts(base_url)
        self._context = context
        self._proxy = proxy
        self._proxy_context = None
        if context:
            context.set_alpn_protocols(["http/1.1"])
        if proxy and proxy.scheme == "https":
            import ssl

            self._proxy_context = ssl.create_default_context()
        default = 443 if gateway.scheme == "https" else 80
        host = authority.written(_certified(gateway.host), gateway.port)
        host = host.removesuffix(f":{default}")
        target = quote(gateway.path, safe=_IN_A_PATH)
        lines = {"Host": host, "Content-Length": "0", **headers}
        if proxy and not context:
            target = f"http://{host}{target}"
            lines |= proxy.headers
        self._before = f"POST {target}?".encode("ascii")
        fields = [f"{name}: {value}" for name, value in lines.items()]
        self._after = "\r\n".join([" HTTP/1.1", *fields, "", ""]).encode("ascii")

    def request(self, secret_query: str) -> bytes:
        """Return a request, whole: a POST without a body. It holds the password."""
        return b"".join((self._before, secret_query.encode("ascii"), self._after))

    def connect(self, timeout: float) -> Any:
        """Return a socket on which the gateway, or a proxy that passes it on, awaits a request.

        Each step may take `timeout` seconds. Raises ProxyUnreachableError, TunnelRefusedError, and
        what read_head, sockets and TLS do.
        """
        hop = self._gateway if self._proxy is None else self._proxy
        try:
            connected = self._first_hop(hop.host, hop.port, timeout)
        except (OSError, UnicodeError) as failure:
            if self._proxy:
                raise ProxyUnreachableError from failure
            raise
        if self._context is None:
            return connected
        try:
            if self._proxy:
                self._dig(connected, self._proxy)
            return self._secured(connected, self._context)
        except BaseException:
            connected.close()
            raise

    def _first_hop(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to the gateway, or to the proxy in front of it."""
        # A name that is a str would be put through IDNA, whose tables take 1.3 ms to load; it is
        # ASCII, as `authority.read` has checked.
        address: Any = host.encode("ascii")
        connected = socket.create_connection((address, port), timeout)
        try:
            # A request is one write: to wait for more of it (Nagle) would only delay it.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._proxy_context:
                name = _certified(host)
                return self._proxy_context.wrap_socket(connected, server_hostname=name)
        except BaseException:
            connected.close()
            raise
        return connected

    def _dig(self, connected: socket.socket, proxy: "Proxy") -> None:
        """Ask the proxy for a tunnel to the gateway."""
        gateway = self._gateway
        connected.sendall(proxy.tunnel_request(_certified(gateway.host), gateway.port))
        answer = read_head(Incoming(connected))
        if not 200 <= answer.status < 300:
            raise TunnelRefusedError(answer.status)

    def _secured(self, connected: Any, context: "ssl.SSLContext") -> Any:
        """Speak TLS with the gateway, inside the TLS with a proxy if there is that."""
        name = _certified(self._gateway.host)
        if self._proxy_context is None:
            return context.wrap_socket(connected, server_hostname=name)
        # Python's own TLS sockets cannot be put into one another. urllib3's can, and it is loaded
        # for them alone.
        from urllib3.util.ssltransport import SSLTransport

        return SSLTransport(connected, context, server_hostname=name)


def _certified(host: str) -> str:
    """Return a host's name as certificates and headers have it: without the root's final dot."""
    return host.removesuffix(".")
