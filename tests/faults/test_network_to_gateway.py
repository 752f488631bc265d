"""A network between a send and the gateway that spoils each octet of a request and of an answer.

The gateway is strict and takes whole requests alone. Whatever the network does: what is called
accepted was taken, what is called not sent or rejected was not, nothing goes out twice, and nobody
gets the id of somebody else's message.
"""

import re
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import parse_qs

import pytest

from linksms_cli.adapters.gateway import Gateway as GatewayClient
from linksms_cli.errors import ExitCode
from linksms_cli.sms.account.profile import Account
from linksms_cli.sms.mt.message import Draft
from linksms_cli.sms.mt.verdict import decide
from tests.conftest import Linksms, account, until
from tests.faults.network import (
    EVERY_BYTE,
    Relay,
    Way,
    after,
    changed,
    cut,
    late,
    lost,
    octet_by_octet,
    once,
    places,
    repeated,
    together,
    untouched,
)
from tests.loopback import Recorder, http

_REQUEST_LINE = re.compile(rb"POST /smscsimplehttp\?(\S+) HTTP/1\.1\r\n")
_NEEDED = {"ServiceId", "Username", "Password", "Source", "Destination", "Userdata"}


def number(place: int) -> str:
    """Return a recipient of its own for each place, all of one length."""
    return f"+99955{place:06}"


class Gateway(Recorder):
    """Takes whole requests; the id of a message is made of the number that it goes to."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: Counter[str] = Counter()

    def serve(self, connection: socket) -> None:
        came = b""
        while more := connection.recv(65536):
            came += more
            while b"\r\n\r\n" in came:
                head, _, came = came.partition(b"\r\n\r\n")
                self.requests.append(head + b"\r\n\r\n")
                self.respond(connection, self.requests[-1])

    def respond(self, connection: socket, request: bytes) -> None:
        found = _REQUEST_LINE.match(request)
        query = parse_qs(found[1].decode("latin-1")) if found else {}
        if set(query) == _NEEDED and b"\r\nContent-Length: 0\r\n" in request:
            (destination,) = query["Destination"]
            with self._lock:
                self.taken[destination] += 1
            connection.sendall(http(answer(destination)))
        else:
            connection.sendall(http(b"", "400 Bad Request"))


def answer(destination: str) -> bytes:
    return b"1005;Queued;id-" + destination.encode()


class Sends:
    """Sends of one message each through the network, and what the gateway took of them."""

    def __init__(self, call: Linksms, gateway: Gateway, network: Relay) -> None:
        self._call = call
        self._env = account(f"http://{network.netloc}/smscsimplehttp")
        self._network = network
        self.gateway = gateway
        self.said: list[dict[str, Any]] = []

    def send(
        self,
        *recipients: str,
        there: Way = untouched,
        back: Way = untouched,
        timeout: float = 20,
    ) -> None:
        """Send to recipients over connections that the ways spoil."""
        self._network.there, self._network.back = there, back
        to = [word for recipient in recipients for word in ("--to", recipient)]
        words = ("-f", "LINK", "--retry", "2", "--timeout", str(timeout), "--no-store", "--json")
        done = self._call("send", *to, *words, "x", env=self._env)
        assert [record["to"] for record in done.records] == list(recipients)
        self.said += done.records

    @property
    def outcomes(self) -> list[str]:
        return [record["outcome"] for record in self.said]


@contextmanager
def opened(call: Linksms) -> Iterator[Sends]:
    """Give sends through a network."""
    with Gateway() as gateway, Relay(gateway.port) as network:
        yield Sends(call, gateway, network)
        until(lambda: gateway.connections == network.connections)


@contextmanager
def sending(call: Linksms) -> Iterator[Sends]:
    """Give sends, and check when the block ends that what was said of them is so."""
    with opened(call) as sends:
        yield sends
    assert sends.said
    for record in sends.said:
        check(record, sends.gateway.taken[record["to"]])


def check(record: dict[str, Any], taken: int) -> None:
    """Check what is said of a recipient whose message the gateway took so often."""
    if record["outcome"] == "accepted":
        assert taken, record
        assert record["message_id"] in {None, f"id-{record['to']}"}, record
    elif record["outcome"] in {"not_sent", "rejected"}:
        assert not taken, record
    else:
        assert record["outcome"] == "unknown", record
    assert taken <= 1, record


def request_of(call: Linksms) -> bytes:
    """Return a request as the gateway gets it from anybody here."""
    with sending(call) as sends:
        sends.send(number(0))
    return sends.gateway.requests[0]


@pytest.mark.parametrize("resets", [False, True], ids=["closed", "reset"])
def test_half_a_request_is_neither_taken_nor_tried_again(call: Linksms, *, resets: bool) -> None:
    length = len(request_of(call))
    with sending(call) as sends:
        for place in range(length + 1):
            sends.send(number(place), there=cut(place, resets=resets))
    assert set(sends.gateway.taken) == {number(length)}
    assert sends.outcomes[:length] == ["unknown"] * length
    assert sends.gateway.connections == length + 1


def test_a_request_with_a_wrong_octet_is_sent_once(call: Linksms) -> None:
    """It may be taken for somebody else's, which nobody can tell."""
    request = request_of(call)
    with opened(call) as sends:
        for place in places(len(request), step=3):
            before = sends.gateway.taken.total()
            # Without its last line the request is never whole, and the gateway waits for the rest.
            timeout = 20 if place < len(request) - 4 else 0.2
            sends.send(number(0), there=changed(place, request[place] ^ 1), timeout=timeout)
            taken = sends.gateway.taken.total() - before
            check(sends.said[-1] | {"message_id": None}, taken)
    assert set(sends.outcomes) == {"accepted", "rejected", "unknown"}


