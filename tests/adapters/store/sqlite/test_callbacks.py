"""Callbacks in the store: judged, kept raw, and read again."""

import gzip
from pathlib import Path

import pytest

from linksms_cli.adapters.store.sqlite import callbacks, database
from linksms_cli.adapters.store.sqlite.callbacks import Reader, Writer
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.receiving import (
    Callback,
    ReceivedReport,
    StoredCallback,
    UnreadableCallback,
)
from linksms_cli.sms.dlr.report import read_callback
from tests.reporting import report


def callback(body: bytes, *, second: int = 0, fault: str | None = None) -> Callback:
    headers = (("content-type", "application/json"),)
    return Callback(
        received_at=f"2026-07-01T10:00:{second:02}.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=headers,
        body=body,
        report=None if fault else read_callback(body=body, query="", content_type=None),
        fault=fault,
    )


def write(writer: Writer, *batch: Callback) -> list[StoredCallback | None]:
    assert writer.begin(wait=True)
    told = writer.write(batch)
    writer.commit()
    return told


def read(folder: Path, first: int = 0, last: int = 99) -> list[StoredCallback]:
    reader = Reader(folder)
    found = list(reader.callbacks(first=first, last=last))
    reader.close()
    return found


def test_what_was_told_is_read_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    told = write(
        writer,
        callback(report(id="a$0", segments=2)),
        callback(b"\xff\x00", fault="neither"),
        callback(gzip.compress(report(id="a$1", segments=2)), second=1),
    )
    told += write(writer, callback(report(id="a$0", segments=2), second=2))
    writer.close()
    assert read(tmp_path) == told
    assert read(tmp_path, first=2, last=3) == told[1:3]
    raw = database.connect(tmp_path).execute("SELECT body FROM callback WHERE id = 2").fetchone()
    assert raw[0] == b"\xff\x00"
    states = [event.delivery.outcome for event in told if isinstance(event, ReceivedReport)]
    assert states == ["pending", "delivered", "delivered"]


def test_a_duplicate_has_the_same_id_code_timestamp_and_operator_code(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    bodies = (
        report(),
        report(operator="another"),
        report(id="x"),
        report(resultCode=1000),
        report(timestamp="2026-07-01T09:37:37Z"),
        report(timestamp="2026-07-01T11:37:36+02:00"),
        report(operatorResultCode=None),
        report(operatorResultCode=None),
    )
    told = write(writer, *map(callback, bodies))
    told += write(writer, callback(report()))
    writer.close()
    assert [isinstance(event, ReceivedReport) and event.duplicate for event in told] == [
        *(False, True, False, False, False, True, False, True),
        True,
    ]


def test_a_batch_is_stored_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path)
    monkeypatch.setattr(callbacks, "_INSERT", "INSERT INTO nowhere VALUES (?)")
    assert writer.begin(wait=True)
    with pytest.raises(StoreError):
        writer.write([callback(report())])
    monkeypatch.undo()
    assert len(write(writer, callback(report()))) == 1
    writer.close()
    assert len(read(tmp_path)) == 1


def test_a_lock_is_waited_for_only_where_asked(tmp_path: Path) -> None:
    one, two = Writer(tmp_path), Writer(tmp_path)
    assert one.begin(wait=False)
    assert not two.begin(wait=False)
    one.write([callback(report())])
    one.commit()
    assert two.begin(wait=False)
    two.write([callback(report())])
    two.commit()
    one.close()
    two.close()
    duplicates = [isinstance(event, ReceivedReport) and event.duplicate for event in read(tmp_path)]
    assert duplicates == [False, True]


def test_our_own_count_of_parts_is_used_where_no_report_says(tmp_path: Path) -> None:
    connection = database.connect(tmp_path)
    connection.execute(
        "INSERT INTO submission (created_at, updated_at, base_url, service_id, destination,"
        " source, parts, slot, message_id) VALUES ('', '', '', 1, '', '', 2, 0, 'a')"
    )
    connection.close()
    writer = Writer(tmp_path)
    told = write(writer, *(callback(report(id=f"a${n}", segments=None)) for n in (0, 1)))
    writer.close()
    states = [event.delivery for event in told if isinstance(event, ReceivedReport)]
    assert [(state.outcome, state.parts_expected) for state in states] == [
        ("pending", 2),
        ("delivered", 2),
    ]


def test_what_cannot_be_read_is_limited_and_reports_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "UNREADABLE_BYTES", 5000)
    writer = Writer(tmp_path)
    garbage = callback(b"x" * 1000, fault="no")
    told = write(writer, garbage, garbage, garbage, callback(report()))
    told += write(writer, callback(b"x", fault="no"), callback(report()))
    writer.close()
    assert [type(event) for event in told] == [
        *(UnreadableCallback, UnreadableCallback, type(None), ReceivedReport),
        *(type(None), ReceivedReport),
    ]


def test_a_history_of_pages_is_read_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "_PAGE", 3)
    writer = Writer(tmp_path)
    told = write(writer, *(callback(report(id=f"a${n % 5}", segments=5)) for n in range(11)))
    writer.close()
    assert read(tmp_path) == told
    assert read(tmp_path, first=5) == told[4:]
