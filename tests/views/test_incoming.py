"""An incoming message as it is shown."""

from dataclasses import replace
from typing import Any

from linksms_cli.sms.text.ansi import stripped
from linksms_cli.views import incoming as view
from tests.sms.dlr.test_incoming import MESSAGE


def shown(width: int = 80, *, duplicate: bool = False, **changes: Any) -> list[str]:
    lines = view.as_lines(replace(MESSAGE, **changes), duplicate, width)
    return [stripped(line) for line in lines]


def test_it_says_from_whom_it_came_and_what_it_says() -> None:
    assert shown() == [
        "+99955501234 to 2333  no.telenor",
        "STOP & go",
        "2",
        "Dcshuhod0PMAAAFQ+/PbnR3x",
    ]


def test_its_id_is_beside_the_point() -> None:
    assert view.as_lines(MESSAGE, False, 80)[-1] == "\x1b[2mDcshuhod0PMAAAFQ+/PbnR3x\x1b[0m"


def test_a_text_keeps_its_lines_and_fits_the_page() -> None:
    assert shown(20, message_id="abc", content="one two three four five\n\nsix\x1b[1m")[1:-1] == [
        "one two three four",
        "five",
        "",
        "six\\x1b[1m",
    ]


def test_what_nobody_said_is_said_to_be_unknown() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("message_id", "source", "destination", "operator"))
    assert shown(content="STOP", **nothing) == ["an unknown sender to ?", "STOP", "no id"]


def test_what_came_before_is_said_to_have() -> None:
    assert shown(duplicate=True)[-1].endswith(", came before")


def test_no_more_of_a_text_is_shown_than_an_sms_can_have() -> None:
    assert sum(map(len, shown(content="x" * 3000)[1:-1])) == 2000
