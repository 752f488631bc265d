"""A proxy as the variables name it: whatever stands in them, no password gets into a message."""

import re

import pytest

from linksms_cli.sms.account.proxy import Proxy, is_excepted, parse

AWAY = "has something after its host and port"


@pytest.mark.parametrize(
    ("text", "url", "login"),
    [
        ("h:3128", "http://h:3128", b""),
        (" http://h:3128\r\n", "http://h:3128", b""),
        ("http://Proxy.Example", "http://proxy.example:80", b""),
        ("HTTPS://h/", "https://h:443", b""),
        ("http://[::1]:3128", "http://[::1]:3128", b""),
        ("u:p@h", "http://h:80", b"u:p"),
        ("http://u@h", "http://h:80", b"u:"),
        ("http://u:p@ss@h:1", "http://h:1", b"u:p@ss"),
        ("http://u:p[ss@h:1", "http://h:1", b"u:p[ss"),
        ("http://u:%23%2F%3f%40%25%3a%@h:1", "http://h:1", b"u:#/?@%:%"),
        ("http://jörg:håll@h:1", "http://h:1", "jörg:håll".encode()),
        ("http://u:\udcff@h:1", "http://h:1", b"u:\xff"),
    ],
)
def test_what_is_read(text: str, url: str, login: bytes) -> None:
    proxy = parse(text)
    assert (proxy.url, proxy.login) == (url, login)


def test_the_login_goes_into_a_header_and_nowhere_else() -> None:
    proxy = parse("http://me:s%C3%A9cret@h:1")
    assert proxy == Proxy(scheme="http", host="h", port=1, login="me:sécret".encode())
    assert proxy.headers == {"Proxy-Authorization": "Basic bWU6c8OpY3JldA=="}
    assert "cret" not in repr(proxy)
    assert parse("h:1").headers == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("socks5h://u:SECRET@h:1", "is a proxy of an unsupported kind, 'socks5h'"),
        ("SECRET://h", "does not begin with http:// or https://"),
        ("://h", "does not begin with http:// or https://"),
        ("http://u:SECRET@h:99999", "has a port that does not exist"),
        ("http://u:SECRET@h:abc", "has a port that does not exist"),
        ("u:SECRET@", "has no host"),
        ("http://u:pa#SECRET@h:3128", AWAY),
        ("http://u:pa/SECRET@h:3128", AWAY),
        ("http://u:1/SECRET@h:3128", AWAY),
        ("http://u:pa?SECRET@h:3128", AWAY),
        ("http://h:31\r28", "has a port that does not exist"),
        (" ", "has no host"),
        ("::::", "has no host"),
        ("[::1", "has an IPv6 address that cannot be used"),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        parse(text)


@pytest.mark.parametrize(
    ("host", "no_proxy", "excepted"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "localhost, 10.1.0.0/16 ,example.com", True),
        ("10.1.2.3", "10.1.2.0/24", True),
        ("10.1.2.3", "192.0.2.0/24,10.1.2.0/24", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4/24", True),  # host bits do not matter
        ("10.1.2.3", "10.1.3.0/24", False),
        ("10.1.2.3", "10.0.0.0/33", False),
        ("10.1.2.3", "", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("2001:db8::1", "[2001:db8::1]", True),
        ("2001:db8::1", "2001:DB8:0::1", True),
        ("2001:db8::1", "10.0.0.0/8,fd00::/8", False),
        ("gw.example.com", "10.0.0.0/8,gw.example.com", False),  # names are compared elsewhere
    ],
)
def test_an_address_in_a_network_of_no_proxy_is_excepted(
    host: str, no_proxy: str, excepted: bool
) -> None:
    assert is_excepted(host, no_proxy) is excepted
