"""What a receiver tells, as a person reads it."""

import re
from dataclasses import replace

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.dlr.receiving import (
    Ending,
    ReceivedReport,
    ReceiverStopped,
    reported,
)
from linksms_cli.sms.dlr.tally import fold
from linksms_cli.sms.outcome import Outcome
from linksms_cli.views.listen import paragraph as view
from linksms_cli.views.listen.instructions import instructions
from tests.reporting import parsed

AT = "2026-07-01T09:37:36.000Z"


def received(*, duplicate: bool = False, **changes: object) -> ReceivedReport:
    read = parsed(**changes)
    return ReceivedReport(
        number=1,
        report=read,
        received_at=AT,
        remote="192.0.2.1",
        duplicate=duplicate,
        delivery=fold([reported(read, AT)], None),
    )


def shown(event: ReceivedReport, width: int = 80) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", view.as_text(event, width))
    return re.sub(r"^\d\d:\d\d:\d\dZ", "HH:MM:SSZ", plain)


def test_a_report_is_two_lines_where_all_is_well() -> None:
    assert shown(received(id="abc")) == (
        "HH:MM:SSZ  delivered  +99955501234  no.telenor  1001 Billed and delivered\n           abc"
    )
    assert shown(received(id="abc$1", segments=3, duplicate=True)).splitlines()[1] == (
        "           abc, part 2 of 3, message pending, came before"
    )
    assert shown(received(id="abc$1", segments=None)).splitlines()[1] == (
        "           abc, part 2, message pending"
    )


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("code", [1001, 1005, 1009, 1010, 2001, 2104, 7777])
def test_no_line_is_wider_than_the_terminal(code: int, width: int) -> None:
    lines = shown(received(resultCode=code), width).splitlines()
    assert max(map(len, lines)) <= width
    assert str(code) in " ".join(lines)


def test_the_colour_says_what_became_of_it() -> None:
    tones = {1001: "32", 2104: "31", 1010: "33", 1005: "36"}
    for code, tone in tones.items():
        assert f"\x1b[{tone}m" in view.as_text(received(resultCode=code)).splitlines()[0]


def test_what_comes_from_outside_cannot_command_the_terminal() -> None:
    event = received(
        id="a\u202eb", operator="no\x1b[2Jtel", customParameters={"destination": "\x07"}
    )
    text = re.sub(r"\x1b\[[0-9;]*m", "", view.as_text(event))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_the_end_says_why() -> None:
    stopped = ReceiverStopped(why=Ending.FINAL, exit_code=ExitCode.REJECTED, outcome=Outcome.FAILED)
    assert view.ending(stopped) == "Stopped: the message is \x1b[31mfailed\x1b[0m."
    timeout = replace(stopped, why=Ending.TIMEOUT, outcome=None)
    assert view.ending(timeout) == "Stopped: time is up."
    assert view.ending(replace(timeout, why=Ending.SIGNAL)) == "Stopped."


def test_what_link_support_needs_names_no_secret() -> None:
    said = instructions(
        "http://192.0.2.1:8080/dlr",
        local=False,
        reply="<ok/>",
        shown=["Basic auth as link, and the password"],
    )
    assert said == (
        "What LINK Support needs to know:\n"
        "  URL     http://192.0.2.1:8080/dlr\n"
        "  Format  JSON; XML, form and query string are read too, by POST or GET\n"
        "  Answer  200, with the body <ok/>\n"
        "  Shows   Basic auth as link, and the password"
    )
