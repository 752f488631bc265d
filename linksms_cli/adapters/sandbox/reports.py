"""What the reports of a message say, and how each format writes them.

JSON is as in the guide's examples. XML and key-value pairs are documented nowhere: their elements
and keys are the guide's names, and their custom parameters are key and value, as its table has
them.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from linksms_cli.adapters.sandbox.numbers import Plan, Tale
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.sandbox.message import SandboxMessage

# What the odd reports hold: a code that the guide does not have, and one that is temporary.
_NOBODY_KNOWS, _SENT, _DELIVERED, _FAILS = 1099, 1000, 1001, 2104
_OPERATOR = "zz.sandbox"
# Everything that XML 1.0 cannot carry, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedReport:
    """One delivery report, with the fields that the guide names (chapter "Delivery Reports")."""

    ref_id: str | None
    report_id: str
    operator: str | None
    sent: datetime
    stamp: datetime
    result_code: int
    operator_result_code: str | None
    segments: int
    custom: Mapping[str, str]
    is_invalid_json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report as it goes out: a body with its type, or a query."""

    body: bytes = b""
    content_type: str | None = None
    query: str = ""


def tell(plan: Plan, message: SandboxMessage, delay: float) -> tuple[SimulatedReport, ...]:
    """Return the reports of an accepted message, in the order in which they are to arrive.

    They are stamped `delay` seconds after the message came.
    """
    parts = message.parts or 1
    stamp = message.received_at + timedelta(seconds=delay)
    code = _NOBODY_KNOWS if plan.tale is Tale.UNKNOWN_CODE else plan.report_code
    reports = [_report(plan, message, part, code, stamp) for part in range(parts)]
    match plan.tale:
        case Tale.NO_REPORT:
            return ()
        case Tale.DUPLICATED:
            reports = [report for report in reports for _ in range(2)]
        case Tale.OUT_OF_ORDER:
            reports.reverse()
        case Tale.LATE:
            sent = message.received_at
            reports += [_report(plan, message, part, _SENT, sent) for part in range(parts)]
        case Tale.LAST_FAILS:
            reports[-1] = _report(plan, message, parts - 1, _FAILS, stamp)
    return tuple(reports)


def now(
    message: SandboxMessage, code: int, part: int | None, stamp: datetime
) -> tuple[SimulatedReport, ...]:
    """Return reports of a message with that code: of one part, or of all if it is None."""
    parts = range(message.parts or 1) if part is None else (part,)
    return tuple(_report(Plan(), message, each, code, stamp) for each in parts)


def write(report: SimulatedReport, format_: Format) -> Written:
    """Write a report; the guide's invalid JSON is JSON in every format."""
    if report.is_invalid_json or format_ is Format.JSON:
        return Written(body=_json(report).encode(), content_type="application/json")
    if format_ is Format.XML:
        return Written(body=_xml(report).encode(), content_type="application/xml; charset=utf-8")
    if format_ is Format.FORM:
        body = urlencode(_pairs(report)).encode()
        return Written(body=body, content_type="application/x-www-form-urlencoded")
    return Written(query=urlencode(_pairs(report)))


def _report(
    plan: Plan, message: SandboxMessage, part: int, code: int, stamp: datetime
) -> SimulatedReport:
    # What never reached an operator has none, as in the guide's second example.
    reached = code < 2000
    parts = message.parts or 1
    own_id = message.message_id or ""
    return SimulatedReport(
        ref_id=message.parameters.get("ReferenceId"),
        report_id=f"{own_id}${part}" if parts > 1 else own_id,
        operator=_OPERATOR if reached else None,
        sent=message.received_at,
        stamp=stamp,
        result_code=code,
        operator_result_code=("2" if code == _DELIVERED else "5") if reached else None,
        segments=parts,
        custom={
            "received": stamp.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            "source": message.source or "",
            "destination": message.destination or "",
        },
        is_invalid_json=plan.tale is Tale.INVALID_JSON,
    )


def _fields(report: SimulatedReport) -> dict[str, str | int | None]:
    """Return the plain fields, in the guide's order."""
    return {
        "refId": report.ref_id,
        "id": report.report_id,
        "operator": report.operator,
        "sentTimestamp": _time(report.sent),
        "timestamp": _time(report.stamp),
        "resultCode": report.result_code,
        "operatorResultCode": report.operator_result_code,
        "segments": report.segments,
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(report: SimulatedReport) -> str:
    fields = _fields(report) | {"gateCustomParameters": {}, "customParameters": report.custom}
    text = json.dumps(fields, indent=2, ensure_ascii=False)
    if report.is_invalid_json:
        # The guide's own examples: `"destination": ""+4746910822"`.
        text = text.replace('"destination": "', '"destination": ""')
    return text


def _xml(report: SimulatedReport) -> str:
    fields = [_element(name, value) for name, value in _fields(report).items()]
    custom = [
        f"    <keyValue>{_element('key', name)}{_element('value', value)}</keyValue>"
        for name, value in report.custom.items()
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<deliveryReport>",
            *(f"  {field}" for field in fields),
            "  <gateCustomParameters/>",
            "  <customParameters>",
            *custom,
            "  </customParameters>",
            "</deliveryReport>",
        ]
    )


def _element(name: str, value: str | int | None) -> str:
    if value is None:
        return f"<{name}/>"
    return f"<{name}>{escape(_NO_XML.sub(_REPLACEMENT, str(value)))}</{name}>"


def _pairs(report: SimulatedReport) -> dict[str, str | int]:
    fields = {name: "" if value is None else value for name, value in _fields(report).items()}
    return fields | {f"customParameters.{name}": value for name, value in report.custom.items()}
