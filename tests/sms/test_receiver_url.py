"""URLs of receivers, as people give them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.receiver_url import ReceiverUrl, basic


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://h", "h", 80, "/"),
        ("https://H:8443/dlr", "h", 8443, "/dlr"),
        ("https://[::1]/a b?c=d%2F", "::1", 443, "/a%20b?c=d%2F"),
        ("http://[fe80::1%eth0]:1/", "fe80::1%eth0", 1, "/"),
        ("http://h/ä?ö#part", "h", 80, "/%C3%A4?%C3%B6"),
        # What RFC 3986 lets stand in a path and in a query stays as it was typed.
        (
            "http://h/a:@!$&'()*+,;=~/b?c=/:@!$&'()*+,;=~?",
            "h",
            80,
            "/a:@!$&'()*+,;=~/b?c=/:@!$&'()*+,;=~?",
        ),
    ],
)
def test_its_parts(url: str, host: str, port: int, path: str) -> None:
    parsed = ReceiverUrl.parse(url)
    assert (parsed.host, parsed.port, parsed.path) == (host, port, path)
    assert (parsed.login, parsed.headers) == (None, ())


def test_a_login_is_taken_out_of_it() -> None:
    parsed = ReceiverUrl.parse("http://us%65r:p%40ss:w@h:1/x?y=1")
    assert parsed.login == ("user", "p@ss:w")
    assert parsed.headers == (("Authorization", "Basic dXNlcjpwQHNzOnc="),)
    assert parsed.url(parsed.with_query("z=2")) == "http://h:1/x?y=1&z=2"
    assert "p@ss" not in repr(parsed)
    assert ReceiverUrl.parse("http://user@h/").login == ("user", "")
    mail = ReceiverUrl.parse("http://ada@h:p@ss@host:1/")
    assert (mail.login, mail.url("/")) == (("ada@h", "p@ss"), "http://host:1/")
    assert basic("ä", "") == ("Authorization", "Basic w6Q6")


def test_a_query_is_added_to_what_is_there() -> None:
    assert ReceiverUrl.parse("http://h/x").with_query("a=1") == "/x?a=1"
    assert ReceiverUrl.parse("http://h/x").with_query("") == "/x"


@pytest.mark.parametrize(
    "url",
    [
        *("", "s3cret", "ftp://h/s3cret", "http:///s3cret", "http://[::1/s3cret", "http://h:0/"),
        *("http://h s3cret/", "http:// h/", "http://h /s3cret"),
    ],
)
def test_what_is_none_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match=r"^is not the URL of a receiver$"):
        ReceiverUrl.parse(url)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_is_none(text: str) -> None:
    for url in (text, f"http://{text}", f"http://h/{text}"):
        with suppress(ValueError):
            path = ReceiverUrl.parse(url).path
            assert path.startswith("/")
            assert path.isascii()
            assert not any(character in path for character in " \r\n\t")
