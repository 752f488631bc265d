"""The sandbox as an HTTP server: paths, methods, limits, keep-alive, and how it ends."""

import http.client
import json
import socket
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from linksms_cli.adapters.sandbox import Sandbox, hosting
from linksms_cli.errors import ConfigurationError
from linksms_cli.sms.sandbox.message import ReportAttempt, SandboxMessage, SeenRequest
from linksms_cli.sms.sandbox.settings import Credentials, Latency, SandboxSettings
from linksms_cli.sms.text.segments import Encoding
from tests.adapters.sandbox.conftest import Client, client_of
from tests.ports import free_port


def test_it_listens_on_loopback_under_the_guides_path(sandbox: Sandbox) -> None:
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert sandbox.url.endswith("/smscsimplehttp")


@pytest.mark.parametrize("path", ["/smscsimplehttp", "/smscsimplehttp/", "/", ""])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_messages_are_taken_at_the_base_path_and_at_the_root(
    client: Client, method: str, path: str
) -> None:
    target = path or f"http://127.0.0.1:{client.port}"  # a target as proxies are given it
    assert client.request(method, f"{target}?{client.query()}").fields[0] == "1005"


@pytest.mark.parametrize("path", ["/messages", "/messages/", "/smscsimplehttp/messages"])
def test_what_was_received_can_be_listed(client: Client, path: str) -> None:
    message_id = client.send(Userdata="p\N{GREEK SMALL LETTER MU}", Foo="x").fields[2]
    answered = client.request("GET", path)
    assert answered.headers["content-type"] == "application/json"
    (listed,) = json.loads(answered.body)
    assert datetime.fromisoformat(listed.pop("received_at")).tzinfo == UTC
    assert listed.pop("request")["method"] == "POST"
    assert listed == {
        "serial": 1,
        "to": "+99955501234",
        "from": "LINK",
        "text": "pμ",
        "encoding": "UCS-2",
        "parts": 1,
        "result_code": 1005,
        "description": "Queued",
        "message_id": message_id,
        "effect": None,
        "remarks": ["the guide knows no parameter Foo"],
        "parameters": {
            "ServiceId": "1234",
            "Username": "user",
            "Source": "LINK",
            "Destination": "+99955501234",
            "Userdata": "pμ",
        },
        "reports": [],
        "final": False,
        "delivered": "no",
        "part_texts": ["pμ"],
        "non_gsm": [
            {
                "char": "μ",
                "code_point": "U+03BC",
                "name": "GREEK SMALL LETTER MU",
                "count": 1,
            }
        ],
    }


@pytest.mark.parametrize("path", ["/elsewhere", "/smscsimplehttp2", "/smscsimplehttp/x"])
def test_other_paths_are_not_found(client: Client, path: str) -> None:
    assert client.request("POST", f"{path}?{client.query()}").status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    answered = client.request(method, f"/smscsimplehttp?{client.query()}")
    assert (answered.status, answered.headers["allow"]) == (405, "GET, HEAD, POST")


def test_strict_refuses_get() -> None:
    with Sandbox(SandboxSettings(strict=True)) as sandbox:
        client = client_of(sandbox)
        answered = client.request("GET", f"/smscsimplehttp?{client.query()}")
        assert (answered.status, answered.headers["allow"]) == (405, "POST")
        assert client.messages == []
        assert client.send().fields[0] == "1005"
        assert client.request("GET", "/messages").status == 200
        assert client.request("GET", "/").headers["content-type"] == "text/html; charset=utf-8"


def test_a_browser_is_told_what_this_is(client: Client) -> None:
    assert client.request("GET", "/smscsimplehttp").body.startswith(b"This is linksms sandbox")
    head = client.request("HEAD", "/smscsimplehttp")
    assert (head.status, head.body) == (200, b"")
    assert client.request("HEAD", f"/?{client.query()}").status == 200
    assert client.messages == []


