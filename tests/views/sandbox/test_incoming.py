"""What a person sees of the sandbox."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linksms_cli.sms.sandbox.message import Fate, ReportAttempt, SandboxMessage, SandboxReady
from linksms_cli.sms.sandbox.settings import (
    Access,
    Credentials,
    Latency,
    ReportTarget,
    SandboxSettings,
)
from linksms_cli.sms.text.segments import Encoding
from linksms_cli.views.sandbox import incoming as view

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
RECEIVED = SandboxMessage(
    serial=1,
    received_at=NOW,
    parameters={"Source": "LINK", "Destination": "+99955501234", "Userdata": "Hej på dig"},
    encoding=Encoding.GSM7,
    parts=1,
    result_code=1005,
    description="Queued",
    message_id="a+b/c==",
    effect=None,
    remarks=(),
)
REPORTED = ReportAttempt(
    serial=1,
    place=0,
    at=NOW,
    report_id="a+b/c==$0",
    result_code=1001,
    attempt=1,
    fate=Fate.DELIVERED,
    status=200,
    failure=None,
)


def plain(text: str | None) -> list[str]:
    """The lines without their colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", text or "").splitlines()


def test_a_message_is_a_line_with_its_id_below() -> None:
    assert plain(view.message(RECEIVED)) == [
        '03:04:05Z  LINK → +99955501234  "Hej på dig"                1 part   1005 Queued',
        "           a+b/c==",
    ]


def test_a_long_text_is_shortened_and_the_line_keeps_its_width() -> None:
    long = replace(
        RECEIVED,
        parameters={
            "Source": "+123456789012345",
            "Destination": "+123456789012345",
            "Userdata": "\x1b[31m" + "x" * 10_000,
        },
        parts=66,
    )
    assert plain(view.message(long, 80))[0] == (
        '03:04:05Z  +123456789012345 → +123456789012345  "\\x1b[31…"  66 parts  1005 Queued'
    )
    assert len(plain(view.message(replace(long, parts=9), 80))[0]) == 80


def test_a_refusal_says_why_below() -> None:
    refused = replace(
        RECEIVED,
        parameters={},
        parts=None,
        result_code=2000,
        description="Invalid source, the specified source number or Alpha is invalid: "
        "Source is missing",
        message_id=None,
        remarks=("GET is not in the guide: it says POST",),
    )
    assert plain(view.message(refused)) == [
        "03:04:05Z  ? → ?                                            no text  2000",
        "           Invalid source, the specified source number or Alpha is invalid:",
        "           Source is missing",
        "           GET is not in the guide: it says POST",
    ]


def test_a_magic_number_says_what_it_does() -> None:
    accepted = replace(RECEIVED, effect="report 2104")
    assert plain(view.message(accepted))[1:] == ["           a+b/c==  report 2104"]
    cut = replace(
        RECEIVED, result_code=None, description=None, effect="taken, but the answer is cut off"
    )
    assert plain(view.message(cut)) == [
        '03:04:05Z  LINK → +99955501234  "Hej på dig"                1 part   no answer',
        "           taken, but the answer is cut off",
        "           a+b/c==",
    ]


@pytest.mark.parametrize(
    ("code", "sgr"), [(1005, "36"), (1001, "32"), (2104, "31"), (7777, "33"), (None, "33")]
)
def test_a_result_has_the_colour_of_its_certainty(code: int | None, sgr: str) -> None:
    shown = view.message(replace(RECEIVED, result_code=code, description="x"))
    assert re.findall("\x1b\\[([0-9]+)m", shown)[0] == sgr


def test_a_report_is_told_on_arrival() -> None:
    assert plain(view.report(REPORTED)) == ["03:04:05Z  report 1001 for a+b/c==$0  received"]


def test_a_failing_report_is_told_at_its_first_failure_and_at_its_last() -> None:
    failed = replace(REPORTED, fate=Fate.WAITING, status=500)
    assert view.trouble(failed) == "report 1001 for a+b/c==$0: HTTP 500; will retry"
    assert view.trouble(replace(failed, attempt=2)) is None
    given_up = replace(failed, fate=Fate.GIVEN_UP, attempt=100, status=None, failure="no such host")
    assert view.trouble(given_up) == (
        "report 1001 for a+b/c==$0: no such host; given up after 100 attempts"
    )


