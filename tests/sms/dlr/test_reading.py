"""What a request holds is read from whatever shape it comes in, or said to be unreadable."""

import gzip
import json
import tracemalloc
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linksms_cli.sms.dlr import reading
from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.reading import MAX_BYTES, Content, Unreadable, read_callback
from linksms_cli.sms.dlr.report import Format, Report
from tests.shapes import (
    CUSTOM,
    DELIVERED,
    EXPECTED,
    FIELDS,
    IN_PARTS,
    JSON,
    MULTIPART,
    PAIRS,
    PLAIN,
    PLAIN_XML,
    XML,
    changed,
    form,
    parts,
    read,
    without,
)


def test_the_body_is_read_before_the_query() -> None:
    assert read(body=changed(), query="token=secret") == EXPECTED
    assert read(body=b"ping", query="id=a&resultCode=1000").format is Format.QUERY


def test_an_unreadable_body_is_named_even_beside_an_unreadable_query() -> None:
    with pytest.raises(UnreadableError, match="neither JSON nor XML nor key-value pairs"):
        read(body=b"ping", query="token=secret")


def test_a_callback_is_read_with_all_that_came_with_it() -> None:
    query, content_type = "id=a&resultCode=1", "text/plain; charset=koi8-r"
    assert read_callback(body=b"ping", query=query, content_type=None) == (
        read(body=b"", query=query),
    )
    (named,) = read_callback(
        body=f"{query}&operator=Билайн".encode("koi8-r"), query="", content_type=content_type
    )
    assert isinstance(named, Report)
    assert named.operator == "Билайн"
    assert read_callback(body=b"ping", query="", content_type=None) == (
        Unreadable(fault="neither JSON nor XML nor key-value pairs"),
    )


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\0", b"\n\0"])
def test_a_body_that_holds_nothing_leaves_it_to_the_query(body: bytes) -> None:
    report = read(body=body, query="id=a&resultCode=1&operator=\ud800")
    assert (report.format, report.id, report.operator) == (Format.QUERY, "a", "?")


def numbered(count: int = 3) -> list[dict[str, Any]]:
    return [FIELDS | {"id": f"m{number}"} for number in range(count)]


def numbered_xml(count: int = 3) -> list[bytes]:
    return [PLAIN_XML.replace(EXPECTED.id.encode(), b"m%d" % n) for n in range(count)]


SEVERAL = {
    "a JSON list": (json.dumps(numbered()).encode(), Format.JSON),
    "a JSON list in an object": (
        json.dumps({"count": 3, "deliveryReports": numbered(), "tags": ["a"]}).encode(),
        Format.JSON,
    ),
    "JSON of one line each": (
        b"\n".join(json.dumps(fields).encode() for fields in numbered()),
        Format.JSON,
    ),
    "JSON of many lines each": (
        b"\n".join(json.dumps(fields, indent=1).encode() for fields in numbered()),
        Format.JSON,
    ),
    "JSON one after another": (
        b",".join(json.dumps(fields).encode() for fields in numbered()) + b"\0",
        Format.JSON,
    ),
    "the guide's invalid JSON, in lines": (
        b"\n".join(json.dumps(fields).replace('": "+', '": ""+').encode() for fields in numbered()),
        Format.JSON,
    ),
    "JSON in strings in a list": (
        json.dumps([json.dumps(fields) for fields in numbered()]).encode(),
        Format.JSON,
    ),
    "an XML list": (b"<all>" + b"\n".join(numbered_xml()) + b"</all>", Format.XML),
    "XML documents in lines": (
        b"\n".join(b'<?xml version="1.0"?>' + document for document in numbered_xml()),
        Format.XML,
    ),
    "forms in lines": (
        b"\r\n".join(form(PLAIN | {"id": fields["id"]}, CUSTOM) for fields in numbered()),
        Format.FORM,
    ),
}


@pytest.mark.parametrize(("body", "form_"), SEVERAL.values(), ids=SEVERAL)
def test_several_reports_in_one_body_are_several(body: bytes, form_: Format) -> None:
    assert reading.read(body=body) == tuple(
        EXPECTED._replace(id=f"m{n}", message_id=f"m{n}", part=None, format=form_) for n in range(3)
    )


ONE_IS_NONE = {
    "in a list": json.dumps([*numbered(2), {"id": "x"}, 5]).encode(),
    "in a list, with an empty id": json.dumps([FIELDS | {"id": ""}, *numbered(2), 5]).encode(),
    "in lines": b"\n".join(
        [b'{"id":', *(json.dumps(fields).encode() for fields in numbered(2)), b"{}}"]
    ),
    "in XML": b"<r>"
    + b"".join([*numbered_xml(2), *[b"<deliveryReport><id/></deliveryReport>"] * 2])
    + b"</r>",
    "in a form": b"id=m0&resultCode=1\nid=m9\nid=m1&resultCode=1\nping",
}


