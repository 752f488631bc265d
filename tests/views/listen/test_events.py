"""What a receiver tells besides reports, to a person and to a program: whole texts and records."""

import re
from typing import Any

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.receiving import (
    CertificateRead,
    DeniedCaller,
    Ending,
    ReceivedMessage,
    ReceivedReport,
    ReceiverReady,
    ReceiverStopped,
    ReportForwarded,
    UnmatchedRequest,
    UnreadableCallback,
)
from linksms_cli.sms.dlr.report import Format
from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import forwards
from linksms_cli.views.listen import paragraph as view
from linksms_cli.views.listen.instructions import instructions
from linksms_cli.views.listen.record import as_record
from tests.views.listen.test_paragraph import AT
from tests.views.listen.test_paragraph import received as any_received

IN_UTC = pytest.mark.parametrize("zone", ["UTC"], indirect=True)
IN_TOKYO = pytest.mark.parametrize("zone", ["Asia/Tokyo"], indirect=True)

INCOMING = IncomingMessage(
    message_id="mo1",
    source="+99955501234",
    destination="2333",
    content="STOP\n\nnow",
    operator="no.telenor",
    timestamp=AT,
    gate_custom_parameters={},
    custom_parameters={"a": "b"},
    format=Format.JSON,
)
UNREADABLE = UnreadableCallback(
    number=12,
    fault="it is not JSON",
    received_at=AT,
    remote="192.0.2.1",
    method="POST",
    content_type="application/json",
    size=1234,
    excerpt="{\x1b[31m",
)
DENIED = DeniedCaller(remote="192.0.2.1", reason="credentials", received_at=AT)


def text(event: Any, width: int = 80) -> list[str]:
    return stripped(view.as_text(event, width)).splitlines()


def incoming(duplicate: bool = False, **changes: Any) -> ReceivedMessage:
    message = IncomingMessage(
        **({name: getattr(INCOMING, name) for name in INCOMING.__slots__} | changes)
    )
    return ReceivedMessage(3, message, AT, "192.0.2.1", duplicate)


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_an_incoming_message_stands_in_one_column() -> None:
    assert text(incoming()) == [
        "09:37:36Z  incoming   +99955501234 to 2333  no.telenor",
        *("           STOP", "           ", "           now"),
        "           mo1",
    ]
    bare = incoming(True, message_id=None, source=None, destination=None, operator=None, content="")
    assert text(bare) == [
        "09:37:36Z  incoming   an unknown sender to ?",
        "           no id, came before",
    ]


def test_an_incoming_message_is_a_record() -> None:
    assert as_record(incoming()) == {
        "event": "incoming",
        "message_id": "mo1",
        "source": "+99955501234",
        "destination": "2333",
        "content": "STOP\n\nnow",
        "operator": "no.telenor",
        "timestamp": AT,
        "gate_custom_parameters": {},
        "custom_parameters": {"a": "b"},
        "format": Format.JSON,
        "received_at": AT,
        "remote": "192.0.2.1",
        "duplicate": False,
    }


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_what_cannot_be_read_says_where_all_of_it_is() -> None:
    assert text(UNREADABLE) == [
        "09:37:36Z  unreadable  1234 bytes from 192.0.2.1, stored as number 12",
        "           it is not JSON",
        "           {\\x1b[31m",
        "           All of it: linksms listen --raw 12",
    ]
    assert as_record(UNREADABLE) == {
        "event": "unreadable",
        "reason": "it is not JSON",
        "number": 12,
        "method": "POST",
        "content_type": "application/json",
        "size": 1234,
        "excerpt": "{\x1b[31m",
        "received_at": AT,
        "remote": "192.0.2.1",
    }


@IN_UTC
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("address", "its address is not allowed"),
        ("credentials", "no password, or a wrong one"),
        ("header", "without the header that is required"),
        ("tls", "no TLS connection"),
        ("tls: no shared cipher: x", "no TLS connection (no shared cipher: x)"),
        ("something new", "something new"),
    ],
)
def test_whoever_is_denied_is_told_with_the_reason(reason: str, said: str) -> None:
    event = DeniedCaller(remote="192.0.2.1", reason=reason, received_at=AT)
    assert text(event) == [f"09:37:36Z  denied  192.0.2.1: {said}"]
    assert as_record(event) == {
        "event": "denied",
        "remote": "192.0.2.1",
        "reason": reason,
        "received_at": AT,
    }


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_another_path_is_named() -> None:
    event = UnmatchedRequest(remote="192.0.2.1", method="GET", path="/\x1b[31m", received_at=AT)
    assert text(event) == [
        "09:37:36Z  unmatched  192.0.2.1 asked for GET /\\x1b[31m, which is not the path of reports"
    ]
    assert as_record(event) == {
        "event": "unmatched",
        "remote": "192.0.2.1",
        "method": "GET",
        "path": "/\x1b[31m",
        "received_at": AT,
    }


