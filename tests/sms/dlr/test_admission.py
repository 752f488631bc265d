"""Who may report."""

import base64
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms.dlr import link_addresses
from linksms_cli.sms.dlr.admission import Admission, AdmissionRefusal, address_of, networks

CREDENTIALS = AdmissionRefusal(status=401, reason="credentials")
HEADER = AdmissionRefusal(status=403, reason="header")
ADDRESS = AdmissionRefusal(status=403, reason="address")


def basic(credentials: str, scheme: str = "Basic") -> dict[bytes, bytes]:
    token = base64.b64encode(credentials.encode()).decode()
    return {b"authorization": f"{scheme} {token}".encode()}


def test_an_open_door_lets_anybody_in() -> None:
    assert Admission().is_open
    assert Admission().refusal("192.0.2.1", {}) is None


@pytest.mark.parametrize(
    ("headers", "refusal"),
    [
        (basic("link:pässwörd:x"), None),
        (basic("link:pässwörd:x", "bAsIc"), None),
        (basic("link:pässwörd:x", "Basic "), None),  # RFC 9110, 11.4: one space or more
        (basic("link: pässwörd:x\n"), None),  # as a secret store hands it out
        ({b"authorization": b"Basic dTp!w"}, CREDENTIALS),
        (basic("link:pässwörd"), CREDENTIALS),
        (basic("Link:pässwörd:x"), CREDENTIALS),
        (basic("link:pässwörd:x", "Bearer"), CREDENTIALS),
        ({b"authorization": b"Basic !!!"}, CREDENTIALS),
        ({b"authorization": b"Basic"}, CREDENTIALS),
        ({}, CREDENTIALS),
    ],
)
def test_basic_auth(headers: dict[bytes, bytes], refusal: AdmissionRefusal | None) -> None:
    door = Admission(auth=("link", "pässwörd:x"))
    assert not door.is_open
    assert door.refusal("192.0.2.1", headers) == refusal


def test_everything_that_is_asked_for_must_be_shown() -> None:
    door = Admission(
        auth=("u", "p"), header=("x-token", "t"), networks=(ip_network("192.0.2.0/24"),)
    )
    shown = basic("u:p") | {b"x-token": b"t"}
    assert door.refusal("192.0.2.9", shown) is None
    assert door.refusal("192.0.3.9", shown) == ADDRESS
    assert door.refusal("192.0.2.9", basic("u:p")) == HEADER
    assert door.refusal("192.0.2.9", {b"x-token": b"t"}) == CREDENTIALS


@pytest.mark.parametrize(
    ("remote", "known_as"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_an_address_that_ipv6_merely_carries_is_ipv4(remote: str, known_as: str) -> None:
    assert address_of(remote) == known_as


@pytest.mark.parametrize(
    ("value", "lets_in"),
    [
        ("::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.77/120", True),
        ("::ffff:0:0/96", True),
        ("::ffff:192.0.3.1", False),
        ("::/0", False),
    ],
)
def test_a_network_that_ipv6_merely_carries_is_ipv4(value: str, lets_in: bool) -> None:
    refusal = Admission(networks=networks([value])).refusal("::ffff:192.0.2.1", {})
    assert refusal == (None if lets_in else ADDRESS)


def test_space_around_a_header_is_no_part_of_it() -> None:
    door = Admission(header=("x-token", "t"))
    assert door.refusal("192.0.2.1", {b"x-token": b"t \t"}) is None
    assert door.refusal("192.0.2.1", {b"x-token": b"t x"}) == HEADER


def test_networks_are_links_own_or_in_cidr() -> None:
    assert networks(["link"]) == link_addresses.NETWORKS
    assert networks(["192.0.2.7/24", "2001:db8::/32", "2001:db8::7"]) == (
        ip_network("192.0.2.0/24"),
        ip_network("2001:db8::/32"),
        ip_network("2001:db8::7/128"),
    )
    both = networks(["192.0.2.1", "link", "192.0.2.2"])
    assert both == (*networks(["192.0.2.1"]), *link_addresses.NETWORKS, *networks(["192.0.2.2"]))
    with pytest.raises(UsageError, match="'LINK' is not a valid address") as refused:
        networks(["LINK"])
    assert "Give link, or an address" in str(refused.value.hint)


def test_links_addresses_are_the_24_of_the_guide() -> None:
    # Retyped from the guide's Appendix 1.
    guide = """
    195.84.162.34 194.71.165.71 195.84.162.16 194.71.165.98 195.84.162.3 194.71.165.122
    213.242.87.36 213.242.87.37 213.242.87.38 213.242.87.39 213.242.87.40 213.242.87.41
    62.67.62.101 62.67.62.102 62.67.62.103 62.67.62.104 62.67.62.105 62.67.62.106
    217.163.95.196 217.163.95.197 217.163.95.198 217.163.95.199 217.163.95.200 217.163.95.201
    """
    assert [str(network) for network in link_addresses.NETWORKS] == [
        f"{address}/32" for address in guide.split()
    ]
    door = Admission(networks=networks(["link"]))
    assert door.refusal("::ffff:62.67.62.106", {}) is None
    assert door.refusal("62.67.62.107", {}) == ADDRESS


def test_the_guide_says_of_three_base_urls_no_word_on_where_their_reports_come_from() -> None:
    silent = {f"{country}.linkmobility.io" for country in ("se", "de", "es")}
    assert silent == link_addresses.UNLISTED_HOSTS


@given(st.text(max_size=50), st.dictionaries(st.binary(max_size=20), st.binary(max_size=60)))
def test_whatever_is_shown_is_let_in_or_refused(remote: str, headers: dict[bytes, bytes]) -> None:
    door = Admission(auth=("u", "p"), networks=(ip_network("0.0.0.0/0"),))
    assert door.refusal(remote, headers) in {ADDRESS, CREDENTIALS}


def test_no_secret_is_shown() -> None:
    assert "hidden" not in repr(Admission(auth=("u", "hidden"), header=("x", "hidden")))


@pytest.mark.parametrize(
    ("forwarded_for", "caller"),
    [
        ("", "127.0.0.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("203.0.113.9, 192.0.2.1", "192.0.2.1"),  # the left one may be anybody's invention
        ("203.0.113.9, 192.0.2.1, 10.1.2.3", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.9, \xff", "127.0.0.1"),
        ("10.0.0.1, 10.0.0.2", "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_read_from_the_right(forwarded_for: str, caller: str) -> None:
    door = Admission(proxies=networks(["127.0.0.1", "10.0.0.0/8"], "--trusted-proxy"))
    headers = {b"x-forwarded-for": forwarded_for.encode("latin-1")}
    assert door.caller("127.0.0.1", headers) == caller
    assert door.caller("198.51.100.1", headers) == "198.51.100.1"
    assert Admission().caller("127.0.0.1", headers) == "127.0.0.1"
    assert door.caller("127.0.0.1", {}) == "127.0.0.1"


def test_link_is_no_proxy() -> None:
    with pytest.raises(UsageError, match="--trusted-proxy") as refused:
        networks(["link"], "--trusted-proxy")
    assert "Give an address" in str(refused.value.hint)
