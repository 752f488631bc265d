"""The inbox as a browser is given it: its files, and what they are allowed."""

import re
from importlib import resources

import pytest

from linksms_cli.adapters.sandbox import Sandbox, inbox
from linksms_cli.sms.sandbox.settings import Access, SandboxSettings
from tests.adapters.sandbox.conftest import Client, client_of

PAGE = (resources.files(inbox) / "page.html").read_text("utf-8")
FILES: list[str] = re.findall(r'(?:href|src)="([^"#]+)"', PAGE)


def test_every_file_that_the_page_names_is_there(client: Client) -> None:
    assert sorted(FILES) == ["/inbox/icon.svg", "/inbox/page.css", "/inbox/page.js"]
    waiting = set(FILES)
    while waiting:
        answered = client.request("GET", waiting.pop())
        assert answered.status == 200
        named = re.findall(r'from "\./(.+)"', answered.body.decode())
        waiting |= {f"/inbox/{name}" for name in named}


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/inbox/page.css", "text/css; charset=utf-8"),
        ("/inbox/page.js", "text/javascript; charset=utf-8"),
        ("/inbox/icon.svg", "image/svg+xml"),
    ],
)
def test_each_is_what_it_says_and_may_load_nothing_else(
    client: Client, path: str, content_type: str
) -> None:
    answered = client.request("GET", path)
    assert (answered.status, answered.headers["content-type"]) == (200, content_type)
    policy = answered.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert answered.headers["referrer-policy"] == "no-referrer"
    assert client.request("HEAD", path).body == b""


def test_no_file_has_markup_or_script_where_a_policy_refuses_it() -> None:
    assert re.findall(r"<style|\son\w+=|style=|<script(?![^>]*src=)", PAGE) == []
    for script in ("page.js", "feed.js", "story.js"):
        text = (resources.files(inbox) / script).read_text("utf-8")
        assert re.findall("innerHTML|outerHTML|insertAdjacentHTML|document.write|eval", text) == []
        assert re.findall("https?://", text) == []


@pytest.mark.parametrize("path", ["/inbox", "/inbox/", "/inbox/page.html", "/inbox/../gateway.py"])
def test_nothing_else_is_there(client: Client, path: str) -> None:
    assert client.request("GET", path).status == 404


def test_the_page_is_refused_under_a_name_of_somebody_elses(client: Client) -> None:
    for path in ("/", "/inbox/page.js"):
        assert client.ask("GET", path, Host="evil.example").refusal[:2] == (403, "not_admitted")


def test_the_page_needs_no_token_since_it_holds_nothing() -> None:
    with Sandbox(SandboxSettings(access=Access(token="s3cret"))) as sandbox:
        client = client_of(sandbox)
        assert client.request("GET", "/").status == 200
        assert client.request("GET", "/changes").status == 401


def test_a_message_by_get_at_the_same_path_is_still_a_message(client: Client) -> None:
    assert client.request("GET", f"/?{client.query()}").fields[0] == "1005"
