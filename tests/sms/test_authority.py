"""Host and port of a URL: what is taken, the HTTP library takes too."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from linksms_cli.sms import authority

TOO_LONG = "has an invalid host name: each part has 1 to 63 characters, the whole at most 253"
NO_ADDRESS = "has an IPv6 address that cannot be used"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h", ("h", None)),
        ("sms.example.:65535", ("sms.example.", 65535)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::1]", ("::1", None)),
        ("[2001:DB8::1]:443", ("2001:DB8::1", 443)),
        ("a" * 63 + ".b", ("a" * 63 + ".b", None)),
        ("a." * 126 + "b", ("a." * 126 + "b", None)),
    ],
)
def test_what_is_read(text: str, expected: tuple[str, int | None]) -> None:
    assert authority.read(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "has no host"),
        (":80", "has no host"),
        ("::::", "has no host"),
        ("[::1", NO_ADDRESS),
        ("[::1]x", NO_ADDRESS),
        ("h h", "has no host"),
        ("h:", "has a port that does not exist"),
        ("h:abc", "has a port that does not exist"),
        ("h:0", "has a port that does not exist"),
        ("h:65536", "has a port that does not exist"),
        ("h:٣", "has a port that does not exist"),
        (".invalid", TOO_LONG),
        ("a..b", TOO_LONG),
        ("a" * 64, TOO_LONG),
        ("a." * 126 + "bb", TOO_LONG),  # 254, of which RFC 1035 leaves 253
        ("[]", NO_ADDRESS),
        ("[::::]", NO_ADDRESS),
        ("[127.0.0.1]", NO_ADDRESS),
        ("[fe80::1%eth0]", NO_ADDRESS),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        authority.read(text)


PIECES = st.sampled_from(
    [".", "-", "_", "::", "[", "]", ":", "ffff", "1", "a" * 60, "Ab", "%", "é"]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=20))
def test_what_is_taken_the_http_library_takes_too(text: str) -> None:
    try:
        host, port = authority.read(text)
    except ValueError:
        return
    theirs = parse_url(f"https://{text}/x")
    assert ((theirs.host or "").strip("[]"), theirs.port) == (host.lower(), port)
    assert host.encode("idna")
    assert authority.read(authority.written(host, port or 443)) == (host, port or 443)


def test_an_address_of_ipv6_is_written_in_brackets() -> None:
    assert authority.written("::1", 8025) == "[::1]:8025"
    assert authority.written("h", 8025) == "h:8025"