def test_the_answer_to_a_request_that_came_twice_is_nobody_elses(call: Linksms) -> None:
    """So is the refusal of its second half, whose beginning was lost."""
    length = len(request_of(call))
    with sending(call) as sends:
        for place in places(length - 4, step=5):
            recipients = number(2 * place), number(2 * place + 1)
            there, back = once(repeated(place, length)), once(together(b"HTTP/1.1 ", 2))
            sends.send(*recipients, there=there, back=back)
        sends.gateway.taken.subtract([number(0)])  # that came twice, by the network's doing
    assert set(sends.outcomes) == {"accepted"}


def test_an_answer_to_nothing_between_two_requests_is_nobody_elses() -> None:
    go_on, said = threading.Event(), threading.Event()

    def twice(connection: socket) -> None:
        connection.sendall(http(answer(number(0))))
        go_on.wait(20)
        connection.sendall(http(answer(number(0))))
        said.set()

    with Recorder(twice, http(answer(number(1)))) as recorder:
        there = Account(base_url=recorder.url, service_id=1, username="u", password="p")
        ids = []
        with closing(GatewayClient(there, tls_context=ssl.create_default_context)) as client:
            for place in range(2):
                message = Draft(source="LINK", text="x").to(number(place))
                ids.append(decide(client.submit(message, timeout=20)).message_id)
                go_on.set()
                said.wait(20)
    assert ids == [f"id-{number(0)}", f"id-{number(1)}"]


# Codes that stand for a message on its way or there (guide, "Result Codes").
_TAKEN = {1000, 1001, 1005, 1007, 1008, 1011, 1012, 1013}


def code_in(octets: bytes) -> int | None:
    """Return the code that the answer behind a head begins with, if there is one."""
    found = re.search(rb"\n\r?\n[ \t\r\n]*([0-9]{1,6})[ \t\r\n]*;", octets)
    return int(found[1]) if found else None


