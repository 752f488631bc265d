"""What comes in at the sandbox, as it is shown: a line for each message, and what is special."""

import re
import shlex
from typing import Any

from linksms_cli.sms import codes
from linksms_cli.sms.sandbox.message import Fate, ReportAttempt, SandboxMessage, SandboxReady
from linksms_cli.sms.sandbox.settings import BASE_PATH, SandboxSettings
from linksms_cli.sms.timestamp import rfc3339
from linksms_cli.views.code import tone_of
from linksms_cli.views.layout import Tone, indented, paint, shortened, time_of_day

# The columns of a line: the time, who to whom, how many parts; the text has what they leave.
_TIME, _PEOPLE, _PARTS, _RESULT = 9, 19, 7, 11
# Two full numbers with an arrow between them.
_MOST_PEOPLE = 35
_MARGIN = _TIME + 2


def as_record(event: SandboxReady | SandboxMessage) -> dict[str, Any]:
    """Return the JSON object of an event."""
    if isinstance(event, SandboxReady):
        return {"event": "ready", "url": event.url}
    return {"event": "message"} | event.record()


def ready(event: SandboxReady) -> str:
    """Return where it listens."""
    return f"Listening at {paint(event.url, Tone.STRONG)} (Ctrl-C ends it)"


def invitation(event: SandboxReady, settings: SandboxSettings) -> str:
    """Return how to send to it from another terminal, where to look, and what is not as usual."""
    account = settings.credentials
    words = {
        "LINKSMS_BASE_URL": _without_interface(event.url),
        "LINKSMS_SERVICE_ID": "1" if account is None else str(account.service_id),
        "LINKSMS_USERNAME": "any" if account is None else account.username,
        "LINKSMS_PASSWORD": "any" if account is None else "PASSWORD",
    }
    if event.open_to is not None and not _is_wildcard(event.open_to):
        words["LINKSMS_ALLOW_HTTP"] = "true"
    lines = [
        "No SMS leaves this machine. Try it from another terminal:",
        *(f"  {name}={shlex.quote(value)} \\" for name, value in words.items()),
        '  linksms send -t +99955501234 -f LINK "Hello"',
    ]
    if account is not None:
        lines.append("PASSWORD stands for the one of --credentials.")
    lines.append(f"See what comes in: {event.url.removesuffix(BASE_PATH)}/")
    if event.open_to is not None and _is_wildcard(event.open_to):
        lines.append(
            "From other machines, put this one's name into the URL and set LINKSMS_ALLOW_HTTP=true."
        )
    if settings.latency.most:
        lines.append(f"Each answer takes {settings.latency}.")
    if settings.dlr is None:
        lines.append("There are no delivery reports without --dlr-url.")
    return "\n".join(lines)


def exposure(event: SandboxReady, settings: SandboxSettings) -> str | None:
    """Return what others can do to a sandbox that they can reach, None if they cannot."""
    if event.open_to is None:
        return None
    admins = "this machine" if settings.access.token is None else "who has the admin token"
    return f"anyone who can reach this machine can send to it; only {admins} can read messages"


def _is_wildcard(host: str) -> bool:
    return host in {"0.0.0.0", "::"}  # noqa: S104 - what is looked for


def _without_interface(url: str) -> str:
    """Return a URL without the interface that an IPv6 address may name: no base URL may."""
    return re.sub(r"%[^]]*(?=])", "", url)


def message(received: SandboxMessage, width: int = 80) -> str:
    """Return a message in a line: when, who to whom, the text, its parts, the result.

    Below stand its id, what the number asked for, why it was refused, and every remark.
    """
    people = shortened(f"{received.source or '?'} → {received.destination or '?'}", _MOST_PEOPLE)
    people = f"{people:{_PEOPLE}}"
    room = width - _TIME - len(people) - _PARTS - _RESULT - 4 * 2
    cells = [
        time_of_day(rfc3339(received.received_at)),
        people,
        f"{_quoted(received.text, room):{room}}",
        f"{_parts(received.parts):{_PARTS}}",
        paint(_result(received), _tone(received)),
    ]
    lines = ["  ".join(cells)]
    if not _fits(received):
        why = received.effect if received.result_code is None else received.description
        lines += indented(why or "", _MARGIN, _tone(received), width)
    if received.message_id is not None:
        about = received.message_id
        if received.effect and received.result_code is not None:
            about += f"  {received.effect}"
        lines += indented(about, _MARGIN, Tone.QUIET, width)
    for remark in received.remarks:
        lines += indented(remark, _MARGIN, Tone.UNSURE, width)
    return "\n".join(lines)


def report(reported: ReportAttempt) -> str:
    """Return that a report has arrived."""
    words = f"report {reported.result_code} for {reported.report_id}"
    when = time_of_day(rfc3339(reported.at))
    return f"{when}  {paint(words, Tone.QUIET)}  {paint('received', Tone.GOOD)}"


def trouble(reported: ReportAttempt) -> str | None:
    """Return why a report has not arrived, the first time and when it is given up; else None."""
    why = reported.failure or f"HTTP {reported.status}"
    what = f"report {reported.result_code} for {reported.report_id}: {why}"
    if reported.fate is Fate.GIVEN_UP:
        return f"{what}; given up after {reported.attempt} attempts"
    return f"{what}; will retry" if reported.attempt == 1 else None


def _result(received: SandboxMessage) -> str:
    """Return the result in the room that a line has for it; what does not fit stands below."""
    if received.result_code is None:
        return "no answer"
    code = str(received.result_code)
    return f"{code} {received.description}" if _fits(received) else code


def _fits(received: SandboxMessage) -> bool:
    code, description = received.result_code, received.description
    return code is not None and len(f"{code} {description}") <= _RESULT


def _tone(received: SandboxMessage) -> Tone:
    if received.result_code is None:
        return Tone.UNSURE
    return tone_of(codes.explain(received.result_code))


def _parts(parts: int | None) -> str:
    if parts is None:
        return "no text"
    return "1 part" if parts == 1 else f"{parts} parts"


def _quoted(text: str | None, room: int) -> str:
    return "" if text is None else f'"{shortened(text, room - 2)}"'
