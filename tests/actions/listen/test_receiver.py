"""A receiver inside another program: its URL, its events, and no more memory than it needs."""

from contextlib import closing
from pathlib import Path

import pytest

from linksms_cli.actions.listen import receiver as receivers
from linksms_cli.actions.listen.receiver import Receiver, Told
from linksms_cli.adapters.store import store_in
from linksms_cli.adapters.store.sql import recording
from linksms_cli.adapters.store.sqlite import database
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.admission import Admission
from linksms_cli.sms.dlr.receiving import DeniedCaller, ReceivedReport, ReceiverTrouble
from tests.reporting import report, request


def told(receiver: Receiver, number: int) -> list[Told]:
    events: list[Told] = []
    while len(events) < number:
        events += receiver.told(5)
    return events


def ids(events: list[Told]) -> list[str]:
    return [event.report.id for event in events if isinstance(event, ReceivedReport)]


def test_it_listens_while_the_block_runs_and_is_known_to_live(tmp_path: Path) -> None:
    with Receiver(store_in(tmp_path)) as receiver:
        assert store_in(tmp_path).has_receiver()
        assert request(receiver.url, report(id="a")).status == 200
        assert ids(told(receiver, 1)) == ["a"]
    assert not store_in(tmp_path).has_receiver()
    with pytest.raises(OSError, match="refused"):
        request(receiver.url, report(id="b"))


def test_events_beyond_what_may_wait_are_read_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "_WAITING", 5)
    with Receiver(store_in(tmp_path)) as receiver:
        names = [f"m{number}" for number in range(30)]
        for name in names:
            assert request(receiver.url, report(id=name)).status == 200
        assert ids(told(receiver, 30)) == names
        assert request(receiver.url, report(id="later")).status == 200
        assert ids(told(receiver, 1)) == ["later"]


def test_who_is_not_let_in_is_told_once_a_minute_for_each_address(tmp_path: Path) -> None:
    with Receiver(store_in(tmp_path), admission=Admission(header=("x-token", "t"))) as receiver:
        for _ in range(3):
            assert request(receiver.url, report()).status == 403
        assert request(receiver.url, report(), {"X-Token": "t"}).status == 200
        events = told(receiver, 2)
    assert [type(event) for event in events] == [DeniedCaller, ReceivedReport]


def test_trouble_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_writer: Writer) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Writer, "commit", fail)
    with Receiver(store_in(tmp_path)) as receiver:
        assert [request(receiver.url, report(id=name)).status for name in "ab"] == [503, 503]
        assert told(receiver, 1) == [
            ReceiverTrouble(
                message="the disk is full; reports are answered 503 until this is fixed"
            )
        ]
        assert list(receiver.told()) == []


def test_too_much_that_cannot_be_read_is_told_once_and_so_is_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "UNREADABLE_BYTES", 5000)
    with Receiver(store_in(tmp_path)) as receiver:
        statuses = [request(receiver.url, b"hello").status for _ in range(4)]
        assert statuses == [200, 200, 503, 503]
        assert request(receiver.url, report()).status == 200
        *_, full, received = told(receiver, 4)
        with closing(database.connect(tmp_path)) as store:
            store.execute("DELETE FROM callback WHERE fault IS NOT NULL")
        assert request(receiver.url, b"hello").status == 200
        *_, room = told(receiver, 2)
    assert isinstance(full, ReceiverTrouble)
    assert "make room with `linksms status --forget-before`" in full.message
    assert isinstance(received, ReceivedReport)
    assert room == ReceiverTrouble(message="there is room again for unreadable requests")
