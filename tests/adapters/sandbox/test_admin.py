"""The admin interface, as a test in any language uses it: over HTTP, with JSON."""

import json
import queue
import socket
import threading
import time
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.sms.sandbox.settings import ReportTarget, SandboxSettings
from tests.adapters.sandbox.conftest import Answered, Client, client_of
from tests.adapters.sandbox.test_courier import Receiver, receiving

ONE, OTHER = "+99955501234", "+99955505678"


def serials(answered: Answered) -> list[int]:
    return [record["serial"] for record in answered.json]


def test_they_can_be_chosen_by_number_and_by_how_many(client: Client) -> None:
    for to in (ONE, OTHER, ONE):
        client.send(to)
    assert serials(client.ask("GET", "/messages")) == [1, 2, 3]
    assert serials(client.ask("GET", f"/messages?to={quote(ONE)}")) == [1, 3]
    # As typed by somebody who does not think of '+' being a space there.
    assert serials(client.ask("GET", f"/messages?to={ONE}")) == [1, 3]
    assert serials(client.ask("GET", "/messages?to=%2B999555")) == [1, 2, 3]
    assert serials(client.ask("GET", "/messages?to=%2B4")) == []
    assert serials(client.ask("GET", "/messages?limit=2")) == [2, 3]


def test_they_can_be_chosen_by_what_is_known_already() -> None:
    with Sandbox(SandboxSettings(seed=1)) as sandbox:
        client = client_of(sandbox)
        for _ in range(3):
            client.send()
        moment = client.ask("GET", "/messages/2").json["received_at"]
        assert serials(client.ask("GET", f"/messages?since={moment}")) == [2, 3]
        local = "2026-01-01T01:00:02+01:00"
        assert serials(client.ask("GET", f"/messages?since={local}")) == [2, 3]
        assert serials(client.ask("GET", "/messages?since=2")) == [3]


def test_since_may_be_a_time_ago() -> None:
    now = datetime.fromisoformat("2026-01-01T00:00:00Z")
    with Sandbox(clock=lambda: now) as sandbox:
        client = client_of(sandbox)
        client.send()
        now = datetime.now(now.tzinfo) - timedelta(seconds=1)
        client.send()
        assert serials(client.ask("GET", "/messages?since=5m")) == [2]


def test_one_is_found_by_its_id_however_it_is_written() -> None:
    # Ids of base64 hold '/', '+' and '=', and clients encode them or do not.
    with Sandbox(SandboxSettings(seed=5)) as sandbox:
        client = client_of(sandbox)
        ids = [client.send().fields[2] for _ in range(20)]
        assert any("/" in each for each in ids)
        for serial, each in enumerate(ids, 1):
            for written in (each, quote(each, safe="")):
                assert client.ask("GET", f"/messages/{written}").json["serial"] == serial
        assert client.ask("GET", "/messages/7").json["message_id"] == ids[6]


def test_one_has_its_parts_its_characters_and_its_request(client: Client) -> None:
    text = "å" * 69 + "€–“"
    client.send(Userdata=text)
    found = client.ask("GET", "/messages/1").json
    assert found["part_texts"] == ["å" * 63, "å" * 6 + "€–“"]
    assert [each["code_point"] for each in found["non_gsm"]] == ["U+2013", "U+201C"]
    assert found["request"]["method"] == "POST"
    assert found["request"]["target"].startswith(
        "/smscsimplehttp?ServiceId=1234&Username=user&Password=***&Source=LINK&"
    )


def test_one_that_is_not_there_is_404(client: Client) -> None:
    for name in ("1", "abc", "a/b%2Bc==", "%00", "0" * 300):
        answered = client.ask("GET", f"/messages/{name}")
        assert answered.refusal == (404, "not_found", "there is no such message")


