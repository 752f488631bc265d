"""A request that a receiver has stored, as `listen --show` prints it."""

from linksms_cli.sms.dlr.receiving import Callback
from linksms_cli.views import request as view

POSTED = Callback(
    received_at="2026-11-26T09:00:06.000Z",
    remote="192.0.2.1",
    method="POST",
    query="token=x",
    headers=(("content-type", "application/json"), ("x-y", "a\x1b[1m")),
    body=b'{"id": "a"}\n\xff\x1b[2J',
    contents=(),
)


def test_it_says_where_it_came_from_and_what_it_says_of_itself() -> None:
    assert view.about(POSTED) == (
        "POST from 192.0.2.1 at 2026-11-26T09:00:06.000Z, 17 bytes, query token=x\n"
        "content-type: application/json\n"
        "x-y: a\\x1b[1m"
    )
    assert view.about(POSTED._replace(body=b"x", query="", headers=())) == (
        "POST from 192.0.2.1 at 2026-11-26T09:00:06.000Z, 1 byte"
    )


def test_a_query_alone_is_what_came() -> None:
    asked = POSTED._replace(method="GET", body=b"", query="id=a&resultCode=1001", headers=())
    assert view.about(asked) == "GET from 192.0.2.1 at 2026-11-26T09:00:06.000Z, no body"
    assert view.as_text(asked) == "id=a&resultCode=1001"


def test_a_terminal_sees_bytes_and_obeys_none() -> None:
    assert view.as_text(POSTED) == '{"id": "a"}\n\\xff\\x1b[2J'


def test_the_record_has_every_byte() -> None:
    assert view.as_record(7, POSTED) == {
        "number": 7,
        "received_at": "2026-11-26T09:00:06.000Z",
        "remote": "192.0.2.1",
        "method": "POST",
        "query": "token=x",
        "headers": {"content-type": "application/json", "x-y": "a\x1b[1m"},
        "body_base64": "eyJpZCI6ICJhIn0K/xtbMko=",
    }
