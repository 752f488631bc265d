"""What a receiver tells, as it is shown: a paragraph of two or three lines for each report."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from linksms_cli.sms import codes
from linksms_cli.sms.dlr.receiving import (
    CertificateRead,
    DeniedCaller,
    Ending,
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
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.text.decoding import visible
from linksms_cli.views import forwards, incoming, standing
from linksms_cli.views.code import tone_of, words_of
from linksms_cli.views.layout import Tone, indented, local, paint, shortened, time_of_day
from linksms_cli.views.send import TONES

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MARGIN = 11  # a time and two spaces
_REASONS = {
    "address": "its address is not allowed",
    "credentials": "no password, or a wrong one",
    "header": "without the header that is required",
    "tls": "no TLS connection",
}


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


def as_text(
    event: StoredCallback
    | ReceiverReady
    | DeniedCaller
    | UnmatchedRequest
    | CertificateRead
    | ReportForwarded
    | ForwardFailed,
    width: int = 80,
) -> str:
    """Show an event to a person, within `width` columns as far as ids allow."""
    match event:
        case ReceivedReport():
            return _report(event, width)
        case ReceivedMessage():
            first, *more = incoming.as_lines(event.message, event.duplicate, width - _MARGIN)
            head = f"{time_of_day(event.received_at)}  {paint('incoming', Tone.STRONG)}   "
            return "\n".join([head + first, *(" " * _MARGIN + line for line in more)])
        case ReceiverReady():
            return f"Listening at {paint(event.url, Tone.STRONG)} (Ctrl-C ends it)"
        case UnreadableCallback():
            head = f"{time_of_day(event.received_at)}  {paint('unreadable', Tone.UNSURE)}  "
            about = f"{event.size} bytes from {event.remote}, stored as number {event.number}"
            why = indented(event.fault, _MARGIN, Tone.UNSURE, width)
            excerpt = indented(event.excerpt, _MARGIN, Tone.QUIET, width)
            whole = indented(
                f"All of it: linksms listen --raw {event.number}", _MARGIN, None, width
            )
            return "\n".join([head + about, *why, *excerpt, *whole])
        case ReportForwarded() | ForwardFailed():
            return forwards.as_text(event)
    return _aside(event)


def day_of(event: StoredCallback) -> str:
    """Return the day on which a callback came, by the calendar on the wall here."""
    moment = local(event.received_at)
    return f"{moment:%Y-%m-%d}" if moment else shortened(event.received_at, len("2026-11-26"))


def _aside(event: DeniedCaller | UnmatchedRequest | CertificateRead) -> str:
    match event:
        case CertificateRead():
            until = f", valid until {event.valid_until[:10]}" if event.valid_until else ""
            return f"{time_of_day(event.read_at)}  the certificate was read again{until}"
        case DeniedCaller():
            head = f"{time_of_day(event.received_at)}  {paint('denied', Tone.BAD)}  "
            why, _, detail = event.reason.partition(": ")
            words = _REASONS.get(why, why) + (f" ({detail})" if detail else "")
            return f"{head}{event.remote}: {words}"
        case UnmatchedRequest():
            head = f"{time_of_day(event.received_at)}  {paint('unmatched', Tone.UNSURE)}  "
            asked = visible(f"{event.method} {event.path}")
            return f"{head}{event.remote} asked for {asked}, which is not the path of reports"


def ending(event: ReceiverStopped) -> str:
    """Say in a line why it stopped."""
    match event:
        case ReceiverStopped(outcome=Outcome() as outcome):
            return f"Stopped: the message is {paint(outcome, TONES[outcome])}."
        case ReceiverStopped(why=Ending.TIMEOUT):
            return "Stopped: time is up."
    return "Stopped."


def instructions(url: str, *, local: bool, reply: str | None, shown: Sequence[str]) -> str:
    """Say what to give LINK Support. `shown` is what a caller has to show, `local` that only this
    machine reaches the address.
    """
    lines = ["What LINK Support needs to know:", f"  URL     {url}"]
    if local:
        lines.append(
            "          Only this machine can reach that URL: give them the URL of the proxy"
        )
        lines.append("          or tunnel that leads here.")
    lines.append("  Format  JSON; XML, form and query string are read too, by POST or GET")
    lines.append(f"  Answer  200, {f'with the body {reply}' if reply else 'with an empty body'}")
    lines += [f"  Shows   {what}" for what in shown]
    return "\n".join(lines)


def _report(event: ReceivedReport, width: int) -> str:
    """Show a report: what became of which number; below it the message, and what that means."""
    report, code = event.report, codes.explain(event.report.result_code)
    outcome = code.outcome
    cells = [
        time_of_day(event.received_at),
        paint(f"{outcome:<9}", tone_of(code)),
        *(visible(cell) for cell in (report.destination, report.operator) if cell),
    ]
    what = words_of(code)
    head, body = "  ".join(cells), []
    if _length(head) + 2 + len(what) <= width:
        head += f"  {what}"
    else:
        body += indented(what, _MARGIN, None, width)
    body.append(" " * _MARGIN + _about(event))
    state = event.delivery
    if state.outcome in {Outcome.FAILED, Outcome.UNKNOWN} and not event.duplicate:
        body += indented(standing.certainty(state), _MARGIN, None, width)
        body += standing.as_lines(state, report.message_id, width)
    elif outcome in {Outcome.FAILED, Outcome.UNKNOWN} or not code.known:
        body += indented(code.meaning, _MARGIN, Tone.QUIET, width)
    return "\n".join([head, *body])


def _about(event: ReceivedReport) -> str:
    """Say which message it was about, which part, and where the message stands."""
    report, state = event.report, event.delivery
    words = [paint(visible(report.message_id), Tone.QUIET)]
    expected = state.parts_expected
    if report.part is not None:
        words.append(f"part {report.part + 1}" + (f" of {expected}" if expected else ""))
    if expected != 1 or report.part is not None:
        words.append(f"message {paint(state.outcome, TONES[state.outcome])}")
    if event.duplicate:
        words.append(paint("came before", Tone.QUIET))
    return ", ".join([" ".join(words[:1]), *words[1:]])


def _length(painted: str) -> int:
    return len(_COLOUR.sub("", painted))
