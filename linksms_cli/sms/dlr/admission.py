"""Who may report: by a password, a header, an address; compared in constant time."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from linksms_cli.errors import UsageError
from linksms_cli.sms.dlr import link_addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRefusal:
    """Why somebody is not let in. `reason` is a word for programs."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a caller has to show: everything that is set here.

    `auth` is a user and a password, `header` a name in lower case and its value, both secrets
    without blanks around them; one of the `networks` must hold the caller's address, if there are
    any. What `proxies` say of whose request they pass on is believed.
    """

    auth: tuple[str, str] | None = field(default=None, repr=False)
    header: tuple[str, str] | None = field(default=None, repr=False)
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anybody is let in who knows the path."""
        return self.auth is None and self.header is None and not self.networks

    def caller(self, remote: str, headers: Mapping[bytes, bytes]) -> str:
        """Return the address of who asks, `remote` or whom a trusted proxy speaks for."""
        if not self.proxies:
            return address_of(remote)
        return client_of(remote, headers.get(b"x-forwarded-for", b""), self.proxies)

    def refusal(self, remote: str, headers: Mapping[bytes, bytes]) -> AdmissionRefusal | None:
        """Return why a caller is not let in; None for one who is."""
        if self.networks and not _is_within(remote, self.networks):
            return AdmissionRefusal(status=403, reason="address")
        if self.auth and not _is_authorised(headers.get(b"authorization", b""), self.auth):
            return AdmissionRefusal(status=401, reason="credentials")
        if self.header:
            name, value = self.header
            shown = headers.get(name.encode(), b"").strip()  # RFC 9110, 5.5: no part of it
            if not hmac.compare_digest(shown, value.encode()):
                return AdmissionRefusal(status=403, reason="header")
        return None


def networks(
    typed: Sequence[str], option: str = "--allow"
) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read what `--allow` was given: `link` for LINK's own addresses, or networks in CIDR.

    Raises UsageError.
    """
    found: list[IPv4Network | IPv6Network] = []
    for value in typed:
        if value == "link" and option == "--allow":
            found += link_addresses.NETWORKS
            continue
        try:
            found.append(_as_ipv4(ip_network(value, strict=False)))
        except ValueError:
            message = f"{option} {value!r} is not a valid address"
            link = "link, or " if option == "--allow" else ""
            hint = f"Give {link}an address or network like 192.0.2.1 or 192.0.2.0/24."
            raise UsageError(message, hint) from None
    return tuple(found)


def client_of(
    remote: str, forwarded_for: bytes, trusted: tuple[IPv4Network | IPv6Network, ...]
) -> str:
    """Return the address of who really asks, by `X-Forwarded-For` as trusted proxies wrote it.

    It is read from the right: each proxy adds whom it heard, and what stands further left than
    the first address that is not trusted may be anybody's invention.
    """
    address = address_of(remote)
    hops = forwarded_for.decode("latin-1").split(",")
    while hops and _is_within(address, trusted):
        hop = _without_port(hops.pop().strip())
        if _address(hop) is None:
            break
        address = address_of(hop)
    return address


def _without_port(hop: str) -> str:
    """Return an address alone: some proxies write 192.0.2.1:1234 or [2001:db8::1]:1234."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _as_ipv4(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    """Return a network of IPv4 addresses in IPv6 (::ffff:1.2.3.0/120) as what callers count as."""
    carried = network.network_address
    if isinstance(carried, IPv4Address) or carried.ipv4_mapped is None or network.prefixlen < 96:
        return network
    return IPv4Network((carried.ipv4_mapped, network.prefixlen - 96))


@lru_cache(maxsize=1024)
def address_of(remote: str) -> str:
    """Return an address as people know it: IPv4 where IPv6 merely carries it (::ffff:1.2.3.4)."""
    address = _address(remote)
    return str(address) if address else remote


@lru_cache(maxsize=1024)
def _address(remote: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _is_within(remote: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    address = _address(remote)
    return address is not None and any(address in network for network in networks)


def _is_authorised(shown: bytes, auth: tuple[str, str]) -> bool:
    scheme, _, token = shown.partition(b" ")
    try:
        credentials = base64.b64decode(token.strip(), validate=True)
    except (binascii.Error, ValueError):
        credentials = b""
    # A secret store adds blanks that nobody sees, to ours or to theirs: they prove nothing.
    user, colon, password = credentials.partition(b":")
    credentials = user + colon + password.strip()
    matches = hmac.compare_digest(credentials, ":".join(auth).encode())
    return matches and scheme.lower() == b"basic"
