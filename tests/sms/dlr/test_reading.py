"""A delivery report is read from whatever shape it comes in, or said to be unreadable."""

import encodings
import json
import tracemalloc
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linksms_cli.sms.dlr import reading
from linksms_cli.sms.dlr.formats.fields import UnreadableError
from linksms_cli.sms.dlr.incoming import IncomingMessage
from linksms_cli.sms.dlr.packing import TooLargeError
from linksms_cli.sms.dlr.reading import MAX_BYTES, Content, Unreadable, read_callback
from linksms_cli.sms.dlr.report import Format, Report

# The guide's two examples, exactly as it prints them: neither is valid JSON.
DELIVERED = b"""{
  "refId": "0",
  "id": "0",
  "operator": "no.telenor",
  "sentTimestamp": "2015-11-19T09:37:35Z",
  "timestamp": "2015-11-19T09:37:00Z",
  "resultCode": 1001,
  "operatorResultCode": "2",
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 10:37:36",
    "source": "2333",
    "destination": ""+4746910822"
  }
}
"""
NUMBER_ERROR = b"""{
  "refId": "0",
  "id": "0",
  "operator": null,
  "sentTimestamp": "2015-11-19T10:17:37Z",
  "timestamp": "2015-11-19T10:17:37Z",
  "resultCode": 2106,
  "operatorResultCode": null,
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 11:17:37",
    "source": "2333",
    "destination": ""+4746910823"
  }
}
"""

EXPECTED = Report(
    id="Dcshuhod0PMAAAFQ+/PbnR3x==$2",
    message_id="Dcshuhod0PMAAAFQ+/PbnR3x==",
    part=2,
    result_code=1001,
    operator="no.telenor",
    operator_result_code="2",
    segments=3,
    ref_id=None,
    source="2333",
    destination="+4746910822",
    sent_timestamp="2015-11-19T09:37:35Z",
    timestamp="2015-11-19T09:37:00Z",
    gate_custom_parameters={},
    custom_parameters={
        "received": "2015-11-19 10:37:36",
        "source": "2333",
        "destination": "+4746910822",
    },
    format=Format.JSON,
)
# The same report by the guide's names, as a JSON object.
FIELDS: dict[str, Any] = {
    "refId": None,
    "id": "Dcshuhod0PMAAAFQ+/PbnR3x==$2",
    "operator": "no.telenor",
    "sentTimestamp": "2015-11-19T09:37:35Z",
    "timestamp": "2015-11-19T09:37:00Z",
    "resultCode": 1001,
    "operatorResultCode": "2",
    "segments": 3,
    "gateCustomParameters": {},
    "customParameters": EXPECTED.custom_parameters,
}
PLAIN = {
    name: "" if value is None else value
    for name, value in FIELDS.items()
    if not isinstance(value, dict)
}
CUSTOM = FIELDS["customParameters"]


def read(*, body: bytes, query: str = "", content_type: str | None = None) -> Report:
    """Read the one report in a request."""
    (report,) = reading.read(body=body, query=query, content_type=content_type)
    assert isinstance(report, Report)
    return report


def changed(**fields: Any) -> bytes:
    return json.dumps(FIELDS | fields).encode()


def without(*names: str) -> bytes:
    return json.dumps({k: v for k, v in FIELDS.items() if k not in names}).encode()


def form(*pairs: dict[str, Any]) -> bytes:
    return "&".join(urlencode(some) for some in pairs).encode()


def test_the_guides_delivered_example_is_read_as_printed() -> None:
    assert read(body=DELIVERED) == EXPECTED._replace(
        id="0", message_id="0", part=None, ref_id="0", segments=1
    )


def test_the_guides_number_error_example_is_read_as_printed() -> None:
    custom = {
        "received": "2015-11-19 11:17:37",
        "source": "2333",
        "destination": "+4746910823",
    }
    assert read(body=NUMBER_ERROR) == Report(
        id="0",
        message_id="0",
        part=None,
        result_code=2106,
        operator=None,
        operator_result_code=None,
        segments=1,
        ref_id="0",
        source="2333",
        destination="+4746910823",
        sent_timestamp="2015-11-19T10:17:37Z",
        timestamp="2015-11-19T10:17:37Z",
        gate_custom_parameters={},
        custom_parameters=custom,
        format=Format.JSON,
    )