def test_it_says_where_it_listens_and_how_to_send_to_it() -> None:
    event = SandboxReady(url="http://127.0.0.1:8025/smscsimplehttp")
    assert plain(view.ready(event)) == [
        "Listening at http://127.0.0.1:8025/smscsimplehttp (Ctrl-C ends it)"
    ]
    reported = SandboxSettings(dlr=ReportTarget(url="http://127.0.0.1:8080/dlr"))
    assert view.invitation(event, reported) == (
        """\
No SMS leaves this machine. Try it from another terminal:
  LINKSMS_BASE_URL=http://127.0.0.1:8025/smscsimplehttp \\
  LINKSMS_SERVICE_ID=1 \\
  LINKSMS_USERNAME=any \\
  LINKSMS_PASSWORD=any \\
  linksms send -t +99955501234 -f LINK "Hello"
See what comes in: http://127.0.0.1:8025/"""
    )


def test_it_says_what_is_not_as_usual() -> None:
    event = SandboxReady(url="http://192.0.2.1:8025/smscsimplehttp", open_to="192.0.2.1")
    said = view.invitation(
        event,
        SandboxSettings(
            credentials=Credentials(service_id=7, username="o'neill", password="s3cret"),
            latency=Latency(least=0.02, most=0.2),
        ),
    )
    assert "s3cret" not in said
    assert said.splitlines()[2:6] == [
        "  LINKSMS_SERVICE_ID=7 \\",
        "  LINKSMS_USERNAME='o'\"'\"'neill' \\",
        "  LINKSMS_PASSWORD=PASSWORD \\",
        "  LINKSMS_ALLOW_HTTP=true \\",
    ]
    assert said.splitlines()[7:] == [
        "PASSWORD stands for the one of --credentials.",
        "See what comes in: http://192.0.2.1:8025/",
        "Each answer takes 20 to 200 ms.",
        "There are no delivery reports without --dlr-url.",
    ]


def test_records() -> None:
    assert view.as_record(SandboxReady(url="u")) == {"event": "ready", "url": "u"}
    assert view.as_record(RECEIVED) == {
        "event": "message",
        "serial": 1,
        "received_at": "2026-01-02T03:04:05.678Z",
        "to": "+99955501234",
        "from": "LINK",
        "text": "Hej på dig",
        "encoding": "GSM-7",
        "parts": 1,
        "result_code": 1005,
        "description": "Queued",
        "message_id": "a+b/c==",
        "effect": None,
        "remarks": [],
        "parameters": {
            "Source": "LINK",
            "Destination": "+99955501234",
            "Userdata": "Hej på dig",
        },
    }


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing listens
def test_a_sandbox_that_is_open_to_all_says_how_to_reach_it(host: str) -> None:
    event = SandboxReady(url="http://127.0.0.1:8025/smscsimplehttp", open_to=host)
    lines = view.invitation(event, SandboxSettings()).splitlines()
    assert "  LINKSMS_ALLOW_HTTP=true \\" not in lines
    assert lines[-2] == (
        "From other machines, put this one's name into the URL and set LINKSMS_ALLOW_HTTP=true."
    )


def test_a_base_url_names_no_interface() -> None:
    event = SandboxReady(url="http://[fe80::1%eth0]:8025/smscsimplehttp", open_to="fe80::1%eth0")
    lines = view.invitation(event, SandboxSettings()).splitlines()
    assert lines[1] == "  LINKSMS_BASE_URL='http://[fe80::1]:8025/smscsimplehttp' \\"
    assert not any(line.startswith("From other machines") for line in lines)


def test_it_says_what_others_can_do() -> None:
    local = SandboxReady(url="u")
    reached = SandboxReady(url="u", open_to="192.0.2.1")
    secured = SandboxSettings(access=Access(token="s3cret"))
    said = "anyone who can reach this machine can send to it; only {} can read messages"
    assert view.exposure(local, SandboxSettings()) is None
    assert view.exposure(reached, SandboxSettings()) == said.format("this machine")
    assert view.exposure(reached, secured) == said.format("who has the admin token")


def test_an_answer_that_stays_away_without_a_word_is_a_line() -> None:
    silent = replace(RECEIVED, result_code=None, description=None, message_id=None)
    assert len(plain(view.message(silent))) == 1


def test_below_a_message_each_line_has_its_colour() -> None:
    odd = replace(RECEIVED, result_code=2104, description="Unknown subscriber", remarks=("odd",))
    assert view.message(odd).splitlines()[1:] == [
        "           \x1b[31mUnknown subscriber\x1b[0m",
        "           \x1b[2ma+b/c==\x1b[0m",
        "           \x1b[33modd\x1b[0m",
    ]
