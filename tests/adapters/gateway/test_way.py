"""The request as it leaves: one head and nothing else, whatever path, login and text it holds."""

from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.adapters.gateway.way import Way
from linksms_cli.sms.account.proxy import Proxy
from linksms_cli.sms.mt.message import query

PRINTED = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"))


@given(st.text(max_size=20), PRINTED, st.binary(max_size=20))
@example("x\r\nX-Injected: 1\r\n\r\nGET / HTTP/1.1", 'a\\b<>"{}|^`%2F%', b"u:\r\nX: y")
def test_a_request_is_one_head(text: str, path: str, login: bytes) -> None:
    url, secret = f"http://gateway.example:8080/{path}", query([("Userdata", text)])
    proxy = Proxy(scheme="http", host="proxy.example", port=3128, login=login)
    for through, start in ((None, "/"), (proxy, "http://gateway.example:8080/")):
        way = Way(url, headers={"Accept": "*/*"}, context=None, proxy=through)
        head, end, rest = way.request(secret).partition(b"\r\n\r\n")
        assert (end, rest) == (b"\r\n\r\n", b"")
        line, *headers = head.decode("ascii").split("\r\n")
        method, target, version = line.split(" ")
        assert (method, version) == ("POST", "HTTP/1.1")
        sent, _, asked = target.partition("?")
        assert unquote(sent) == unquote(start + path)
        assert asked == secret
        names = ["Host", "Content-Length", "Accept"]
        names += ["Proxy-Authorization"] if through and login else []
        assert [one.split(": ")[0] for one in headers] == names


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://h/x", "h"),
        ("http://h:80/x", "h"),
        ("http://h:8080/x", "h:8080"),
        ("http://h.example.:443/x", "h.example:443"),
        ("http://[::1]/x", "[::1]"),
        ("http://[::1]:8080/x", "[::1]:8080"),
    ],
)
def test_the_host_is_named_as_servers_know_it(url: str, host: str) -> None:
    request = Way(url, headers={}, context=None, proxy=None).request("q")
    assert f"\r\nHost: {host}\r\n".encode() in request
