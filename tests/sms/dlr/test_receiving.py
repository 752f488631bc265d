"""What a receiver tells of a request once it is stored."""

import pytest

from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.reading import Unreadable
from linksms_cli.sms.dlr.receiving import (
    UNREADABLE_BYTES,
    Callback,
    ReceivedMessage,
    ReceivedReport,
    UnreadableCallback,
    reported,
    told,
)
from linksms_cli.sms.dlr.report import Format, Report
from linksms_cli.sms.dlr.tally import PartStatus, fold

BODY = b"\xff" + "å".encode() * 150


def callback(body: bytes = BODY, query: str = "") -> Callback:
    return Callback(
        received_at="2026-01-01T00:00:00.000Z",
        remote="192.0.2.1",
        method="POST",
        query=query,
        headers=(("content-type", "text/odd"), ("x-other", "1")),
        body=body,
        contents=(Unreadable(fault="no report at all"),),
    )


def unreadable(of: Callback) -> UnreadableCallback:
    found = told(of, of.contents[0], 7)
    assert isinstance(found, UnreadableCallback)
    return found


def test_what_cannot_be_read_is_told_with_its_beginning() -> None:
    assert unreadable(callback()) == UnreadableCallback(
        number=7,
        fault="no report at all",
        received_at="2026-01-01T00:00:00.000Z",
        remote="192.0.2.1",
        method="POST",
        content_type="text/odd",
        size=301,
        # 200 octets, of which the first and the last are no characters.
        excerpt="\ufffd" + "å" * 99 + "\ufffd",
    )


def test_a_request_without_a_body_is_told_by_its_query() -> None:
    found = unreadable(callback(b"", "a=b"))
    assert (found.excerpt, found.size) == ("a=b", 3)
    assert unreadable(callback(b"body", "a=b")).excerpt == "body"


def test_a_request_that_does_not_say_what_it_is_has_no_type() -> None:
    assert unreadable(callback()._replace(headers=())).content_type is None


REPORT = Report(
    id="the-id$1",
    message_id="the-id",
    part=1,
    result_code=1001,
    operator=None,
    operator_result_code=None,
    segments=2,
    ref_id=None,
    source=None,
    destination=None,
    sent_timestamp=None,
    timestamp="2026-01-01T00:00:00Z",
    gate_custom_parameters={},
    custom_parameters={},
    format=None,
)


def test_a_report_says_the_state_of_its_part() -> None:
    assert reported(REPORT, "then") == PartStatus(
        part=1,
        result_code=1001,
        timestamp="2026-01-01T00:00:00Z",
        segments=2,
        received_at="then",
    )


@pytest.mark.parametrize("duplicate", [False, True])
def test_a_stored_report_is_told_with_the_state_of_its_message(duplicate: bool) -> None:
    came, state = callback(), fold([reported(REPORT, "then")], None)
    assert told(came, REPORT, 7, duplicate=duplicate, delivery=state) == ReceivedReport(
        number=7,
        report=REPORT,
        received_at=came.received_at,
        remote=came.remote,
        duplicate=duplicate,
        delivery=state,
    )


def test_what_is_stored_is_no_duplicate_unless_that_is_said() -> None:
    found = told(callback(), REPORT, 7, delivery=fold([], None))
    assert isinstance(found, ReceivedReport)
    assert found.duplicate is False


@pytest.mark.parametrize("duplicate", [False, True])
def test_a_stored_incoming_message_is_told(duplicate: bool) -> None:
    came = callback()
    message = IncomingMessage(
        message_id="its-id",
        source="+99951",
        destination="1234",
        content="Hello",
        operator=None,
        timestamp=None,
        gate_custom_parameters={},
        custom_parameters={},
        format=Format.JSON,
    )
    assert told(came, message, 7, duplicate=duplicate) == ReceivedMessage(
        number=7,
        message=message,
        received_at=came.received_at,
        remote=came.remote,
        duplicate=duplicate,
    )


def test_64_mib_are_kept_of_what_cannot_be_read() -> None:
    assert UNREADABLE_BYTES == 67_108_864