def test_what_is_not_in_the_guide_is_remarked(client: Client) -> None:
    client.request("GET", f"/?{client.query()}")
    client.request("POST", f"/?{client.query()}", body=b"Userdata=x")
    assert [message["remarks"] for message in client.messages] == [
        ["GET is not in the guide: it says POST"],
        ["the body is not read: the guide has the parameters in the query"],
    ]


def test_parameters_in_the_body_are_what_is_wrong(client: Client) -> None:
    answered = client.request("POST", "/smscsimplehttp", body=client.query().encode())
    assert answered.body == (
        b"100;Service not found: the parameters stand in the query, not in the body;"
    )


def test_the_list_cannot_act_on_a_terminal(client: Client) -> None:
    client.send(Userdata="a\x1b[31m\x9b31m\N{RIGHT-TO-LEFT OVERRIDE}å")
    body = client.request("GET", "/messages").body
    assert body.isascii()
    assert b"\x1b" not in body
    assert json.loads(body)[0]["text"] == "a\x1b[31m\x9b31m\N{RIGHT-TO-LEFT OVERRIDE}å"


def test_a_message_is_observed_before_it_is_answered() -> None:
    seen: list[SandboxMessage | ReportAttempt] = []
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with Sandbox(observe=seen.append, clock=lambda: now) as sandbox:
        client = client_of(sandbox)
        message_id = client.send(Userdata="x" * 161).fields[2]
        listed = client.messages[0]
    assert seen == [
        SandboxMessage(
            serial=1,
            received_at=now,
            parameters={
                "ServiceId": "1234",
                "Username": "user",
                "Source": "LINK",
                "Destination": "+99955501234",
                "Userdata": "x" * 161,
            },
            encoding=Encoding.GSM7,
            parts=2,
            result_code=1005,
            description="Queued",
            message_id=message_id,
            effect=None,
            remarks=(),
            request=SeenRequest(
                method="POST",
                target="/smscsimplehttp?ServiceId=1234&Username=user&Password=***&Source=LINK"
                f"&Destination=%2B99955501234&Userdata={'x' * 161}",
                headers=(
                    ("host", f"127.0.0.1:{client.port}"),
                    ("accept-encoding", "identity"),
                    ("content-length", "0"),
                ),
                body_length=0,
            ),
        )
    ]
    assert isinstance(seen[0], SandboxMessage)
    assert listed == seen[0].story() | {"reports": []}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "1005;Queued;"),
        ({"ServiceId": "9"}, "100;Service not found: ServiceId is not the sandbox's;"),
        ({"Username": "x"}, "101;User not found: Username is not the sandbox's;"),
        ({"Password": "x"}, "103;Invalid password: Password is not the sandbox's;"),
        ({"Password": None}, "103;Invalid password: Password is missing;"),
    ],
)
def test_credentials_are_judged_at_http_200(changes: dict[str, str | None], answer: str) -> None:
    with Sandbox(SandboxSettings(credentials=Credentials.parse("1234:user:s3cret"))) as sandbox:
        answered = client_of(sandbox).send("+99955501234", **changes)
        assert answered.status == 200
        assert answered.body.decode().startswith(answer)


def test_the_password_is_nowhere(client: Client) -> None:
    secret = "hör&en%2B"
    client.send(Password=secret)
    raw = f"ServiceId=1&Username=u&Password={secret.replace('ö', '%F6')}&Source=x"
    answers = [
        client.request("POST", f"/?{raw}"),
        client.request("POST", f"/?{client.query(Password=secret)}&password={quote(secret)}"),
        client.request("POST", f"/?{client.query(Password=secret)}&Password=x"),
        client.request("POST", f"/elsewhere?{raw}"),
        client.request("PUT", f"/?{raw}"),
        client.request("GET", "/messages"),
    ]
    refused = client.raw(f"POST /?{raw} too many words HTTP/1.1\r\n\r\n".encode())
    said = b"".join([*(answered.body for answered in answers), refused]).decode()
    for trace in (secret, "hör", "h%F6r", quote(secret), "en%2B"):
        assert trace not in said