def test_an_answer_with_a_wrong_octet_is_believed_in_what_it_says(call: Linksms) -> None:
    """That may be another code, which nobody can tell; but what is no code says nothing."""
    whole = http(answer(number(0)))
    with opened(call) as sends:
        for place in range(len(whole)):
            for octet in range(256) if EVERY_BYTE else {*b"\n;\x1c\xff", whole[place] ^ 1}:
                spoilt = whole[:place] + bytes([octet]) + whole[place + 1 :]
                code = code_in(spoilt)
                if code == 1:  # this one says itself that the message may be sent again
                    continue
                sends.send(number(0), back=after(changed(place, octet), cut(len(whole))))
                outcome = sends.said[-1]["outcome"]
                if code is None:
                    assert outcome == "unknown", spoilt
                elif code in _TAKEN:
                    assert outcome in {"accepted", "delivered", "unknown"}, spoilt
                if outcome in {"accepted", "delivered"}:
                    assert code in _TAKEN, spoilt
    assert sends.gateway.taken.total() == len(sends.said)


def test_an_answer_whose_end_comes_twice_is_nobody_elses(call: Linksms) -> None:
    whole = http(answer(number(0)))
    with sending(call) as sends:
        for place in range(len(whole)):
            recipients = number(2 * place), number(2 * place + 1)
            sends.send(*recipients, back=repeated(place, len(whole)))
    assert set(sends.outcomes) == {"accepted"}


def test_what_comes_slowly_is_taken_once(call: Linksms) -> None:
    with sending(call) as sends:
        sends.send(number(0), number(1), there=octet_by_octet(), back=octet_by_octet())
        sends.send(number(2), number(3), there=octet_by_octet(0.001), back=late(0.3))
    assert set(sends.outcomes) == {"accepted"}


def test_what_comes_too_late_is_unknown_and_no_answer_to_the_next(call: Linksms) -> None:
    with sending(call) as sends:
        sends.send(number(0), number(1), back=octet_by_octet(0.02), timeout=0.5)
        sends.send(number(2), number(3), there=octet_by_octet(0.005), timeout=0.5)
        sends.send(number(4), number(5), back=late(0.7), timeout=0.5)
        sends.send(number(6), number(7), there=late(0.7), timeout=0.5)
    assert set(sends.outcomes) == {"unknown"}


def test_what_is_lost_without_a_word_is_unknown(call: Linksms) -> None:
    request, whole = request_of(call), http(answer(number(0)))
    with sending(call) as sends:
        for place in places(len(request), step=100):
            sends.send(number(place), there=lost(place), timeout=0.1)
    assert (set(sends.outcomes), sends.gateway.taken) == ({"unknown"}, {})
    # By another way: what is late on the first one must not pass by what holds from now on.
    with sending(call) as sends:
        for place in places(len(whole), step=30):
            sends.send(number(place), back=lost(place), timeout=0.1)
    assert set(sends.outcomes) == {"unknown"}


def test_a_batch_goes_on_after_a_cut_and_doubles_nothing(call: Linksms, tmp_path: Path) -> None:
    """Its requests share a connection, which ends once, at any place in any of them."""
    recipients = [number(row) for row in range(3)]
    file = tmp_path / "numbers.txt"
    file.write_text("\n".join(recipients), encoding="utf-8")
    words = ("send", "--batch", str(file), "-f", "LINK", "--concurrency", "1", "--json", "x")
    for place in places(len(recipients) * len(request_of(call)), step=29):
        state = {"LINKSMS_STATE": str(tmp_path / f"state-{place}")}
        with Gateway() as gateway, Relay(gateway.port, there=once(cut(place))) as network:
            env = account(f"http://{network.netloc}/smscsimplehttp") | state
            done = call(*words, env=env)
        *records, _ = done.records
        for record in records:
            check(record, gateway.taken[record["to"]])
        outcomes = Counter(record["outcome"] for record in records)
        assert (outcomes, done.code) == ({"accepted": 2, "unknown": 1}, ExitCode.UNKNOWN), place
