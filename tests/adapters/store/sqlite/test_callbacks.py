"""Callbacks in the store: judged, kept raw, and read again."""

import gzip
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from linksms_cli.adapters.store.sql import recording
from linksms_cli.adapters.store.sql.callbacks import Reader
from linksms_cli.adapters.store.sqlite import database, versions
from linksms_cli.adapters.store.sqlite.recording import Writer
from linksms_cli.adapters.store.sqlite.schema import MIGRATIONS
from linksms_cli.errors import StoreError
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import (
    Callback,
    ReceivedMessage,
    ReceivedReport,
    StoredCallback,
    UnreadableCallback,
)
from tests.reporting import INCOMING, REPORT, report


def callback(body: bytes, *, second: int = 0) -> Callback:
    headers = (("content-type", "application/json"),)
    return Callback(
        received_at=f"2026-07-01T10:00:{second:02}.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=headers,
        body=body,
        contents=read_callback(body=body, query="", content_type=None),
    )


def write_each(writer: Writer, *batch: Callback) -> list[Sequence[StoredCallback]]:
    assert writer.begin()
    told = writer.write(batch)
    writer.commit()
    return told


def write(writer: Writer, *batch: Callback) -> list[StoredCallback]:
    return [event for events in write_each(writer, *batch) for event in events]


def read(folder: Path, first: int = 0, last: int = 99) -> list[StoredCallback]:
    reader = Reader(database.connect(folder, read_only=True))
    found = list(reader.callbacks(first=first, last=last))
    reader.close()
    return found


def test_what_was_told_is_read_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    told = write(
        writer,
        callback(report(id="a$0", segments=2)),
        callback(b"\xff\x00"),
        callback(gzip.compress(report(id="a$1", segments=2)), second=1),
    )
    told += write(writer, callback(report(id="a$0", segments=2), second=2))
    writer.close()
    assert read(tmp_path) == told
    assert read(tmp_path, first=2, last=3) == told[1:3]
    with closing(database.connect(tmp_path)) as store:
        raw = store.execute("SELECT body FROM callback WHERE id = 2").fetchone()
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


def several(*ids: str) -> bytes:
    return b"[" + b",".join(report(id=one, segments=2) for one in ids) + b"]"


def test_several_reports_of_one_request_are_told_and_stored_one_by_one(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    body = several("a$0", "b$0", "a$0", "a$1")[:-1] + b", 5]"
    told = write(writer, callback(several("b$0")), callback(body))
    told += write(writer, callback(body, second=1))
    writer.close()
    assert [event.number for event in told] == list(range(1, 12))
    reports = [event for event in told if isinstance(event, ReceivedReport)]
    assert [(e.report.id, e.duplicate, e.delivery.outcome) for e in reports] == [
        ("b$0", False, "pending"),
        ("a$0", False, "pending"),
        ("b$0", True, "pending"),
        ("a$0", True, "pending"),
        ("a$1", False, "delivered"),
        ("a$0", True, "delivered"),
        ("b$0", True, "pending"),
        ("a$0", True, "delivered"),
        ("a$1", True, "delivered"),
    ]
    faults = [event.fault for event in told if isinstance(event, UnreadableCallback)]
    assert faults == ["1 of 5 in this request: no id or no resultCode"] * 2
    assert read(tmp_path) == told
    assert read(tmp_path, first=4, last=5) == told[3:5]
    with closing(database.connect(tmp_path)) as store:
        kept = [row[0] for row in store.execute("SELECT body FROM callback ORDER BY id")]
    assert kept == [several("b$0"), body, *[b""] * 4, body, *[b""] * 4]


def test_an_incoming_message_is_told_and_known_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    nameless = INCOMING.replace(b"messageId", b"x")
    told = write(writer, *map(callback, (INCOMING, INCOMING, nameless, nameless)))
    told += write(writer, callback(INCOMING), callback(report()))
    writer.close()
    messages = [event for event in told if isinstance(event, ReceivedMessage)]
    assert [event.duplicate for event in messages] == [False, True, False, False, True]
    assert messages[0].message.content == "STOP"
    assert read(tmp_path) == told


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("DELETE FROM callback WHERE id = 1", "its bytes are no longer in the store"),
        ("UPDATE callback SET body = x'00' WHERE id = 1", "no id"),
        ("UPDATE callback SET headers = '[' WHERE id = 1", "its bytes or headers are damaged"),
        ("UPDATE callback SET headers = '[]' WHERE id = 1", "its bytes or headers are damaged"),
        ("UPDATE callback SET message_id = 'x' WHERE id = 2", "this version of linksms reads"),
    ],
)
def test_what_cannot_be_read_again_is_unreadable_and_no_more(
    tmp_path: Path, damage: str, fault: str
) -> None:
    writer = Writer(tmp_path)
    told = write(writer, callback(several("a$0", "a$1")), callback(report()))
    writer.close()
    store = database.connect(tmp_path)
    store.execute(damage)
    store.close()
    *_, second, last = read(tmp_path)
    assert isinstance(second, UnreadableCallback)
    assert second.fault.startswith(fault)
    assert last == told[-1]


def test_a_store_of_an_earlier_version_is_read_on(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    old = sqlite3.connect(folder / database.FILE)
    for statement in [statement for version in MIGRATIONS[:2] for statement in version]:
        old.execute(statement)
    old.execute("INSERT INTO secret VALUES (x'00')")
    for body, fault, message_id in ((report(), None, REPORT["id"]), (b"?", "no", None)):
        old.execute(
            "INSERT INTO callback (received_at, remote, method, query, headers, body, fault,"
            " message_id, result_code) VALUES ('', '', 'POST', '', '{}', ?, ?, ?, 1001)",
            (body, fault, message_id),
        )
    old.execute("PRAGMA user_version = 2")
    old.execute(f"PRAGMA application_id = {versions.APPLICATION_ID}")
    old.commit()
    old.close()
    assert [type(event) for event in read(folder)] == [ReceivedReport, UnreadableCallback]


def test_a_batch_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    assert writer.begin()
    nothing: Any = None
    with pytest.raises(StoreError):
        writer.write([callback(report()), callback(report())._replace(method=nothing)])
    assert len(write(writer, callback(report()))) == 1
    writer.close()
    assert len(read(tmp_path)) == 1


def test_a_lock_is_waited_for_only_where_asked(tmp_path: Path) -> None:
    one, two = Writer(tmp_path), Writer(tmp_path)
    assert one.begin()
    assert not two.begin()
    one.write([callback(report())])
    one.commit()
    assert two.begin()
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
    monkeypatch.setattr(recording, "UNREADABLE_BYTES", 5000)
    writer = Writer(tmp_path)
    garbage = callback(b"x" * 1000)
    message = callback(INCOMING)
    mixed = callback(b"[1," + report() + b"]")
    told = write_each(writer, garbage, garbage, garbage, callback(report()), message)
    told += write_each(writer, callback(b"x"), callback(report()), message, mixed)
    writer.close()
    assert [[type(event) for event in events] for events in told] == [
        *([UnreadableCallback], [UnreadableCallback], [], [ReceivedReport], [ReceivedMessage]),
        *([], [ReceivedReport], [ReceivedMessage], [ReceivedReport, UnreadableCallback]),
    ]


def test_a_history_of_pages_is_read_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linksms_cli.adapters.store.sql.callbacks._PAGE", 3)
    writer = Writer(tmp_path)
    told = write(writer, *(callback(report(id=f"a${n % 5}", segments=5)) for n in range(11)))
    writer.close()
    assert read(tmp_path) == told
    assert read(tmp_path, first=5) == told[4:]
