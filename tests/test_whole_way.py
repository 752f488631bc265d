"""The whole way: sandbox, receiver and sender as processes, in every format, by a table by hand."""

import json
import re
import socket
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest

from tests.conftest import Linksms, account, on_every_store
from tests.loopback import Recorder, http
from tests.ports import free_port
from tests.reporting import request
from tests.server import running

TEXTS = {1: "x", 3: "x" * 400, 9: "x" * 1377}
# What each number comes to, by the contract's section 8 and its rules of a message's state.
OUTCOMES = {
    "+99955501234": ("delivered", 1001, 0),
    "+99900001001": ("delivered", 1001, 0),
    "+99900002104": ("failed", 2104, 5),
    "+99900001009": ("failed", 1009, 5),
    "+99900000004": ("unknown", 4, 7),
    "+99900001000": ("pending", 1000, 8),
    "+99930000001": ("delivered", 1001, 0),
    "+99930000002": ("delivered", 1001, 0),
    "+99930000003": ("delivered", 1001, 0),
    "+99930000004": ("delivered", 1001, 0),
    "+99930000005": ("pending", None, 8),
    "+99930000006": ("failed", 2104, 5),
    "+99930000007": ("delivered", 1001, 0),
    "+99930000008": ("pending", 1005, 8),
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("form", ["json", "xml", "form", "query"])
def test_every_number_in_every_format(
    call: Linksms, environment: dict[str, str], form: str
) -> None:
    recipients = [word for number in OUTCOMES for word in ("-t", number)]
    with (
        running(environment, "listen") as receiver,
        running(environment, "sandbox", "--dlr-url", receiver.url, "--dlr-format", form) as gateway,
    ):
        receiver.drain()
        gateway.drain()
        for parts, text in TEXTS.items():
            done = call(
                *("send", *recipients, "-f", "LINK", text, "--wait", "4s", "--json"),
                env=account(gateway.url),
            )
            accepted = [json.loads(line)["accepted"]["to"] for line in done.stderr.splitlines()]
            assert (done.code, accepted) == (7, list(OUTCOMES))
            for record in done.records:
                outcome, code, _ = OUTCOMES[record["to"]]
                found = (record["outcome"], record["parts"])
                assert found == (outcome, parts), (form, record)
                if code is not None:
                    assert record["result_code"] == code, (form, record)
                story = call("status", record["message_id"], "--json")
                assert (story.code, story.record["outcome"]) == (OUTCOMES[record["to"]][2], outcome)


@on_every_store
def test_exit_codes_of_single_messages(call: Linksms, environment: dict[str, str]) -> None:
    with (
        running(environment, "listen") as receiver,
        running(environment, "sandbox", "--dlr-url", receiver.url) as gateway,
    ):
        for number, (_, _, expected) in OUTCOMES.items():
            words = ("send", "-t", number, "-f", "LINK", "x", "--wait", "1.5s", "-q")
            assert call(*words, env=account(gateway.url)).code == expected, number


def test_the_sandbox_alone_tells_the_whole_story(linksms: Linksms) -> None:
    for number, code in (("+99955501234", 0), ("+99900002104", 5), ("+99900000004", 7)):
        done = linksms("send", "--sandbox", "-t", number, "-f", "LINK", "x", "--wait", "20s")
        assert done.code == code, done.stderr
        assert "warning" not in done.stderr


# The guide's page, typed: a gateway that knows nothing of ours.
GUIDE = """{
  "refId": "0",
  "id": "%s",
  "operator": "no.telenor",
  "sentTimestamp": "2015-11-19T09:37:35Z",
  "timestamp": "2015-11-19T09:37:00Z",
  "resultCode": 1001,
  "operatorResultCode": "2",
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 10:37:36",
    "source": "2333",
    "destination": ""+4746910822"
  }
}
"""


def post(url: str, body: bytes, content_type: str) -> int:
    request = urllib.request.Request(  # noqa: S310 - loopback
        url, data=body, headers={"Content-Type": content_type}
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return int(response.status)


@pytest.mark.parametrize("form", ["json", "form"])
def test_a_gateway_of_the_standard_library_alone(
    call: Linksms, environment: dict[str, str], form: str
) -> None:
    message_id = "Dcshuhod0PMAAAFQ+/PbnR3x"

    class Link(Recorder):
        """Answers, and reports before it has answered."""

        def respond(self, connection: socket.socket, request: bytes) -> None:
            assert re.match(rb"POST /smscsimplehttp\?ServiceId=1&Username=u&Password=p&", request)
            if form == "json":
                assert post(receiver.url, (GUIDE % message_id).encode(), "application/json") == 200
            else:
                pairs = {"id": message_id, "resultCode": "1001", "segments": "1"}
                body = urllib.parse.urlencode(pairs).encode()
                assert post(receiver.url, body, "application/x-www-form-urlencoded") == 200
            connection.sendall(http(f"1005;Queued;{message_id}".encode()))

    with running(environment, "listen") as receiver, Link() as gateway:
        done = call(
            *("send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "10s", "--json"),
            env=account(gateway.url),
        )
    assert (done.code, done.record["outcome"]) == (0, "delivered")
    assert done.record["message_id"] == message_id


@on_every_store
def test_a_receiver_that_is_killed_and_restarted_in_the_middle_of_a_wait(
    environment: dict[str, str],
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/dlr"
    # The gateway reports of this number when it is told to.
    order = ["send", "-t", "+99930000008", "-f", "LINK", "x", "--wait", "60s"]
    with running(environment, "sandbox", "--dlr-url", url) as gateway:
        with running(environment, "listen", "--port", port):
            send = subprocess.Popen(
                [sys.executable, "-m", "linksms_cli", *order],
                env=environment | account(gateway.url),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert send.stderr
            while "accepted" not in send.stderr.readline():
                assert send.poll() is None
        # A report comes, and nobody is there.
        reports = urllib.parse.urljoin(gateway.url, "/messages/1/reports")
        assert request(reports, b'{"code": 1001}').status < 300
        assert "connection refused; will retry" in gateway.warning()
        with running(environment, "listen", "--port", port):
            stdout, _ = send.communicate(timeout=60)
    assert (send.returncode, stdout.split()[0]) == (0, "delivered")


def test_without_a_receiver_the_wait_says_so_first(call: Linksms) -> None:
    with Recorder() as gateway:
        words = ("send", "-t", "+99955501234", "-f", "LINK", "x", "--wait", "0.2")
        done = call(*words, env=account(gateway.url))
    assert "nothing receives delivery reports for the store in" in done.stderr
    assert done.stderr.index("nothing receives") < done.stderr.index("accepted   +99955501234")