JSON = {
    "plain": changed(),
    "numbers as strings": changed(resultCode="1001", segments="3", operatorResultCode=2),
    "a whole float": changed(resultCode=1001.0),
    "list of key and value": changed(
        customParameters=[{"key": key, "value": value} for key, value in CUSTOM.items()]
    ),
    "list of Name and Value": changed(
        customParameters=[{"Name": key, "Value": value} for key, value in CUSTOM.items()]
    ),
    "list of objects": changed(customParameters=[{key: value} for key, value in CUSTOM.items()]),
    "names in another case": json.dumps({k.upper(): v for k, v in FIELDS.items()}).encode(),
    "byte order mark": b"\xef\xbb\xbf" + changed(),
    "UTF-16": json.dumps(FIELDS).encode("utf-16"),
    "in a list": b"[" + changed() + b"]",
    "wrapped": b'{"deliveryReports": [' + changed() + b"]}",
    "null list": changed(gateCustomParameters=None),
    "missing list": without("gateCustomParameters", "refId"),
    "local time": changed(timestamp="2015-11-19T10:37:00+01:00"),
    "surrounded by space": b"\r\n " + changed() + b"\r\n",
    "a NUL behind it": changed() + b"\0",
    "a comma behind it": changed() + b",\n",
    "a comma behind the last member": changed()[:-1] + b" , }",
    "commas in a list": changed(
        customParameters=[{"key": key, "value": value} for key, value in CUSTOM.items()]
    ).replace(b"}]", b"},]"),
    "JSON in a string": json.dumps(changed().decode()).encode(),
    "JSON in a string in a list": json.dumps([changed().decode()]).encode(),
    "JSON in a string of an object": json.dumps({"report": changed().decode()}).encode(),
    "an offset without a colon": changed(timestamp="2015-11-19T10:37:00+0100"),
}


@pytest.mark.parametrize("body", JSON.values(), ids=JSON)
def test_json_in_every_shape_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED


def xml(parameters: str, head: str = "", tail: str = "") -> bytes:
    return (
        f"{head}<deliveryReport><refId/><id>{EXPECTED.id}</id><operator>no.telenor</operator>"
        "<sentTimestamp>2015-11-19T09:37:35Z</sentTimestamp>"
        "<timestamp>2015-11-19T09:37:00Z</timestamp><resultCode>1001</resultCode>"
        "<operatorResultCode>2</operatorResultCode><segments> 3\n</segments>"
        f"<gateCustomParameters/>{parameters}</deliveryReport>{tail}"
    ).encode()


NESTED_XML = "<customParameters>{}</customParameters>".format(
    "".join(f"<{key}>{value}</{key}>" for key, value in CUSTOM.items())
)


def xml_entries(entry: str) -> bytes:
    entries = "".join(entry.format(key=key, value=value) for key, value in CUSTOM.items())
    return xml(f"<customParameters>{entries}</customParameters>")


