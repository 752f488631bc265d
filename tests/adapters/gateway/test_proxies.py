"""A proxy's variable: whatever it holds, there is a way to the gateway or one of our errors."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.adapters.gateway import Gateway
from linksms_cli.adapters.gateway.proxies import proxy_for
from linksms_cli.adapters.tls import tls_context
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.account.profile import Account

URL = "https://gateway.invalid/x"
SECRET = "S3CR3T"
PIECES = st.sampled_from(
    [
        *("http", "https", "socks5", "://", "user", ":", SECRET, "@", "h", ".", "3128", "99999"),
        *("#", "/", "?", "[", "]", "::1", "%23", "%", " ", "\n", "é", "Ω", "\udcff", "a" * 64),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
@example(f"http://u:{SECRET}@h:99999")
@example(f"http://user:pa#{SECRET}@127.0.0.1:3128")
@example(f"http://user:Ω{SECRET}@127.0.0.1:3128")
@example(f"http://{SECRET}..h")
@example("[::1")
def test_any_text_is_a_proxy_or_a_mistake_that_is_not_quoted(text: str) -> None:
    text = text.replace("\0", "")
    with pytest.MonkeyPatch.context() as environ:
        for name in ("https_proxy", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"):
            environ.delenv(name, raising=False)
        environ.setenv("HTTPS_PROXY", text)
        problem = mistake_in_the_proxy()
    assert problem is None or problem.startswith("HTTPS_PROXY ")
    assert SECRET not in f"{problem}"


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxied"),
    [
        ("https://10.1.2.3/x", "10.0.0.0/8", False),
        ("https://10.1.2.3:8443/x", "localhost,10.0.0.0/8", False),
        ("https://[2001:db8::1]/x", "2001:db8::/32", False),
        ("https://192.0.2.1/x", "10.0.0.0/8", True),
        ("https://gateway.invalid/x", "10.0.0.0/8", True),
        ("https://gateway.invalid/x", ".invalid", False),
        ("https://gateway.invalid/x", "*", False),
    ],
)
def test_no_proxy_names_hosts_and_networks(
    monkeypatch: pytest.MonkeyPatch, url: str, no_proxy: str, proxied: bool
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(url) is not None) is proxied


def mistake_in_the_proxy() -> str | None:
    account = Account(base_url=URL, service_id=1, username="u", password="p")
    try:
        proxy = proxy_for(URL)
        assert "@" not in (proxy.url if proxy else "")
        Gateway(account, tls_context=lambda: tls_context(None)).close()
    except ConfigurationError as mistake:
        return f"{mistake.message} {mistake.hint}"
    return None
