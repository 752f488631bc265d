"""What the sandbox tells of a message and of its reports, field by field."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from linksms_cli.sms.sandbox.message import Fate, ReportAttempt, SandboxMessage, SeenRequest
from linksms_cli.sms.text.segments import Encoding

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MESSAGE = SandboxMessage(
    serial=1,
    received_at=NOW,
    parameters={"Source": "LINK", "Destination": "+99955500001", "Userdata": "Hej – då"},
    encoding=Encoding.UCS2,
    parts=1,
    result_code=1005,
    description="Queued",
    message_id="id",
    effect=None,
    remarks=("a remark",),
)
ATTEMPT = ReportAttempt(
    serial=1,
    place=0,
    at=NOW,
    report_id="id",
    result_code=1001,
    attempt=2,
    fate=Fate.DELIVERED,
    status=200,
    failure=None,
)


@pytest.mark.parametrize(
    ("attempt", "changes"),
    [
        (ATTEMPT, {}),
        (
            replace(ATTEMPT, result_code=2104, fate=Fate.WAITING, status=None, failure="refused"),
            {
                "result_code": 2104,
                "description": "Unknown subscriber",
                "delivered": "no",
                "fate": "waiting",
                "status": None,
                "failure": "refused",
            },
        ),
    ],
)
def test_a_report_has_what_its_code_says_and_what_became_of_it(
    attempt: ReportAttempt, changes: dict[str, object]
) -> None:
    assert (
        attempt.record()
        == {
            "id": "id",
            "result_code": 1001,
            "description": "Billed and delivered",
            "final": True,
            "delivered": "yes",
            "fate": "delivered",
            "attempts": 2,
            "at": "2026-01-02T03:04:05.000Z",
            "status": 200,
            "failure": None,
        }
        | changes
    )


def test_a_story_has_all_that_is_known() -> None:
    request = SeenRequest(
        method="POST", target="/?Password=***", headers=(("host", "h"),), body_length=3
    )
    assert replace(MESSAGE, request=request).story() == {
        "serial": 1,
        "received_at": "2026-01-02T03:04:05.000Z",
        "to": "+99955500001",
        "from": "LINK",
        "text": "Hej – då",
        "encoding": "UCS-2",
        "parts": 1,
        "result_code": 1005,
        "description": "Queued",
        "message_id": "id",
        "effect": None,
        "remarks": ["a remark"],
        "parameters": MESSAGE.parameters,
        "final": False,
        "delivered": "no",
        "part_texts": ["Hej – då"],
        "non_gsm": [{"char": "–", "code_point": "U+2013", "name": "EN DASH", "count": 1}],
        "request": {
            "method": "POST",
            "target": "/?Password=***",
            "headers": [["host", "h"]],
            "body_length": 3,
        },
    }


def test_what_an_answer_or_a_text_does_not_say_is_left_open() -> None:
    # An answer without a result code, and a text that was refused before it was cut.
    story = replace(MESSAGE, result_code=None, effect="HTTP 500", parts=None).story()
    names = ("final", "delivered", "part_texts", "request", "effect")
    assert [story[name] for name in names] == [None, None, [], None, "HTTP 500"]
    bare = replace(MESSAGE, parameters={}, parts=None).story()
    names = ("to", "from", "text", "part_texts", "non_gsm")
    assert [bare[name] for name in names] == [None, None, None, [], []]
