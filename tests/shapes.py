"""One report in every shape that it may come in, for the tests that read it."""

import json
import re
from typing import Any
from urllib.parse import urlencode

from linksms_cli.sms.dlr import reading
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
    "names with underscores": json.dumps(
        {re.sub("(?=[A-Z])", "_", k).lower(): v for k, v in FIELDS.items()}
    ).encode(),
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
    "entry attribute and element": xml_entries('<entry key="{key}"><Value>{value}</Value></entry>'),
    "entry name and text": xml_entries('<parameter name="{key}">{value}</parameter>'),
    "repeated lists": xml(
        "".join(f"<customParameters><{k}>{v}</{k}></customParameters>" for k, v in CUSTOM.items())
    ),
    "list inside a list": xml_entries("<item><e><key>{key}</key><value>{value}</value></e></item>"),
    "typed parameters": xml_entries(
        '<{key} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="s">{value}</{key}>'
    ),
}


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
