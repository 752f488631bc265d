"""The short way to read a report leads where the long one does, or nowhere."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linksms_cli.sms.dlr import plain, reading
from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.reading import Content
from tests.reporting import REPORT, report


def long_way(body: bytes, content_type: str | None = None) -> tuple[Content, ...] | None:
    try:
        return reading.read(body=body, content_type=content_type)
    except UnreadableError:
        return None


@pytest.mark.parametrize(
    "body",
    [
        report(),
        report(operator=None, operatorResultCode=None, resultCode=2106),
        report(id="abc$1", segments=2, refId="7"),
        report(customParameters={"a": [1, {"b": None}], "Source": 7}),
        report(gateCustomParameters={"a": 1}, customParameters={"source": "null"}),
        report(customParameters={"source": 1, "destination": "NULL"}),
        report(gateCustomParameters=None, customParameters={"key": "a", "value": "b"}),
        report(timestamp="2026-07-01T11:37:36+0200", sentTimestamp="yesterday", operator=""),
        json.dumps(REPORT, indent=2).encode() + b"\r\n",
        b'{"id":"a","resultCode":1001}',
    ],
)
def test_what_link_sends_takes_the_short_way(body: bytes) -> None:
    short = plain.read(body)
    assert short is not None
    assert (short,) == long_way(body) == long_way(body, "application/json; charset=utf-16")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["null", "1001", "2026-07-01 09:37:36Z", "a$1", "a$256", " ", "\x00", "é"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "Key", "source", "Destination", "name"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
FIELDS = st.dictionaries(
    st.sampled_from([*REPORT, "ID", "resultcode", "source", "content", "destination"])
    | st.text(max_size=3),
    VALUES,
    max_size=4,
)


PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "id": st.text("ab$0123 \x00", min_size=1, max_size=6),
        "resultCode": st.integers(-(10**10), 10**10),
        "operator": st.none() | st.text(max_size=3) | st.just("null"),
        "timestamp": st.none() | st.sampled_from(["", "2026-07-01 11:37:36+0200", "now"]),
        "segments": st.none() | st.integers(),
        "gateCustomParameters": st.none() | st.just({}),
        "customParameters": st.dictionaries(
            st.sampled_from(["key", "value", "Key", "source", "Destination", "name"]),
            VALUES,
            max_size=3,
        ),
    },
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Draw a report that is changed in its fields, or in its bytes."""
    fields: dict[str, Any] = REPORT | draw(PLAIN) | draw(st.just({}) | FIELDS)
    for name in draw(st.sets(st.sampled_from(list(REPORT)), max_size=2)):
        fields.pop(name, None)
    body = json.dumps(fields, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(body)))
        skipped = draw(st.integers(0, 3))
        inserted = draw(st.binary(max_size=3) | st.sampled_from([b"{", b"\\n", b",", b'""+', b"]"]))
        body = body[:place] + inserted + body[place + skipped :]
    return body + draw(st.just(b"") | st.sampled_from([b"\n", b"\0", b" {}", b",", b"\x0b"]))


@given(bodies())
@example(b'{"id":"a","id":"b","resultCode":1,"resultCode":2}')
@example(b'{"id":"a","resultCode":1,"operator":NaN}')
@example(b'{"id":"a","resultCode":1,"x":' + b"[" * 90 + b"]" * 90 + b"}")
@example(b'{"id":"a","resultCode":1,"customParameters":' + b'{"x":' * 16 + b"1" + b"}" * 17)
@example(b'{"id":"a","resultCode":1,"customParameters":{"x":' + b"[" * 15 + b"]" * 15 + b"}}")
@example(b'{"id":"a","resultCode":1,"mccmnc":"24201"}')
@example(b'{"id":"","resultCode":1}')
@example(b'{"id":" ","resultCode":1}')
@example(b'{"id":"a\x01","resultCode":1}')
@example(b'{"id":"a","resultCode":' + b"9" * 5000 + b"}")
@example(b"{" * 60_000)
@settings(max_examples=1000)
def test_the_short_way_leads_where_the_long_one_does(body: bytes) -> None:
    short = plain.read(body)
    if short is not None:
        assert (short,) == long_way(body)
