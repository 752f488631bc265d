"""Reports sent by the admin interface, now or a little later."""

import time

from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.sms.sandbox.settings import ReportTarget, SandboxSettings
from tests.adapters.sandbox.conftest import Client, client_of
from tests.adapters.sandbox.test_courier import Receiver, receiving


def test_one_can_be_sent_now() -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        own = client.send("+99930000008").fields[2]
        answered = client.ask("POST", f"/messages/{own}/reports", {"code": 2104, "part": None})
        assert (answered.status, answered.json) == (
            202,
            {"reports": [{"id": own, "result_code": 2104}], "after": 0.0},
        )
        assert receiver.codes(1) == [(own, 2104)]


def test_of_many_parts_each_is_reported_or_one() -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        own = client.send("+99930000008", Userdata="x" * 300).fields[2]
        client.ask("POST", "/messages/1/reports", {"code": 1000})
        assert receiver.codes(2) == [(f"{own}$0", 1000), (f"{own}$1", 1000)]
        client.ask("POST", "/messages/1/reports", {"part": 1})
        assert receiver.codes(1) == [(f"{own}$1", 1001)]
        beyond = client.ask("POST", "/messages/1/reports", {"part": 2})
        assert beyond.refusal == (400, "usage", "part is not a whole number from 0 to 1")
        # A report that has arrived may not be noted yet.
        while [each["fate"] for each in reports_of(client)] != ["delivered"] * 3:
            time.sleep(0.01)
        codes = [each["result_code"] for each in reports_of(client)]
        assert codes == [1000, 1000, 1001]


def reports_of(client: Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.ask("GET", "/messages/1").json["reports"]
    return found


def test_it_may_come_later() -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        client.send("+99930000008")
        begun = time.monotonic()
        client.ask("POST", "/messages/1/reports", {"after": 0.3})
        receiver.next()
        assert time.monotonic() - begun >= 0.3


def test_without_a_receiver_it_cannot(client: Client) -> None:
    client.send()
    answered = client.ask("POST", "/messages/1/reports", {})
    assert answered.refusal == (409, "conflict", "reports have nowhere to go")
    assert answered.json["error"]["hint"] == "Start the sandbox with --dlr-url."


def test_of_what_was_not_accepted_it_cannot() -> None:
    target = ReportTarget(url="http://127.0.0.1:1/")
    with Sandbox(SandboxSettings(dlr=target)) as sandbox:
        client = client_of(sandbox)
        client.send("+99910002104")
        status, kind, message = client.ask("POST", "/messages/1/reports").refusal
        assert (status, kind) == (409, "conflict")
        assert message.startswith("the message was not accepted")
        for path in ("/messages/2/reports", "/messages/x/reports"):
            assert client.ask("POST", path).status == 404


def test_a_gates_header_and_password_go_along() -> None:
    with receiving(Receiver()) as receiver:
        target = ReportTarget(
            url=receiver.url, headers=(("X-Token", "s3cret"),), auth=("link", "pä:ss")
        )
        with Sandbox(SandboxSettings(dlr=target)) as sandbox:
            client_of(sandbox).send()
            report = receiver.next()
    assert report.headers["x-token"] == "s3cret"
    assert report.headers["authorization"] == "Basic bGluazpww6Q6c3M="