PLAIN_XML = xml(NESTED_XML)
XML = {
    "plain": PLAIN_XML,
    "declaration": b'<?xml version="1.0" encoding="UTF-8"?>\n' + PLAIN_XML,
    "byte order mark": b"\xef\xbb\xbf" + PLAIN_XML,
    "space before the declaration": b'\r\n <?xml version="1.0" encoding="UTF-8"?>' + PLAIN_XML,
    "UTF-16": PLAIN_XML.decode().encode("utf-16"),
    "UTF-16 that says so": ('<?xml version="1.0" encoding="utf-16"?>' + PLAIN_XML.decode()).encode(
        "utf-16"
    ),
    "a NUL behind it": PLAIN_XML + b"\0",
    "any root": PLAIN_XML.replace(b"deliveryReport", b"Whatever"),
    "in an envelope": xml(
        NESTED_XML, "<e:Envelope xmlns:e='urn:e'><e:Body>", "</e:Body></e:Envelope>"
    ),
    "namespaces": PLAIN_XML.replace(b"<deliveryReport>", b'<deliveryReport xmlns="urn:link:dlr">'),
    "CDATA": PLAIN_XML.replace(b"no.telenor", b"<![CDATA[no.telenor]]>"),
    "upper case": PLAIN_XML.replace(b"resultCode", b"RESULTCODE")
    .replace(b"<id>", b"<ID>")
    .replace(b"</id>", b"</ID>"),
    "nil": PLAIN_XML.replace(
        b"<refId/>",
        b'<refId xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
    ),
    "attributes": (
        f'<dlr id="{EXPECTED.id}" operator="no.telenor" sentTimestamp="2015-11-19T09:37:35Z" '
        'timestamp="2015-11-19T09:37:00Z" resultCode="1001" operatorResultCode="2" segments="3">'
        f"{NESTED_XML}</dlr>"
    ).encode(),
    "parameters beside the fields": xml("".join(f"<{k}>{v}</{k}>" for k, v in CUSTOM.items())),
    "entry elements": xml_entries("<entry><key>{key}</key><value>{value}</value></entry>"),
    "entry attributes": xml_entries('<KeyValue Key="{key}" Value="{value}"/>'),
    "entry name and text": xml_entries('<parameter name="{key}">{value}</parameter>'),
    "repeated lists": xml(
        "".join(f"<customParameters><{k}>{v}</{k}></customParameters>" for k, v in CUSTOM.items())
    ),
    "list inside a list": xml_entries("<item><e><key>{key}</key><value>{value}</value></e></item>"),
    "typed parameters": xml_entries(
        '<{key} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="s">{value}</{key}>'
    ),
}


@pytest.mark.parametrize("body", XML.values(), ids=XML)
def test_xml_in_every_shape_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED._replace(format=Format.XML)


PAIRS = {
    "plain": form(PLAIN, CUSTOM),
    "dots": form(PLAIN, {f"customParameters.{k}": v for k, v in CUSTOM.items()}),
    "brackets": form(PLAIN, {f"customParameters[{k}]": v for k, v in CUSTOM.items()}),
    "a JSON value": form(PLAIN, {"customParameters": json.dumps(CUSTOM)}),
    "a JSON list": form(
        PLAIN, {"customParameters": json.dumps([{"key": k, "value": v} for k, v in CUSTOM.items()])}
    ),
    "entries with dots": form(
        PLAIN,
        *(
            {f"customParameters[{n}].key": k, f"customParameters[{n}].value": v}
            for n, (k, v) in enumerate(CUSTOM.items())
        ),
    ),
    "entries with brackets": form(
        PLAIN,
        *(
            {f"customParameters[{n}][name]": k, f"customParameters[{n}][value]": v}
            for n, (k, v) in enumerate(CUSTOM.items())
        ),
    ),
    "names in another case": form({k.lower(): v for k, v in PLAIN.items()}, CUSTOM),
    "the word null": form(PLAIN | {"refId": "null"}, CUSTOM, {"gateCustomParameters": "null"}),
    "a forgotten plus": form(PLAIN, CUSTOM).replace(b"%2B", b"+"),
    "a plus that became a space": form(PLAIN, CUSTOM).replace(b"%2B", b"%20"),
    "an offset": form(PLAIN | {"timestamp": "2015-11-19T10:37:00+01:00"}, CUSTOM).replace(
        b"%2B", b"+"
    ),
    "a plus for the space in a time": form(PLAIN | {"timestamp": "2015-11-19 09:37:00Z"}, CUSTOM),
    "a plus for the space, and an offset": form(
        PLAIN | {"timestamp": "2015-11-19 10:37:00+0100"}, CUSTOM
    ).replace(b"%2B", b"+"),
    "a space for the plus of an offset": form(
        PLAIN | {"timestamp": "2015-11-19T10:37:00+01:00"}, CUSTOM
    ).replace(b"%2B", b"%20"),
    "semicolons": form(PLAIN, CUSTOM).replace(b"&", b";"),
    "semicolons and an ampersand": form(PLAIN).replace(b"&", b";") + b"&" + form(CUSTOM),
    "ampersands as in HTML": form(PLAIN, CUSTOM).replace(b"&", b"&amp;"),
    "a NUL behind it": form(PLAIN, CUSTOM) + b"\0",
}


