"""Who may use the admin interface, and who is turned away."""

import socket
from dataclasses import replace

import pytest

from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.sms.sandbox.settings import Access, SandboxSettings
from tests.adapters.sandbox.conftest import Client, client_of


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST.", "[::1]:8025"])
def test_this_machines_names_are_ours(client: Client, host: str) -> None:
    assert client.ask("GET", "/messages", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8025", "localhost.evil.example", "127.0.0.1.evil", ""],
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/messages"), ("POST", "/reset"), ("DELETE", "/messages")]
)
def test_a_name_that_was_made_to_lead_here_is_refused(
    client: Client, host: str, method: str, path: str
) -> None:
    status, kind, message = client.ask(method, path, Host=host).refusal
    assert (status, kind) == (403, "not_admitted")
    assert "Host header" in message


def test_messages_are_taken_under_any_name(client: Client) -> None:
    path = f"/smscsimplehttp?{client.query()}"
    assert client.request("POST", path, Host="sandbox.test").fields[0] == "1005"


def test_a_name_can_be_made_ours() -> None:
    access = Access(hosts=frozenset({"Sandbox", "fd00::1"}))
    with Sandbox(SandboxSettings(access=access)) as sandbox:
        client = client_of(sandbox)
        for host in ("sandbox:8025", "[fd00::1]"):
            assert client.ask("GET", "/messages", Host=host).status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"]
)
def test_a_page_of_another_site_can_do_nothing(client: Client, origin: str) -> None:
    for method, path in (("POST", "/reset"), ("GET", "/messages"), ("DELETE", "/faults")):
        status, _, message = client.ask(method, path, Origin=origin).refusal
        assert (status, message) == (403, "the request comes from a page of another site")


def test_our_own_page_can(client: Client) -> None:
    own = f"http://127.0.0.1:{client.port}"
    assert client.ask("POST", "/reset", Origin=own).status == 200


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Basic s3cret", "s3cret", "Bearer"])
def test_a_token_is_asked_of_everybody(given: str | None) -> None:
    with Sandbox(SandboxSettings(access=Access(token="s3cret"))) as sandbox:
        client = client_of(sandbox)
        headers = {} if given is None else {"Authorization": given}
        answered = client.ask("GET", "/messages", **headers)
        assert answered.refusal[:2] == (401, "not_admitted")
        assert answered.headers["www-authenticate"] == "Bearer"
        assert b"s3cret" not in answered.body
        client.send()
        admitted = client.ask("GET", "/messages", Authorization="bearer  s3cret")
        assert (admitted.status, len(admitted.json)) == (200, 1)
        # It opens no door to another site's page.
        evil = {"Authorization": "Bearer s3cret", "Host": "evil.example"}
        assert client.ask("GET", "/messages", **evil).status == 403


def test_another_machine_needs_the_token_and_may_use_our_address() -> None:
    # There is one machine here, but an address of it that is not loopback's is as good as another.
    address = own_address()
    access = Access(token="s3cret")
    with Sandbox(SandboxSettings(host="0.0.0.0", access=access)) as sandbox:  # noqa: S104
        client = replace(client_of(sandbox), host=address)
        assert client.send().fields[0] == "1005"
        assert client.ask("GET", "/messages").refusal[:2] == (401, "not_admitted")
        token = {"Authorization": "Bearer s3cret"}
        assert len(client.ask("GET", "/messages", **token).json) == 1
        named = {"Host": "evil.example"}
        assert client.ask("GET", "/messages", **token, **named).refusal[:2] == (403, "not_admitted")
    with Sandbox(SandboxSettings(host="0.0.0.0")) as sandbox:  # noqa: S104
        client = replace(client_of(sandbox), host=address)
        assert client.ask("GET", "/messages").refusal == (
            403,
            "not_admitted",
            "without a token only this machine may use the admin interface",
        )
        assert client_of(sandbox).ask("GET", "/messages").status == 200


def own_address() -> str:
    """An address of this machine, by asking where a packet would leave; none does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has loopback alone")
        return str(asking.getsockname()[0])