@pytest.mark.parametrize("body", ONE_IS_NONE.values(), ids=ONE_IS_NONE)
def test_what_cannot_be_read_beside_reports_keeps_none_of_them_away(body: bytes) -> None:
    *reports, rest = reading.read(body=body)
    assert [report.id for report in reports if isinstance(report, Report)] == ["m0", "m1"]
    assert isinstance(rest, Unreadable)
    assert rest.fault.startswith("2 of 4 in this request: no id")


INSIDE = json.dumps(json.dumps(numbered(1)))
AT_THE_LIMIT = [json.dumps(fields) for fields in numbered(999)]


@pytest.mark.parametrize(
    ("lines", "read_", "of"),
    [
        (['{"id":', INSIDE], 1, 2),
        (['{"id":', *[json.dumps(fields) for fields in numbered(3)]], 3, 4),
        (['{"id":', json.dumps([*numbered(1), 5, {}])], 1, 4),
        (['{"id":', *AT_THE_LIMIT], 999, 1000),
    ],
    ids=["JSON in a string", "reports", "a list", "as many as are read"],
)
def test_each_line_beside_a_broken_one_is_read(lines: list[str], read_: int, of: int) -> None:
    *reports, rest = reading.read(body="\n".join(lines).encode())
    assert [report.id for report in reports if isinstance(report, Report)] == [
        f"m{number}" for number in range(read_)
    ]
    assert isinstance(rest, Unreadable)
    assert rest.fault.startswith(f"{of - read_} of {of} in this request: no id")


def test_as_many_reports_are_read_as_the_limit_says() -> None:
    assert len(reading.read(body=b'{"id":"a","resultCode":1}' * 1000)) == 1000


BILLION_LAUGHS = b"""<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<r><id>&b;</id><resultCode>1001</resultCode></r>"""
UNREADABLE = {
    "nothing": (b" \r\n", r"no id"),
    "text": (b"delivered", "neither JSON nor XML nor key-value pairs"),
    "no id": (without("id"), "no id"),
    "empty id": (changed(id=" "), "no id"),
    "null id": (changed(id=None), "no id"),
    "control characters": (changed(id="a\x00b"), "control characters"),
    "no code": (without("resultCode"), "no resultCode"),
    "code in words": (changed(resultCode="delivered"), "no resultCode"),
    "code true": (changed(resultCode=True), "no resultCode"),
    "code 1001.5": (changed(resultCode=1001.5), "no resultCode"),
    "huge code": (changed(resultCode=10**20), "no resultCode"),
    "too many digits": (b'{"id": "a", "resultCode": ' + b"9" * 5000 + b"}", "too many digits"),
    "endless list": (b"[" * 60_000, "JSON nested too deeply"),
    "deep list": (b'{"id":"a","resultCode":1,"x":' + b"[" * 90 + b"]" * 90 + b"}", "too deeply"),
    "a scalar in a list": (b"[1]", "a list of 1 JSON values"),
    "a report in a list without a code": (b'[{"id":"a"}]', "^no resultCode"),
    "one in an object": (b'{"report":{"id":"a"}}', "^no resultCode"),
    "one in a string": (json.dumps(' {"id":"a"}').encode(), "^no resultCode"),
    "one in a list in a string": (json.dumps('[{"id":"a"}]').encode(), "^no resultCode"),
    "one in a string in a string": (
        json.dumps(json.dumps('{"id":"a"}')).encode(),
        "^no resultCode",
    ),
    "a string that is broken JSON": (b'["{oops"]', "a list of 1 JSON values"),
    "a string": (b'"hello"', "JSON, but not an object"),
    "a list of anything": (b"[1, {}]", "a list of 2 JSON values, none of which is a report"),
    "too many reports": (b'{"id":"a","resultCode":1}' * 1001, "more than 1000 reports"),
    "broken JSON": (b'{"id": "a",', r"not valid JSON: .* \(line 1, column 12\)"),
    "XML without fields": (b"<r><id>a</id></r>", "no element holds both an id and a resultCode"),
    "broken XML": (b"<r><id>a</id>", "not well-formed XML"),
    "too many elements within elements": (b"<a>" * 20 + b"</a>" * 20, "XML nested too deeply"),
    "deep XML": (
        b"<r id='a' resultCode='1'><customParameters>"
        + b"<x><y>" * 5000
        + b"</y></x>" * 5000
        + b"</customParameters></r>",
        "XML nested too deeply",
    ),
    "XML entities": (BILLION_LAUGHS, "XML with a DTD or entities"),
    "a long namespace": (
        b"<r xmlns:n='" + b"u" * 301 + b"'><n:a id='a' resultCode='1'/></r>",
        "XML with a namespace that is too long",
    ),
    "an external entity": (
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r id="a" resultCode="1"/>',
        "XML with a DTD or entities",
    ),
    "an encoding twice": (b'<?xml version="1.0" encoding="x" encoding="y"?><r/>', "XML"),
    "endless parts": (parts(IN_PARTS)[:-7] + b'--x7"y\r\n' * 1001, "more than 1000 parts"),
    "endless pairs": (b"a=1&" * 1001, "more than 1000 key-value pairs"),
}