@IN_TOKYO
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("until", "said"), [(None, ""), ("2027-01-02T03:04:05Z", ", valid until 2027-01-02")]
)
def test_a_certificate_says_how_long_it_holds(until: str | None, said: str) -> None:
    event = CertificateRead(valid_until=until, read_at=AT)
    assert text(event) == [f"18:37:36+09:00  the certificate was read again{said}"]
    assert as_record(event) == {"event": "certificate", "valid_until": until, "read_at": AT}


def test_it_says_where_it_listens() -> None:
    ready = ReceiverReady(url="http://127.0.0.1:8080/dlr")
    assert text(ready) == ["Listening at http://127.0.0.1:8080/dlr (Ctrl-C ends it)"]
    assert as_record(ready) == {"event": "ready", "url": "http://127.0.0.1:8080/dlr"}


@pytest.mark.parametrize(
    ("why", "word"),
    [
        (Ending.SIGNAL, "signal"),
        (Ending.TIMEOUT, "timeout"),
        (Ending.FINAL, "until-final"),
        (Ending.ENOUGH, "exit-after"),
    ],
)
def test_the_end_is_a_record_with_its_reason(why: Ending, word: str) -> None:
    stopped = ReceiverStopped(why=why, exit_code=ExitCode.DONE)
    assert as_record(stopped) == {"event": "stopped", "reason": word}


@IN_TOKYO
@pytest.mark.usefixtures("zone")
def test_a_day_is_that_of_the_clock_on_the_wall() -> None:
    assert view.day_of(incoming()._replace(received_at="2026-07-01T15:00:00.000Z")) == "2026-07-02"
    assert view.day_of(incoming()._replace(received_at="in the evening")) == "in the ev…"


