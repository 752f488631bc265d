"""A base URL: its form, its parts, and the ones that the guide assigns."""

import re
from enum import StrEnum
from typing import NamedTuple

from linksms_cli.sms import authority as authorities

_URL = re.compile(r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#]*)(?P<path>/[^?#]*)?(?P<rest>.*)")
_LOOPBACK = re.compile(r"localhost|::1(%.+)?|127(\.[0-9]{1,3}){3}")

# Guide 5.1 (2025-07-03), "Base URL:s".
ASSIGNED = (
    "https://n-eu.linkmobility.io/smscsimplehttp",
    "https://c-eu.linkmobility.io/smscsimplehttp",
    "https://s-eu.linkmobility.io/smscsimplehttp",
    "https://se.linkmobility.io/smscsimplehttp",
    "https://de.linkmobility.io/smscsimplehttp",
    "https://es.linkmobility.io/smscsimplehttp",
)
LEGACY = (
    "https://wsx.sp247.net/smscsimplehttp",
    "http://wsx.sp247.net/smscsimplehttp",
)


class UrlStanding(StrEnum):
    """What the guide says about a base URL."""

    ASSIGNED = "assigned"
    LEGACY = "legacy"
    LOOPBACK = "loopback"
    UNLISTED = "unlisted"


class BaseUrl(NamedTuple):
    """A base URL in its parts.

    `authority` is host and port as they are written there, `host` without the brackets of IPv6;
    `path` is what the request line carries, `/` at least.
    """

    scheme: str
    authority: str
    host: str
    port: int
    path: str

    @property
    def is_loopback(self) -> bool:
        """Whether it leads to this machine."""
        return is_loopback(self.host)

    @property
    def is_safe(self) -> bool:
        """Whether nobody on the way can read a password: it is encrypted, or leaves no machine."""
        return self.scheme == "https" or self.is_loopback


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    return _LOOPBACK.fullmatch(host) is not None


def clean(text: str) -> str:
    """Return a base URL as it is kept: scheme and host in lower case, the rest as typed.

    Raises ValueError with a sentence's end that says what is wrong. It never quotes the text,
    which may hold a password where none belongs.
    """
    found = _URL.fullmatch(text)
    if found is None or not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("is not a URL")
    scheme = found["scheme"].lower()
    if scheme not in {"https", "http"}:
        raise ValueError("does not begin with https://")
    if "@" in found["authority"]:
        raise ValueError("contains a user name or password, which have keys of their own")
    if found["rest"]:
        raise ValueError("has '?' or '#' after its path, which do not belong there")
    authorities.read(found["authority"])
    return f"{scheme}://{found['authority'].lower()}{found['path'] or ''}"


def canonical(base_url: str) -> str:
    """Return the one spelling of a base URL, as `clean` returned it, that a once-key belongs to.

    A default port and final slashes are left out: with and without them it is one gateway.
    """
    found = parts(base_url)
    host = f"[{found.host}]" if ":" in found.host else found.host
    default = 443 if found.scheme == "https" else 80
    port = "" if found.port == default else f":{found.port}"
    return f"{found.scheme}://{host}{port}{found.path.rstrip('/')}"


def parts(base_url: str) -> BaseUrl:
    """Take a base URL, as `clean` returned it, apart."""
    scheme, _, rest = base_url.partition("://")
    authority, slash, path = rest.partition("/")
    host, port = authorities.read(authority)
    return BaseUrl(
        scheme=scheme,
        authority=authority,
        host=host,
        port=port or (443 if scheme == "https" else 80),
        path=f"{slash or '/'}{path}",
    )


def standing(base_url: str) -> UrlStanding:
    """Return what the guide says about a base URL; a final slash makes no difference."""
    bare = base_url.rstrip("/")
    if bare in ASSIGNED:
        return UrlStanding.ASSIGNED
    if bare in LEGACY:
        return UrlStanding.LEGACY
    return UrlStanding.LOOPBACK if parts(base_url).is_loopback else UrlStanding.UNLISTED
