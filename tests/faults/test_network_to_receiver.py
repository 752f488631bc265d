"""A network between the gateway and a receiver that spoils each octet of a report and its answer.

Whatever the network does: what is answered 200 is stored, as often as it came, and what has not
come whole is neither.
"""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from linksms_cli.actions.listen.receiver import Receiver
from linksms_cli.adapters.http.limits import HttpLimits
from linksms_cli.adapters.store import store_in
from linksms_cli.sms.dlr.receiving import ReceivedReport
from tests.faults.network import (
    EVERY_BYTE,
    Relay,
    Way,
    changed,
    cut,
    ended,
    lost,
    octet_by_octet,
    places,
    repeated,
    untouched,
)
from tests.loopback import say_no_more
from tests.stored import query

_HEAD = b"POST /dlr HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\n"
_JSON = b'{"id": "m", "resultCode": 1001}'
_FORM = b"id=m&resultCode=1001"
_XML = b"<r><id>m</id><resultCode>1001</resultCode></r>"


def with_length(kind: bytes, body: bytes) -> bytes:
    return _HEAD % kind + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


REQUESTS = {
    "json": with_length(b"application/json", _JSON),
    "form": with_length(b"application/x-www-form-urlencoded", _FORM),
    "xml": with_length(b"text/xml", _XML),
    "query": b"GET /dlr?" + _FORM + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "chunks": _HEAD % b"application/json"
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (_JSON[:9], _JSON[9:], b"")),
}
every_request = pytest.mark.parametrize("whole", REQUESTS.values(), ids=REQUESTS)


class Gate:
    """Posts to a receiver through a network, and says what became of it."""

    def __init__(self, receiver: Receiver, network: Relay, folder: Path) -> None:
        self.receiver = receiver
        self._network = network
        self._folder = folder

    def post(self, octets: bytes, *, there: Way = untouched, back: Way = untouched) -> list[int]:
        """Say that, and return the statuses that come back whole until the other end closes."""
        self._network.there, self._network.back = there, back
        came = b""
        with socket.create_connection(("127.0.0.1", self._network.port), timeout=20) as connection:
            try:
                connection.sendall(octets)
                say_no_more(connection)
                while more := connection.recv(65536):
                    came += more
            except OSError:  # the network has cut it
                pass
        return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) .*\r\n", came)]

    @property
    def stored(self) -> list[tuple[str | None, str | None]]:
        """What is stored of each request: its first message id, or why it cannot be read."""
        rows = "SELECT message_id, fault FROM callback WHERE place = 0"
        return query(str(self._folder), rows)


@contextmanager
def gate(folder: Path, limits: HttpLimits | None = None) -> Iterator[Gate]:
    with (
        Receiver(store_in(folder), limits=limits) as receiver,
        Relay(urlsplit(receiver.url).port or 0) as network,
    ):
        yield Gate(receiver, network, folder)


@every_request
@pytest.mark.parametrize("how", ["closed", "reset", "ended"])
def test_half_a_report_is_neither_stored_nor_acknowledged(
    tmp_path: Path, whole: bytes, how: str
) -> None:
    ways: dict[str, Callable[[int], Way]]
    ways = {"closed": cut, "ended": ended, "reset": partial(cut, resets=True)}
    with gate(tmp_path) as reports:
        for place in places(len(whole), step=2):
            said = reports.post(whole, there=ways[how](place))
            assert said in ([], [400]), whole[:place]
        assert reports.stored == []
        assert reports.post(whole) == [200]
        assert reports.stored == [("m", None)]


def test_a_report_whose_answer_is_cut_comes_again_and_is_known(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\n"
    with gate(tmp_path) as reports:
        for place in range(len(answer)):
            body = b'{"id": "%d", "resultCode": 1001}' % place
            whole = with_length(b"application/json", body)
            assert reports.post(whole, back=cut(place)) == []
            assert reports.post(whole) == [200]
            first, second = told(reports.receiver, 2)
            assert first.report.message_id == second.report.message_id == str(place)
            assert (first.duplicate, second.duplicate) == (False, True)


def told(receiver: Receiver, count: int) -> list[ReceivedReport]:
    """Return so many reports as they are told."""
    found: list[ReceivedReport] = []
    while len(found) < count:
        for event in receiver.told(20):
            assert isinstance(event, ReceivedReport)
            found.append(event)
    return found


@every_request
def test_a_report_with_a_wrong_octet_is_stored_if_it_is_acknowledged(
    tmp_path: Path, whole: bytes
) -> None:
    with gate(tmp_path) as reports:
        acknowledged = 0
        for place in places(len(whole), step=2):
            for octet in range(256) if EVERY_BYTE else {*b"\n", whole[place] ^ 1}:
                said = reports.post(whole, there=changed(place, octet))
                acknowledged += said.count(200)
                spoilt = whole[:place] + bytes([octet]) + whole[place + 1 :]
                assert len(reports.stored) == acknowledged, spoilt
                assert said.count(200) <= 1, spoilt
        assert acknowledged


@every_request
def test_a_report_whose_end_comes_twice_is_stored_once(tmp_path: Path, whole: bytes) -> None:
    with gate(tmp_path) as reports:
        assert reports.post(whole, there=repeated(0, len(whole))) == [200, 200]
        first, second = told(reports.receiver, 2)
        assert (first.duplicate, second.duplicate) == (False, True)
        again = [place for place in places(len(whole), step=3) if place]
        for place in again:
            assert reports.post(whole, there=repeated(place, len(whole)))[:2] in ([200], [200, 400])
        assert len(reports.stored) == 2 + len(again)


@every_request
def test_a_report_that_trickles_is_stored_once(tmp_path: Path, whole: bytes) -> None:
    with gate(tmp_path) as reports:
        assert reports.post(whole, there=octet_by_octet(), back=octet_by_octet()) == [200]
        assert reports.stored == [("m", None)]


@every_request
def test_a_report_whose_end_is_lost_is_not_stored(tmp_path: Path, whole: bytes) -> None:
    with gate(tmp_path, HttpLimits(request_seconds=0.2)) as reports:
        for place in places(len(whole), step=60):
            assert 200 not in reports.post(whole, there=lost(place))
        assert reports.stored == []
