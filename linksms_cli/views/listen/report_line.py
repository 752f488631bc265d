"""Write a received report as a line of JSON: as `record` has it, in a third of the time.

A receiver writes one for each report, on the same processor that it receives them with. What is
the same for every report with a code, or with a state, is written once.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from linksms_cli.sms.codes import explain
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.receiving import ReceivedReport

_quoted = json.JSONEncoder(ensure_ascii=False).encode
# Operators, senders and the seconds of timestamps come again and again.
_known = lru_cache(maxsize=1024)(_quoted)
# A longer text is quoted each time, so that no stranger fills the memory with what is remembered.
_LONGEST_KNOWN = 64


def as_line(event: ReceivedReport) -> str:
    """Return the JSON of a report, without an end of line."""
    report = event.report
    return (
        f'{{"event": "report", "id": {_quoted(report.id)}, '
        f'"message_id": {_quoted(report.message_id)}, "part": {_number(report.part)}, '
        f'{_of_code(report.result_code)}"operator": {_text(report.operator)}, '
        f'"operator_result_code": {_text(report.operator_result_code)}, '
        f'"segments": {_number(report.segments)}, "ref_id": {_text(report.ref_id)}, '
        f'"source": {_text(report.source)}, "destination": {_text(report.destination)}, '
        f'"sent_timestamp": {_text(report.sent_timestamp)}, '
        f'"timestamp": {_text(report.timestamp)}, '
        f'"gate_custom_parameters": {_parameters(report.gate_custom_parameters)}, '
        f'"custom_parameters": {_parameters(report.custom_parameters)}, '
        f'"format": {_text(report.format)}, "received_at": "{event.received_at}", '
        f'"remote": {_text(event.remote)}, "duplicate": {_boolean(event.duplicate)}, '
        f"{_of_state(event.delivery)}}}"
    )


def _number(number: int | None) -> int | str:
    return "null" if number is None else number


def _text(text: str | None) -> str:
    if text is None:
        return "null"
    return _known(text) if len(text) <= _LONGEST_KNOWN else _quoted(text)


def _parameters(parameters: Mapping[str, Any]) -> str:
    return _quoted(parameters) if parameters else "{}"


@lru_cache(maxsize=256)
def _of_code(number: int) -> str:
    code = explain(number)
    said = {
        "result_code": number,
        "description": code.description,
        "final": code.final,
        "delivered": code.delivered,
        "billed": code.billed,
        "retry": code.retry,
    }
    return f"{_quoted(said)[1:-1]}, "


def _of_state(state: Delivery) -> str:
    return (
        f'"message": {{"outcome": "{state.outcome}", "final": {_boolean(state.final)}, '
        f'"parts_expected": {_number(state.parts_expected)}, '
        f'"parts_reported": {state.parts_reported}}}'
    )


def _boolean(value: bool) -> str:
    return "true" if value else "false"