@pytest.mark.parametrize("pairs", PAIRS.values(), ids=PAIRS)
def test_pairs_in_every_spelling_are_the_same_report(pairs: bytes) -> None:
    assert read(body=pairs + b"\r\n") == EXPECTED._replace(format=Format.FORM)
    assert read(body=b"", query=pairs.decode()) == EXPECTED._replace(format=Format.QUERY)


def test_a_semicolon_within_a_value_stays_there() -> None:
    report = read(body=b"id=a&resultCode=1001&operator=x;y&source=p;q")
    assert (report.operator, report.source) == ("x;y", "p;q")


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_form_may_begin_with_a_byte_order_mark(mark: str) -> None:
    body = form(PLAIN, CUSTOM).decode().encode(mark)
    assert read(body=body) == EXPECTED._replace(format=Format.FORM)


def parts(fields: dict[str, Any], end: str = "\r\n", headers: str = "") -> bytes:
    pieces = [
        f'--x7"y{end}Content-Disposition: form-data; name="{name}"{headers}{end}{end}{value}{end}'
        for name, value in fields.items()
    ]
    return ("".join(pieces) + f'--x7"y--{end}').encode()


IN_PARTS = PLAIN | {f"customParameters[{k}]": v for k, v in CUSTOM.items()}
MULTIPART = {
    "plain": parts(IN_PARTS),
    "line feeds": parts(IN_PARTS, end="\n"),
    "a blank line before it": b"\r\n" + parts(IN_PARTS),
    "content types": parts(IN_PARTS, headers="\r\nContent-Type: text/plain; charset=utf-8"),
    "file names": parts(IN_PARTS, headers='; filename="x.txt"'),
    "names without quotes": parts(IN_PARTS)
    .replace(b'name="', b"name=")
    .replace(b'"\r\n\r\n', b"\r\n\r\n"),
    "no end": parts(IN_PARTS).removesuffix(b'\r\n--x7"y--\r\n'),
}


@pytest.mark.parametrize("body", MULTIPART.values(), ids=MULTIPART)
def test_a_form_in_parts_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED._replace(format=Format.FORM)


def test_a_part_may_name_its_charset() -> None:
    headers = "\r\nContent-Type: text/plain; charset=iso-8859-15"
    body = parts({"id": "a", "resultCode": "1", "operator": "€"}, headers=headers)
    assert read(body=body.decode().encode("iso8859-15")).operator == "€"


def test_the_body_is_read_before_the_query() -> None:
    assert read(body=changed(), query="token=secret") == EXPECTED
    assert read(body=b"ping", query="id=a&resultCode=1000").format is Format.QUERY


def test_an_unreadable_body_is_named_even_beside_an_unreadable_query() -> None:
    with pytest.raises(UnreadableError, match="neither JSON nor XML nor key-value pairs"):
        read(body=b"ping", query="token=secret")


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (None, "utf-8"),
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", "latin-1"),
        ('application/json; charset="windows-1252"', "cp1252"),
        ("text/xml; charset=iso-8859-15; x=y", "iso8859-15"),
        ("text/plain; charset=idna", "utf-8"),
        ("text/plain; charset=utf-8", "cp1252"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        '{"id":"a","resultCode":1001,"operator":"Ålænd"}',
        "<r><id>a</id><resultCode>1001</resultCode><operator>Ålænd</operator></r>",
        "id=a&resultCode=1001&operator=Ålænd",
    ],
)
def test_the_charset_is_the_named_one_or_guessed(
    text: str, content_type: str | None, charset: str
) -> None:
    assert read(body=text.encode(charset), content_type=content_type).operator == "Ålænd"


def test_a_query_is_utf8_or_else_windows_1252() -> None:
    query = "id=a&resultCode=1&operator=%C3%85l%C3%A6nd&source=%C5l%E6nd"
    report = read(body=b"", query=query)
    assert (report.operator, report.source) == ("Ålænd", "Ålænd")


