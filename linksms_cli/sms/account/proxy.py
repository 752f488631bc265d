"""An HTTP proxy as the usual variables name it: its address, and its own user and password."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from linksms_cli.sms import authority

_URL = re.compile(
    r"((?P<scheme>[^:/?#@\[]*)://)?((?P<login>[^/?#]*)@)?(?P<authority>[^/?#]*)/?(?P<rest>.*)",
    re.DOTALL,
)
_SOCKS = re.compile("socks[45][ah]?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy that speaks HTTP; `scheme` says whether it is spoken to over TLS.

    `host` is without the brackets of IPv6. `login` is `user:password` in bytes, empty where the
    proxy asks for none.
    """

    scheme: str
    host: str
    port: int
    login: bytes = field(default=b"", repr=False)

    @property
    def url(self) -> str:
        """Its address, without user and password."""
        return f"{self.scheme}://{authority.written(self.host, self.port)}"

    @property
    def headers(self) -> dict[str, str]:
        """What each request to it carries (RFC 7617)."""
        if not self.login:
            return {}
        return {"Proxy-Authorization": f"Basic {b64encode(self.login).decode('ascii')}"}

    def tunnel_request(self, host: str, port: int) -> bytes:
        """Return the request for a tunnel (RFC 9110, 9.3.6): where to is all that it learns."""
        target = authority.written(host, port)
        headers = {"Host": target, **self.headers}
        lines = [f"CONNECT {target} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
        return "\r\n".join([*lines, "", ""]).encode("ascii")


def parse(text: str) -> Proxy:
    """Read a proxy's URL; without a scheme it is http.

    Raises ValueError with a sentence's end that says what is wrong. It never quotes the text, of
    which any part may be a piece of the password.
    """
    found = _URL.fullmatch(text.strip())
    if found is None:
        raise AssertionError("every text has this form")
    scheme = (found["scheme"] if found["scheme"] is not None else "http").lower()
    if _SOCKS.fullmatch(scheme):
        raise ValueError(f"is a proxy of an unsupported kind, {scheme!r}")
    if scheme not in _PORTS:
        raise ValueError("does not begin with http:// or https://")
    if found["rest"]:
        raise ValueError("has something after its host and port")
    host, port = authority.read(found["authority"])
    login = found["login"] or ""
    if login and ":" not in login:
        login += ":"
    return Proxy(
        scheme=scheme,
        host=host.lower(),
        port=port or _PORTS[scheme],
        # Bytes of the environment that are not UTF-8 are sent as they are.
        login=unquote_to_bytes(login.encode("utf-8", "surrogateescape")),
    )


def is_excepted(host: str, no_proxy: str) -> bool:
    """Return whether NO_PROXY names the address that a host is: itself, or its network (CIDR).

    Names are not looked up for that, and left to whoever compares names.
    """
    from ipaddress import ip_address, ip_network

    try:
        address = ip_address(host)
    except ValueError:
        return False
    for entry in no_proxy.split(","):
        try:
            network = ip_network(entry.strip().removeprefix("[").removesuffix("]"), strict=False)
        except ValueError:  # a name
            continue
        if address in network:
            return True
    return False
