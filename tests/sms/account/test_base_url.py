"""Base URLs: their form is held by the keys' tests; here their parts, and what the guide says."""

import pytest

from linksms_cli.sms.account import base_url
from linksms_cli.sms.account.base_url import BaseUrl, UrlStanding


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (
            "https://n-eu.linkmobility.io/smscsimplehttp",
            BaseUrl(
                scheme="https",
                authority="n-eu.linkmobility.io",
                host="n-eu.linkmobility.io",
                port=443,
                path="/smscsimplehttp",
            ),
        ),
        (
            "http://[::1]:8025",
            BaseUrl(scheme="http", authority="[::1]:8025", host="::1", port=8025, path="/"),
        ),
        (
            "http://h/a/b/",
            BaseUrl(scheme="http", authority="h", host="h", port=80, path="/a/b/"),
        ),
        (
            "http://h/a://b",
            BaseUrl(scheme="http", authority="h", host="h", port=80, path="/a://b"),
        ),
    ],
)
def test_parts(url: str, parts: BaseUrl) -> None:
    assert base_url.parts(base_url.clean(url)) == parts


@pytest.mark.parametrize(
    ("url", "spelling"),
    [
        ("https://h/smscsimplehttp", "https://h/smscsimplehttp"),
        ("HTTPS://H:443/X//", "https://h/X"),
        ("https://h", "https://h"),
        ("https://h/", "https://h"),
        ("http://h:80/x", "http://h/x"),
        ("https://h:80/x", "https://h:80/x"),
        ("http://h:443/x", "http://h:443/x"),
        ("http://[2001:DB8::1]:8025/x", "http://[2001:db8::1]:8025/x"),
        ("https://[::1]:443", "https://[::1]"),
    ],
)
def test_a_once_key_belongs_to_one_gateway_however_it_is_spelled(url: str, spelling: str) -> None:
    assert base_url.canonical(base_url.clean(url)) == spelling


@pytest.mark.parametrize(
    ("url", "standing"),
    [
        # Retyped from the guide's chapter "Base URL:s".
        ("https://n-eu.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://c-eu.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://s-eu.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://se.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://de.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://es.linkmobility.io/smscsimplehttp", UrlStanding.ASSIGNED),
        ("https://wsx.sp247.net/smscsimplehttp", UrlStanding.LEGACY),
        ("http://wsx.sp247.net/smscsimplehttp", UrlStanding.LEGACY),
        ("https://se.linkmobility.io/smscsimplehttp/", UrlStanding.ASSIGNED),
        ("http://se.linkmobility.io/smscsimplehttp", UrlStanding.UNLISTED),
        ("https://se.linkmobility.io/other", UrlStanding.UNLISTED),
        ("http://localhost:8025/smscsimplehttp", UrlStanding.LOOPBACK),
        ("https://localhost.example/x", UrlStanding.UNLISTED),
    ],
)
def test_standing(url: str, standing: UrlStanding) -> None:
    assert base_url.standing(url) is standing


def test_every_url_of_the_guide_is_of_the_right_form_and_there_are_no_others() -> None:
    assert (len(base_url.ASSIGNED), len(base_url.LEGACY)) == (6, 2)
    for url in base_url.ASSIGNED + base_url.LEGACY:
        assert base_url.clean(url) == url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.255.255.254", "::1", "::1%lo"])
def test_this_machine_is_known(host: str) -> None:
    assert base_url.is_loopback(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1.example", "127.0.0.1000", "127.1", "128.0.0.1", "::2", "::", "localhost."]
)
def test_no_other_machine_is_taken_for_this_one(host: str) -> None:
    assert not base_url.is_loopback(host)