def test_above_its_rate_it_throttles() -> None:
    with Sandbox(SandboxSettings(rate=3)) as sandbox:
        client = client_of(sandbox)
        begun = time.monotonic()
        codes = [client.send().fields[0] for _ in range(5)]
        assert time.monotonic() - begun < 1, "this machine is too busy for this test"
        assert codes == ["1005", "1005", "1005", "3", "3"]
        time.sleep(1)
        assert client.send().fields[0] == "1005"


def test_latency_is_waited_before_the_answer() -> None:
    with Sandbox(SandboxSettings(latency=Latency(least=0.3, most=0.3))) as sandbox:
        begun = time.monotonic()
        assert client_of(sandbox).send().fields[0] == "1005"
        assert time.monotonic() - begun >= 0.3


def test_one_connection_carries_many_messages(client: Client) -> None:
    with closing(http.client.HTTPConnection(client.host, client.port)) as connection:
        connection.connect()
        before = connection.sock
        for body in (b"", b"x" * 1000, b""):
            connection.request("POST", f"/?{client.query()}", body=body)
            assert connection.getresponse().read().startswith(b"1005;")
        assert connection.sock is before


def test_requests_may_come_before_their_answers_are_read(client: Client) -> None:
    request = f"POST /?{client.query()} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert client.raw(request * 3).count(b"1005;Queued;") == 3


def test_http_1_0_is_answered_and_closed_unless_it_asks_to_stay(client: Client) -> None:
    request = f"POST /?{client.query()} HTTP/1.0\r\n"
    once = client.raw(f"{request}\r\n{request}\r\n".encode())
    assert once.count(b"1005;Queued;") == 1
    assert b"connection: close\r\n" in once
    staying = f"{request}Connection: keep-alive\r\n\r\n".encode()
    assert client.raw(staying * 2).count(b"connection: keep-alive\r\n") == 2


def test_an_answer_is_written_at_once(client: Client) -> None:
    # Two writes would leave the second waiting for a delayed acknowledgement of the first.
    with client.submitting("+99955501234") as connection:
        assert b"\r\n\r\n1005;Queued;" in connection.recv(65536)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /?" + b"x" * 65536 + b" HTTP/1.1\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nX: " + b"x" * 65536 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\n" + b"X: y\r\n" * 101 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n" + b"x" * 65537, 413),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 18 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/2.0\r\n\r\n", 400),
        (b"BREW / HTTP/1.1\r\n\r\n", 400),
        (b"POST / HTTQ\r\n\r\n", 400),
        (b"POST\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS
    ],
)
def test_requests_beyond_the_limits_are_refused_and_end_the_connection(
    client: Client, request_: bytes, status: int
) -> None:
    answered = client.raw(request_)
    assert answered.startswith(f"HTTP/1.1 {status} ".encode())
    assert answered.count(b"HTTP/1.1 ") == 1 + answered.count(b"valid HTTP/1.1 ")
    assert b"connection: close\r\n" in answered
    assert client.messages == []


@pytest.mark.parametrize("octets", [b"", b"\r\n", b"PO", b"POST / HTTP/1.1\r\nX: y"])
def test_clients_that_leave_early_disturb_nobody(client: Client, octets: bytes) -> None:
    client.raw(octets)
    assert client.send().fields[0] == "1005"


