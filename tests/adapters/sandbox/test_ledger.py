"""What the sandbox remembers, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linksms_cli.adapters.sandbox import ledger
from linksms_cli.adapters.sandbox.ledger import Choice, MessageLog
from linksms_cli.sms.sandbox.message import Fate, ReportAttempt, SandboxMessage

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def received(serial: int) -> SandboxMessage:
    return SandboxMessage(
        serial=serial,
        received_at=NOW,
        parameters={},
        encoding=None,
        parts=None,
        result_code=1005,
        description="Queued",
        message_id="id",
        effect=None,
        remarks=(),
    )


def reported(serial: int, place: int) -> ReportAttempt:
    return ReportAttempt(
        serial=serial,
        place=place,
        at=NOW,
        report_id="id",
        result_code=1001,
        attempt=1,
        fate=Fate.WAITING,
        status=500,
        failure=None,
    )


def test_the_oldest_messages_go_and_their_reports_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "KEPT", 2)
    kept = MessageLog()
    for _ in range(3):
        kept.add(received)
    for serial in (1, 2, 3):
        kept.note(reported(serial, 0))
    assert (kept.find("1"), kept.find("2")) == (None, received(2))
    assert [record["serial"] for record in kept.records(Choice())] == [2, 3]
    assert [len(record["reports"]) for record in kept.records(Choice())] == [1, 1]


def test_of_each_report_the_latest_attempt_is_kept_in_their_order() -> None:
    kept = MessageLog()
    kept.add(received)
    delivered = replace(reported(1, 0), attempt=2, fate=Fate.DELIVERED, status=200)
    for attempt in (reported(1, 1), reported(1, 0), delivered):
        kept.note(attempt)
    (record,) = kept.records(Choice())
    assert record["reports"] == [delivered.record(), reported(1, 1).record()]