@pytest.mark.parametrize(("body", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_report_says_why(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(body=body)


def filled(piece: bytes, head: bytes = b"", tail: bytes = b"") -> bytes:
    return head + piece * ((MAX_BYTES - len(head) - len(tail)) // len(piece)) + tail


HOSTILE = {
    "lists": filled(b"["),
    "lines of lists": filled(b"[\n"),
    "escaped quotes": filled(b'\\"', b'{"'),
    "commas": filled(b", ", b"["),
    "strings of JSON": filled(b'"[1,",', b"[", b"1]"),
    "reports": filled(b'{"id":"a","resultCode":1}\n'),
    "elements": filled(b"<a/>", b"<r>", b"</r>"),
    "elements within elements": filled(b"<a>"),
    "declarations": filled(b"<?xml ", b"<a/>"),
    "a namespace for many names": b"".join(
        [b"<r xmlns='", b"u" * 30_000, b"'>", *(b"<a%x/>" % n for n in range(4000)), b"</r>"]
    ),
    "namespaces": filled(b" xmlns", b"<a", b"/>"),
    "parameters": filled(b"<p><q/></p>", b'<r id="a" resultCode="1"><customParameters>'),
    "pairs in lines": filled(b"a=1&\n"),
    "semicolons": filled(b";id", b"a&b="),
    "parameters in pairs": filled(b'customParameters={"a":1}\n'),
    "parts": filled(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'),
    "headers of parts": filled(b"Content-Disposition:;;;;\r\n", b"--x\r\n"),
    "dashes": filled(b"-"),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_no_body_takes_much_more_room_than_it_has(body: bytes) -> None:
    assert len(body) <= MAX_BYTES
    read_callback(body=body, query="", content_type=None)  # loads what it needs
    tracemalloc.start()
    try:
        read_callback(body=body, query="", content_type=None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 256 * MAX_BYTES


def check_that_they_can_be_carried_on(contents: tuple[Content, ...]) -> None:
    """What was read fits into a store and into JSON."""
    assert contents
    for content in contents:
        fields = content._asdict() if isinstance(content, Report) else asdict(content)
        line = json.dumps(fields, ensure_ascii=False, allow_nan=False)
        line.encode()
        if isinstance(content, Report):
            assert abs(content.result_code) < 2**31
            assert content.id
            assert content.id.startswith(content.message_id)
    assert [isinstance(content, Unreadable) for content in contents[:-1]].count(True) == 0


SAMPLES = [
    *JSON.values(),
    *XML.values(),
    *PAIRS.values(),
    *MULTIPART.values(),
    DELIVERED,
    *(b for b, _ in UNREADABLE.values()),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with some bytes cut out, put in or doubled."""
    body = draw(st.sampled_from([sample for sample in SAMPLES if len(sample) < 5000]))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(start + 20, len(body))))
        body = (
            body[:start] + draw(st.binary(max_size=6) | st.just(body[start:end] * 2)) + body[end:]
        )
    return body


@given(
    body=st.binary(max_size=300)
    | damaged()
    | st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")),
    query=st.text(max_size=60) | st.sampled_from(["", "id=a&resultCode=1", "a=b"]),
    content_type=st.none() | st.text(max_size=30).map(lambda name: f"text/plain; charset={name}"),
)
@settings(max_examples=400)
def test_any_bytes_are_a_report_or_unreadable(
    body: bytes, query: str, content_type: str | None
) -> None:
    try:
        contents = read_callback(body=body, query=query, content_type=content_type)
    except TooLargeError:
        return
    check_that_they_can_be_carried_on(contents)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS, "source", "key", "value"]) | st.text(), JSON_VALUES, max_size=8
    )
)
@settings(max_examples=300)
def test_any_json_values_are_a_report_or_unreadable(fields: dict[str, Any]) -> None:
    body = json.dumps({"id": "a", "resultCode": 1001} | fields).encode()
    check_that_they_can_be_carried_on(
        read_callback(body=body, query="", content_type="application/json")
    )


def test_a_body_unpacks_to_64_kib_at_most() -> None:
    whole = changed().ljust(65_536)
    (report,) = read_callback(body=gzip.compress(whole), query="", content_type=None)
    assert isinstance(report, Report)
    with pytest.raises(TooLargeError):
        read_callback(body=gzip.compress(whole + b" "), query="", content_type=None)