def test_a_client_that_leaves_in_the_middle_of_a_body_disturbs_nobody(client: Client) -> None:
    client.raw(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nx")
    assert client.send().fields[0] == "1005"


def test_a_fault_of_our_own_is_seen_and_costs_one_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr("threading.excepthook", seen.append)
    faults = iter([RuntimeError("a bug")])

    def observe(_event: object) -> None:
        for fault in faults:
            raise fault

    with Sandbox(observe=observe) as sandbox:
        client = client_of(sandbox)
        with pytest.raises(http.client.RemoteDisconnected):
            client.send()
        assert client.send().fields[0] == "1005"
    assert [str(fault.exc_value) for fault in seen] == ["a bug"]


def test_where_there_are_too_many_the_one_that_waits_longest_gives_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = replace(hosting._LIMITS, connections=2)  # noqa: SLF001 - fewer than 512 will do
    monkeypatch.setattr(hosting, "_LIMITS", limits)
    with Sandbox() as sandbox:
        client = client_of(sandbox)
        first, second = (
            socket.create_connection((client.host, client.port), timeout=10) for _ in range(2)
        )
        with first, second:
            assert client.send().fields[0] == "1005"
            with suppress(ConnectionResetError):
                assert first.recv(1) == b""


def test_a_body_in_chunks_is_taken_and_remarked(client: Client) -> None:
    head = f"POST /?{client.query()} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    assert b"1005;Queued;" in client.raw(head + b"3\r\nabc\r\n0\r\n\r\n")
    (received,) = client.messages
    assert received["remarks"][0].startswith("the body is not read")
    assert received["request"]["body_length"] == 3


def test_octets_that_are_not_encoded_are_what_is_wrong(client: Client) -> None:
    target = f"/?{client.query()}".replace("Hello", "h\xe5").encode("latin-1")
    answered = client.raw(b"POST %b HTTP/1.1\r\n\r\n" % target)
    assert answered.endswith(
        b"\r\n\r\n4003;Invalid user data: Userdata is not percent-encoded: a byte above 0x7F "
        b"stands in the query;"
    )


def test_it_closes_at_once_whoever_is_connected() -> None:
    before = set(threading.enumerate())
    sandbox = Sandbox(SandboxSettings(latency=Latency(least=60, most=60)))
    client = client_of(sandbox)
    with (
        client.submitting("+99920000001") as silent,
        client.submitting("+99920000010") as trickled,
        client.submitting("+99955501234") as waiting,
        socket.create_connection((client.host, client.port), timeout=10) as idle,
    ):
        deadline = time.monotonic() + 10
        while len(client.messages) < 3:
            assert time.monotonic() < deadline, "not all were received"
            time.sleep(0.01)
        begun = time.monotonic()
        sandbox.close()
        assert time.monotonic() - begun < 20  # not the 60 that it would take to answer
        for connection in (silent, trickled, waiting, idle):
            # One that was not accepted yet is reset, which is an end as well.
            with suppress(ConnectionResetError):
                while connection.recv(65536):
                    pass
    assert set(threading.enumerate()) <= before  # those of an earlier test may have ended
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((client.host, client.port))


def test_its_port_is_free_again_at_once() -> None:
    port = int(free_port())
    with Sandbox(SandboxSettings(port=port)) as first:
        client = client_of(first)
        client.send()
    with Sandbox(SandboxSettings(port=port)):
        assert client.send().fields[0] == "1005"


def test_an_address_in_use_says_so(client: Client) -> None:
    with pytest.raises(ConfigurationError) as failure:
        Sandbox(SandboxSettings(port=client.port))
    assert failure.value.message == (
        f"cannot listen on 127.0.0.1:{client.port}: Address already in use"
    )


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_says_so(port: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen on 127"):
        Sandbox(SandboxSettings(port=port))


def test_a_host_that_is_not_here_says_so() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot listen on 192\.0\.2\.1:0: Cannot assign"):
        Sandbox(SandboxSettings(host="192.0.2.1"))
    with pytest.raises(ConfigurationError, match=r"on a\.\.b:0: there is no such host name"):
        Sandbox(SandboxSettings(host="a..b"))


def test_it_listens_on_ipv6_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with Sandbox(SandboxSettings(host="::1")) as sandbox:
        assert sandbox.url.startswith("http://[::1]:")
        assert client_of(sandbox).send().fields[0] == "1005"


def test_a_password_is_not_repeated_when_credentials_are_wrongly_typed() -> None:
    for typed in ("secret", "x:user:secret", "1::secret", "1:secret", "1:secret:"):
        with pytest.raises(Exception, match="--credentials is not") as failure:
            Credentials.parse(typed)
        assert "secret" not in failure.value.args[0]
    credentials = Credentials.parse("12:user:se:cret")
    assert credentials == Credentials(service_id=12, username="user", password="se:cret")
    assert "cret" not in repr(credentials)