def test_xml_may_say_its_own_encoding() -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?><r id="a" resultCode="1" operator="Билайн"/>'
    assert read(body=body.encode("koi8-r")).operator == "Билайн"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<?xml version="1.0" encoding="{}"?><r id="a" resultCode="1"/>', "text/xml"),
        ('{{"id":"å","resultCode":1}}', "application/json; charset={}"),
        ("id=å&resultCode=1", "application/x-www-form-urlencoded; charset={}"),
    ],
    ids=["XML", "JSON", "form"],
)
def test_python_is_asked_for_no_charset_that_a_report_makes_up(
    body: str, content_type: str
) -> None:
    known = set(vars(encodings)["_cache"])
    for name in ("x-made-up", "zlib", "idna", "m" * 30_000):
        read(body=body.format(name).encode("latin-1"), content_type=content_type.format(name))
    assert set(vars(encodings)["_cache"]) == known


@pytest.mark.parametrize(
    ("identity", "message_id", "part"),
    [
        ("abc$0", "abc", 0),
        ("abc$254", "abc", 254),
        ("abc$255", "abc$255", None),
        ("abc$01", "abc$01", None),
        ("abc$-1", "abc$-1", None),
        ("abc$²", "abc$²", None),
        ("$0", "$0", None),
        ("a$b$7", "a$b", 7),
        ("007", "007", None),
        ("aB+/=", "aB+/=", None),
        (7, "7", None),
    ],
)
def test_an_id_is_opaque_but_for_its_part(identity: Any, message_id: str, part: int | None) -> None:
    report = read(body=changed(id=identity))
    assert (report.id, report.message_id, report.part) == (str(identity), message_id, part)