def test_they_can_be_forgotten(client: Client) -> None:
    for _ in range(2):
        client.send()
    assert client.ask("DELETE", "/messages").json == {"messages": 2}
    assert client.ask("GET", "/messages").json == []
    client.send()
    assert serials(client.ask("GET", "/messages")) == [3]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("too=%2B999", "there is no field 'too' here"),
        ("limit=0", "limit is not a whole number from 1 to 10000"),
        ("limit=1_0", "limit is not a whole number from 1 to 10000"),
        ("since=yesterday", "since is not a serial number, a time or a duration"),
        ("since=2026-02-30T00:00:00Z", "since is not a serial number, a time or a duration"),
        ("wait=soon", "wait 'soon' is not a duration"),
        ("wait=301", "wait is not a number of seconds from 0 to 300"),
        ("wait=-1", "wait '-1' is not a duration"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(client: Client, query: str, message: str) -> None:
    assert client.ask("GET", f"/messages?{query}").refusal == (400, "usage", message)


def test_it_ends_when_a_message_is_there(client: Client) -> None:
    found: queue.Queue[Answered] = queue.Queue()
    path = f"/messages?to={quote(OTHER)}&wait=60"
    threading.Thread(target=lambda: found.put(client.ask("GET", path))).start()
    client.send(ONE)
    assert found.empty()
    client.send(OTHER)
    assert serials(found.get(timeout=10)) == [2]


def test_many_that_wait_hold_up_nobody_who_need_not() -> None:
    head = b"GET /messages?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with Sandbox() as sandbox, ExitStack() as waiting:
        client = client_of(sandbox)
        for _ in range(130):
            address = (client.host, client.port)
            waiting.enter_context(socket.create_connection(address, timeout=10)).sendall(head)
        assert client.ask("GET", "/faults").json == []
        assert client.ask("POST", "/reset").json == {"messages": 0, "faults": 0, "reports": 0}


def test_it_is_over_at_once_where_one_is_there_already(client: Client) -> None:
    client.send()
    assert serials(client.ask("GET", "/messages?wait=60")) == [1]


def test_in_vain_it_ends_in_time_with_an_empty_list(client: Client) -> None:
    begun = time.monotonic()
    assert client.ask("GET", "/messages?wait=300ms").json == []
    assert time.monotonic() - begun >= 0.3


def test_the_end_of_the_sandbox_ends_it() -> None:
    with Sandbox() as sandbox:
        client = client_of(sandbox)
        waiting = socket.create_connection((client.host, client.port), timeout=10)
        waiting.sendall(b"GET /messages?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.send("+99910002104")
    with waiting, suppress(ConnectionResetError):  # it may have been answered, or not
        while waiting.recv(65536):
            pass


def test_only_what_is_new_or_has_changed_comes_again() -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        client.send("+99930000008")
        first = client.ask("GET", "/changes").json
        assert (first["anew"], [each["serial"] for each in first["messages"]]) == (True, [1])
        client.send("+99930000008")
        second = client.ask("GET", f"/changes?after={first['revision']}&wait=60").json
        assert [each["serial"] for each in second["messages"]] == [2]
        assert second["anew"] is False
        client.ask("POST", "/messages/1/reports", {"code": 2104})
        third = client.ask("GET", f"/changes?after={second['revision']}&wait=60").json
        assert [each["serial"] for each in third["messages"]] == [1]
        assert third["messages"][0]["reports"][0]["result_code"] == 2104


def test_after_a_reset_or_another_run_all_is_new(client: Client) -> None:
    client.send()
    before = client.ask("GET", "/changes").json["revision"]
    client.ask("POST", "/reset")
    after = client.ask("GET", f"/changes?after={before}&wait=60").json
    assert (after["anew"], after["messages"]) == (True, [])
    for unknown in ("0-1", "x", "%ff", before.split("-")[0] + "-x"):
        assert client.ask("GET", f"/changes?after={unknown}&wait=60").json["anew"] is True


def test_it_is_as_at_the_start() -> None:
    target = ReportTarget(url="http://127.0.0.1:1/", delay=3600)
    settings = SandboxSettings(seed=7, dlr=target, rate=1)
    with Sandbox(settings) as sandbox:
        client = client_of(sandbox)
        before = client.send().body
        (record,) = client.ask("GET", "/messages").json
        client.ask("POST", "/faults", {"status": 500})
        forgotten = {"messages": 1, "faults": 1, "reports": 1}
        # A report is on its way when its message has been answered, or a moment later.
        first = client.ask("POST", "/reset").json
        assert first in (forgotten, forgotten | {"reports": 0})
        assert client.ask("GET", "/messages").json == []
        assert client.ask("GET", "/faults").json == []
        assert client.send().body == before
        again = client.ask("GET", "/messages").json
        assert again == [record]


def test_no_report_of_before_comes_after() -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url, delay=0.3))) as sandbox,
    ):
        client = client_of(sandbox)
        for _ in range(20):
            client.send()
            client.ask("POST", "/reset")
        while not receiver.got.empty():  # it came before its reset, on a machine that is slow
            receiver.got.get()
        after = client.send().fields[2]
        assert json.loads(receiver.next().body)["id"] == after
        assert receiver.got.empty()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/messages", "GET, DELETE"),
        ("/messages/1", "GET"),
        ("/messages/1/reports", "POST"),
        ("/changes", "GET"),
        ("/faults", "GET, POST, DELETE"),
        ("/faults/1", "DELETE"),
        ("/reset", "POST"),
    ],
)
def test_other_methods_are_refused(client: Client, path: str, allowed: str) -> None:
    answered = client.ask("PUT", path)
    assert (answered.status, answered.headers["allow"]) == (405, allowed)


def test_nothing_is_kept_by_anybody_on_the_way(client: Client) -> None:
    answered = client.ask("GET", "/messages")
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["cross-origin-resource-policy"] == "same-origin"
    assert client.ask("HEAD", "/messages").body == b""


def test_no_trace_of_a_password_is_in_any_of_it(client: Client) -> None:
    secret = "hör&en%2B"
    client.send(Password=secret)
    raw = f"ServiceId=1&Username=u&Password={secret.replace('ö', '%F6')}&Source=x"
    client.request("POST", f"/?{raw}")
    client.request("POST", f"/?{client.query(Password=secret)}&password={quote(secret)}")
    client.request("POST", f"/?{raw}&x={quote(secret)}&{quote(secret)}=1")
    client.request(
        "POST",
        f"/?{client.query(Password=secret)}",
        client.query(Password=secret).encode(),
        Authorization=f"Basic {secret.encode().hex()}",
        Referer=f"http://h/?Password={quote(secret)}",
        Cookie="hörensagen",
        **{"X-Original-Url": f"/?Password={quote(secret)}&x", "X-Secret": secret},
    )
    said = client.ask("GET", "/messages").body + client.ask("GET", "/changes").body
    for trace in (secret, "hör", "h\\u00f6r", "h%F6r", "h%C3%B6r", "en%2B", "en%252B", "68c3b672"):
        assert trace.encode() not in said
