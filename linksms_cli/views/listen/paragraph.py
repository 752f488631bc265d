"""What a receiver tells, as a person reads it: a paragraph of two or three lines for a report."""

import re

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