@pytest.mark.parametrize(
    ("came", "given"),
    [
        ("2015-11-19T09:37:35Z", "2015-11-19T09:37:35Z"),
        ("2015-11-19t09:37:35z", "2015-11-19T09:37:35Z"),
        ("2015-11-19 09:37:35.120Z", "2015-11-19T09:37:35.120Z"),
        ("2015-11-19T09:37:35.123456789+05:30", "2015-11-19T04:07:35.123456789Z"),
        ("2016-01-01T00:30:00+01:00", "2015-12-31T23:30:00Z"),
        ("2015-12-31T23:30:00-01:00", "2016-01-01T00:30:00Z"),
        ("2015-11-19T09:37:35", "2015-11-19T09:37:35"),
        ("2015-02-30T09:37:35Z", "2015-02-30T09:37:35Z"),
        ("2015-11-19T09:37:35+24:00", "2015-11-19T09:37:35+24:00"),
        ("2015-11-19T10:37:35+0100", "2015-11-19T09:37:35Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00+01:00"),
        ("yesterday", "yesterday"),
        (1447925855, "1447925855"),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_given_in_utc_or_as_it_came(came: Any, given: str | None) -> None:
    report = read(body=changed(timestamp=came, sentTimestamp=came))
    assert (report.timestamp, report.sent_timestamp) == (given, given)


def test_unknown_fields_are_kept_among_the_custom_parameters() -> None:
    report = read(body=changed(mccmnc="24201", deep={"a": [1, None, True]}))
    assert report.custom_parameters == {"mccmnc": "24201", "deep": {"a": [1, None, True]}} | CUSTOM
    assert report._replace(custom_parameters=CUSTOM) == EXPECTED


@pytest.mark.parametrize(
    ("came", "given"),
    [("3", 3), (" 3 ", 3), ("three", None), (None, None), (True, None), (10**30, None), ([], None)],
)
def test_segments_are_a_number_or_unknown(came: Any, given: int | None) -> None:
    assert read(body=changed(segments=came)).segments == given


def test_what_json_can_spell_but_nothing_can_carry_is_made_harmless() -> None:
    body = changed(x=1).replace(
        b'"x": 1', b'"x": NaN, "y": [-Infinity, 1e999], "z\\udc00": "\\ud800", "w": "\x00\t"'
    )
    custom = read(body=body).custom_parameters
    assert custom == CUSTOM | {
        "x": "NaN",
        "y": ["-Infinity", "1e999"],
        "z\ufffd": "\ufffd",
        "w": "\x00\t",
    }
    json.dumps(custom, ensure_ascii=False, allow_nan=False).encode()


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
    assert rest.fault.startswith("2 of 4 in one body: no id")


def test_a_form_in_plain_text_has_a_line_for_each_pair() -> None:
    body = form(PLAIN, CUSTOM).replace(b"&", b"\r\n")
    assert read(body=body) == EXPECTED._replace(format=Format.FORM)


MESSAGE = IncomingMessage(
    message_id="Dcshuhod0PMAAAFQ+/PbnR3x",
    source="+99955501234",
    destination="2333",
    content="STOP & go\n2",
    operator="no.telenor",
    timestamp="2015-11-19T09:37:00Z",
    gate_custom_parameters={},
    custom_parameters={"keyword": "STOP"},
    format=Format.JSON,
)
MESSAGE_FIELDS: dict[str, Any] = {
    "messageId": MESSAGE.message_id,
    "source": MESSAGE.source,
    "destination": MESSAGE.destination,
    "userData": MESSAGE.content,
    "operator": MESSAGE.operator,
    "timestamp": MESSAGE.timestamp,
    "customParameters": {"keyword": "STOP"},
}
MESSAGE_PAIRS = {name: v for name, v in MESSAGE_FIELDS.items() if isinstance(v, str)} | {
    "keyword": "STOP"
}
INCOMING = {
    "userData": (json.dumps(MESSAGE_FIELDS), Format.JSON),
    "content": (json.dumps(MESSAGE_FIELDS).replace("userData", "content"), Format.JSON),
    "id": (json.dumps(MESSAGE_FIELDS).replace("messageId", "id"), Format.JSON),
    "a result code of null": (json.dumps(MESSAGE_FIELDS | {"resultCode": None}), Format.JSON),
    "content as an object": (
        json.dumps(MESSAGE_FIELDS | {"userData": {"message": {"text": MESSAGE.content}}}),
        Format.JSON,
    ),
    "in a list": (json.dumps([MESSAGE_FIELDS]), Format.JSON),
    "a form": (urlencode(MESSAGE_PAIRS), Format.FORM),
    "a form that forgot to escape": (urlencode(MESSAGE_PAIRS).replace("%2B", "+"), Format.FORM),
    "XML": (
        f"<mo>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in MESSAGE_PAIRS.items())}</mo>",
        Format.XML,
    ),
}


@pytest.mark.parametrize(("body", "form_"), INCOMING.values(), ids=INCOMING)
def test_an_incoming_message_is_read_as_what_it_is(body: str, form_: Format) -> None:
    assert reading.read(body=body.encode()) == (replace(MESSAGE, format=form_),)


def test_an_incoming_message_without_an_id_is_not_lost() -> None:
    assert reading.read(body=b"", query="destination=2333&content=STOP&source=%2B99955501234") == (
        replace(
            MESSAGE,
            message_id=None,
            content="STOP",
            operator=None,
            timestamp=None,
            custom_parameters={},
            format=Format.QUERY,
        ),
    )


def test_a_report_that_holds_a_text_is_a_report() -> None:
    assert read(body=changed(content="Hello", destination="+99955501234")).result_code == 1001


def test_a_report_may_call_its_id_message_id() -> None:
    body = without("id").replace(b"{", b'{"messageId": "a$1", ', 1)
    assert (read(body=body).message_id, read(body=body).part) == ("a", 1)


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
    "a list of anything": (b"[1, {}]", "a list of 2 JSON values, none of which is a report"),
    "too many reports": (b'{"id":"a","resultCode":1}' * 1001, "more than 1000 reports"),
    "broken JSON": (b'{"id": "a",', r"not valid JSON: .* \(line 1, column 12\)"),
    "XML without fields": (b"<r><id>a</id></r>", "no element holds both an id and a resultCode"),
    "broken XML": (b"<r><id>a</id>", "not well-formed XML"),
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