def received(code: int, *, duplicate: bool = False, **changes: Any) -> ReceivedReport:
    """Return a report with that code, of the message abc."""
    return any_received(resultCode=code, duplicate=duplicate, **({"id": "abc"} | changes))


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_a_failure_says_what_to_do() -> None:
    assert text(received(2104)) == [
        "09:37:36Z  failed     +99955501234  no.telenor  2104 Unknown subscriber",
        "           abc",
        "           not delivered, not billed, final, 1 of 1 parts reported",
        "  Meaning  No subscriber is known under this number.",
        "  Next     Check the number. If it is right, it may no longer be in use: take it",
        "           off the list.",
        "  Resend   Pointless: nothing was delivered or billed, and it would fail again.",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_a_failure_that_came_before_says_what_the_code_means() -> None:
    assert text(received(2104, duplicate=True)) == [
        "09:37:36Z  failed     +99955501234  no.telenor  2104 Unknown subscriber",
        "           abc, came before",
        "           No subscriber is known under this number.",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_what_stays_unknown_says_what_to_do() -> None:
    assert text(received(1010)) == [
        "09:37:36Z  unknown    +99955501234  no.telenor  1010 Expired, generated by LINK",
        "           abc",
        "           delivery unknown, billing unknown, final, 1 of 1 parts reported",
        "  Meaning  LINK itself declared the message expired. Whether the message was",
        "           delivered or billed is unknown.",
        "  Next     linksms status abc says what was seen, and what to do now.",
        "  Resend   Not blindly: it may have been delivered or billed already.",
    ]
    assert text(received(1010, duplicate=True))[1:] == [
        "           abc, came before",
        "           LINK itself declared the message expired. Whether the message was",
        "           delivered or billed is unknown.",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_a_code_that_nobody_knows_says_so() -> None:
    assert text(received(7777)) == [
        "09:37:36Z  pending    +99955501234  no.telenor  7777 not a known code",
        "           abc",
        "           Unknown code: it is in neither guide 5.1 nor any older client. It may",
        "           mean success or failure, so it counts as neither.",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_a_part_says_how_the_message_stands() -> None:
    assert text(received(1001, id="abc$0", segments=2)) == [
        "09:37:36Z  delivered  +99955501234  no.telenor  1001 Billed and delivered",
        "           abc, part 1 of 2, message pending",
    ]
    assert text(received(1001, id="abc$0", segments=1))[1] == (
        "           abc, part 1 of 1, message delivered"
    )
    assert text(received(1001, segments=2))[1] == "           abc, message delivered"


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_what_a_report_does_not_say_is_left_out() -> None:
    assert text(received(1001, operator=None, customParameters={})) == [
        "09:37:36Z  delivered  1001 Billed and delivered",
        "           abc",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(("operator", "lines"), [("o" * 17, 2), ("o" * 18, 3)])
def test_the_words_of_a_code_stand_beside_it_if_they_fit(operator: str, lines: int) -> None:
    shown = text(received(1001, operator=operator))
    assert len(shown) == lines
    assert max(map(len, shown)) <= 80


def test_a_report_is_a_record() -> None:
    assert as_record(received(1001, id="abc$1", segments=2)) == {
        "event": "report",
        "id": "abc$1",
        "message_id": "abc",
        "part": 1,
        "result_code": 1001,
        "description": "Billed and delivered",
        "final": True,
        "delivered": "yes",
        "billed": "yes",
        "retry": "done",
        "operator": "no.telenor",
        "operator_result_code": "2",
        "segments": 2,
        "ref_id": None,
        "source": "2333",
        "destination": "+99955501234",
        "sent_timestamp": "2026-07-01T09:37:35Z",
        "timestamp": "2026-07-01T09:37:36Z",
        "gate_custom_parameters": {},
        "custom_parameters": {"source": "2333", "destination": "+99955501234"},
        "format": "json",
        "received_at": AT,
        "remote": "192.0.2.1",
        "duplicate": False,
        "message": {
            "outcome": "pending",
            "final": False,
            "parts_expected": 2,
            "parts_reported": 1,
        },
    }


@pytest.mark.parametrize(
    ("reply", "said"),
    [(None, "with an empty body"), ("", "with an empty body"), ("a\nb", "with the body a\\x0ab")],
)
def test_what_link_support_needs_to_know_of_a_local_receiver(reply: str | None, said: str) -> None:
    assert instructions("http://127.0.0.1:8080/dlr", local=True, reply=reply, shown=[]) == (
        "What LINK Support needs to know:\n"
        "  URL     http://127.0.0.1:8080/dlr\n"
        "          Only this machine can reach that URL: give them the URL of the proxy\n"
        "          or tunnel that leads here.\n"
        "  Format  JSON; XML, form and query string are read too, by POST or GET\n"
        f"  Answer  200, {said}"
    )


FORWARDED = ReportForwarded(
    target="https://example.org",
    number=3,
    id="abc",
    webhook_id="msg_1",
    attempt=1,
    status=204,
    elapsed_ms=5,
    forwarded_at=AT,
)


def test_what_was_forwarded_is_told_as_everywhere() -> None:
    assert view.as_text(FORWARDED) == forwards.as_text(FORWARDED)
    assert as_record(FORWARDED) == forwards.as_record(FORWARDED)


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_an_incoming_message_stays_within_the_width() -> None:
    lines = text(incoming(content="one two three four five six"), 40)
    assert lines[1:3] == ["           one two three four five six", "           mo1"]
    assert text(incoming(content="one two three four five six"), 37)[1:3] == [
        "           one two three four five",
        "           six",
    ]


@IN_UTC
@pytest.mark.usefixtures("zone")
def test_words_that_do_not_fit_stand_below_with_the_rest() -> None:
    assert text(received(1001, operator="o" * 18)) == [
        f"09:37:36Z  delivered  +99955501234  {'o' * 18}",
        "           1001 Billed and delivered",
        "           abc",
    ]


def test_colours_say_how_good_news_is() -> None:
    tones: dict[str, list[Any]] = {
        "33": [UNREADABLE, UnmatchedRequest(remote="", method="", path="", received_at=AT)],
        "31": [DENIED],
        "1": [incoming(), ReceiverReady(url="u")],
    }
    for tone, events in tones.items():
        for event in events:
            assert re.findall("\x1b\\[([0-9]+)m", view.as_text(event))[0] == tone
    assert "\x1b[33mit is not JSON\x1b[0m" in view.as_text(UNREADABLE)
    assert "\x1b[2m{\\x1b[31m\x1b[0m" in view.as_text(UNREADABLE)
    assert "\x1b[2mUnknown code" in view.as_text(received(7777))
