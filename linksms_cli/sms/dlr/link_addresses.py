"""The addresses that LINK calls back from: guide 5.1 (2025-07-03), Appendix 1.

They change: an older guide of a sibling API lists others. So filtering by them is the user's
choice, and never the default.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network

# By the host names that the guide gives them: socks1 to socks6.sp247.net, which the legacy base
# URLs belong to, then s1 to s6 of n-eu, c-eu and s-eu.linkmobility.io.
_ADDRESSES = (
    *("195.84.162.34", "194.71.165.71", "195.84.162.16"),
    *("194.71.165.98", "195.84.162.3", "194.71.165.122"),
    *(f"213.242.87.{last}" for last in range(36, 42)),
    *(f"62.67.62.{last}" for last in range(101, 107)),
    *(f"217.163.95.{last}" for last in range(196, 202)),
)
NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(map(ip_network, _ADDRESSES))

# Base URLs that the guide assigns without a word on where their reports come from.
UNLISTED_HOSTS = frozenset({"se.linkmobility.io", "de.linkmobility.io", "es.linkmobility.io"})
