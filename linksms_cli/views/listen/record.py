"""What a receiver tells, as an object for a program."""

from dataclasses import asdict
from typing import Any

from linksms_cli.sms import codes
from linksms_cli.sms.dlr.receiving import (
    CertificateRead,
    DeniedCaller,
    ForwardFailed,
    ReceivedMessage,
    ReceivedReport,
    ReceiverReady,
    ReceiverStopped,
    ReportForwarded,
    StoredCallback,
    UnmatchedRequest,
    UnreadableCallback,
)
from linksms_cli.sms.dlr.report import Report
from linksms_cli.views import forwards, incoming


def as_record(
    event: StoredCallback
    | ReceiverReady
    | DeniedCaller
    | UnmatchedRequest
    | CertificateRead
    | ReceiverStopped
    | ReportForwarded
    | ForwardFailed,
) -> dict[str, Any]:
    """Return the JSON object of an event."""
    match event:
        case ReportForwarded() | ForwardFailed():
            return forwards.as_record(event)
        case ReceivedReport():
            return _report_record(event)
        case ReceivedMessage():
            return {
                "event": "incoming",
                **incoming.as_record(event.message),
                "received_at": event.received_at,
                "remote": event.remote,
                "duplicate": event.duplicate,
            }
        case UnreadableCallback():
            return {
                "event": "unreadable",
                "reason": event.fault,
                "number": event.number,
                "method": event.method,
                "content_type": event.content_type,
                "size": event.size,
                "excerpt": event.excerpt,
                "received_at": event.received_at,
                "remote": event.remote,
            }
    return _own_record(event)


def _own_record(
    event: ReceiverReady | DeniedCaller | UnmatchedRequest | CertificateRead | ReceiverStopped,
) -> dict[str, Any]:
    match event:
        case ReceiverReady():
            return {"event": "ready", "url": event.url}
        case UnmatchedRequest():
            return {"event": "unmatched", **asdict(event)}
        case CertificateRead():
            return {"event": "certificate", **asdict(event)}
        case DeniedCaller():
            return {
                "event": "denied",
                "remote": event.remote,
                "reason": event.reason,
                "received_at": event.received_at,
            }
        case ReceiverStopped():
            return {"event": "stopped", "reason": event.why}


def fields(report: Report) -> dict[str, object]:
    """Return what every record of a report says of it, and of its code."""
    code = codes.explain(report.result_code)
    return {
        "part": report.part,
        "result_code": report.result_code,
        "description": code.description,
        "final": code.final,
        "delivered": code.delivered,
        "billed": code.billed,
        "retry": code.retry,
        "operator": report.operator,
        "operator_result_code": report.operator_result_code,
        "segments": report.segments,
        "ref_id": report.ref_id,
        "source": report.source,
        "destination": report.destination,
        "sent_timestamp": report.sent_timestamp,
        "timestamp": report.timestamp,
    }


def _report_record(event: ReceivedReport) -> dict[str, Any]:
    report, state = event.report, event.delivery
    return {
        "event": "report",
        "id": report.id,
        "message_id": report.message_id,
        **fields(report),
        "gate_custom_parameters": report.gate_custom_parameters,
        "custom_parameters": report.custom_parameters,
        "format": report.format,
        "received_at": event.received_at,
        "remote": event.remote,
        "duplicate": event.duplicate,
        "message": {
            "outcome": state.outcome,
            "final": state.final,
            "parts_expected": state.parts_expected,
            "parts_reported": state.parts_reported,
        },
    }
