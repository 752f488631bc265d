"""What reports say, in each of the four formats."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from linksms_cli.adapters.sandbox.numbers import plan_for
from linksms_cli.adapters.sandbox.reports import SimulatedReport, Written, tell, write
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.report import Format, Report
from linksms_cli.sms.sandbox.message import SandboxMessage
from linksms_cli.sms.text.segments import Encoding

CAME = datetime(2015, 11, 19, 9, 37, 35, 900_000, tzinfo=UTC)


def message(to: str = "+99955501234", parts: int | None = 1, **parameters: str) -> SandboxMessage:
    return SandboxMessage(
        serial=1,
        received_at=CAME,
        parameters={"Source": "2333", "Destination": to, "Userdata": "x"} | parameters,
        encoding=Encoding.GSM7,
        parts=parts,
        result_code=1005,
        description="Queued",
        message_id="a+b/c==",
        effect=None,
        remarks=(),
    )


def told(to: str, parts: int | None = 1) -> list[tuple[str, int, int]]:
    """The reports' ids, codes and segments, in their order."""
    reports = tell(plan_for(to), message(to, parts), 0)
    return [(report.report_id, report.result_code, report.segments) for report in reports]


def test_a_report_has_the_guides_fields() -> None:
    (report,) = tell(plan_for("+99955501234"), message(ReferenceId="in-7"), 2.0)
    assert report == SimulatedReport(
        ref_id="in-7",
        report_id="a+b/c==",
        operator="zz.sandbox",
        sent=CAME,
        stamp=CAME + timedelta(seconds=2),
        result_code=1001,
        operator_result_code="2",
        segments=1,
        custom={
            "received": "2015-11-19 09:37:37",
            "source": "2333",
            "destination": "+99955501234",
        },
    )


def test_each_part_has_a_report_of_its_own() -> None:
    assert told("+99955501234", parts=3) == [
        ("a+b/c==$0", 1001, 3),
        ("a+b/c==$1", 1001, 3),
        ("a+b/c==$2", 1001, 3),
    ]


@pytest.mark.parametrize("parts", [1, None])  # None: charged, without a text
def test_a_single_part_has_the_bare_id(parts: int | None) -> None:
    assert told("+99955501234", parts) == [("a+b/c==", 1001, 1)]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("+99900002104", [("$0", 2104), ("$1", 2104)]),
        ("+99900001000", [("$0", 1000), ("$1", 1000)]),
        ("+99910001005", [("$0", 1001), ("$1", 1001)]),
        ("+99920000006", [("$0", 1001), ("$1", 1001)]),
        ("+99930000001", [("$0", 1001), ("$0", 1001), ("$1", 1001), ("$1", 1001)]),
        ("+99930000002", [("$1", 1001), ("$0", 1001)]),
        ("+99930000003", [("$0", 1001), ("$1", 1001), ("$0", 1000), ("$1", 1000)]),
        ("+99930000004", [("$0", 1001), ("$1", 1001)]),
        ("+99930000005", [("$0", 1099), ("$1", 1099)]),
        ("+99930000006", [("$0", 1001), ("$1", 2104)]),
        ("+99930000007", [("$0", 1001), ("$1", 1001)]),
        ("+99930000008", []),
    ],
)
def test_magic_numbers_tell_their_tales(to: str, expected: list[tuple[str, int]]) -> None:
    assert told(to, parts=2) == [(f"a+b/c=={end}", code, 2) for end, code in expected]


def test_a_repeated_report_is_the_same_to_the_octet() -> None:
    first, second = tell(plan_for("+99930000001"), message("+99930000001"), 0)
    assert write(first, Format.JSON) == write(second, Format.JSON)


def test_the_late_temporary_state_is_older_than_the_final_one() -> None:
    final, late = tell(plan_for("+99930000003"), message("+99930000003"), 5)
    assert late.stamp < final.stamp


def test_what_no_operator_saw_names_none() -> None:
    (report,) = tell(plan_for("+99900002106"), message("+99900002106"), 0)
    assert (report.operator, report.operator_result_code) == (None, None)


def report_to(to: str = "+99955501234", **parameters: str) -> SimulatedReport:
    (report,) = tell(plan_for(to), message(to, 1, **parameters), 0)
    return report


def test_json_is_the_guides_example() -> None:
    written = write(report_to(), Format.JSON)
    assert written.content_type == "application/json"
    assert written.body.decode() == (
        """\
{
  "refId": null,
  "id": "a+b/c==",
  "operator": "zz.sandbox",
  "sentTimestamp": "2015-11-19T09:37:35Z",
  "timestamp": "2015-11-19T09:37:35Z",
  "resultCode": 1001,
  "operatorResultCode": "2",
  "segments": 1,
  "gateCustomParameters": {},
  "customParameters": {
    "received": "2015-11-19 09:37:35",
    "source": "2333",
    "destination": "+99955501234"
  }
}"""
    )


@pytest.mark.parametrize("format_", Format)
def test_the_guides_invalid_json_is_json_in_every_format(format_: Format) -> None:
    written = write(report_to("+99930000004"), format_)
    assert written.content_type == "application/json"
    assert b'"destination": ""+99930000004"\n' in written.body
    with pytest.raises(json.JSONDecodeError):
        json.loads(written.body)


def test_xml_has_the_guides_names() -> None:
    written = write(report_to(Source="A&B <\x0c>"), Format.XML)
    assert written.content_type == "application/xml; charset=utf-8"
    root = ET.fromstring(written.body)  # noqa: S314 - our own
    assert root.tag == "deliveryReport"
    assert {child.tag: child.text for child in root if len(child) == 0} == {
        "refId": None,
        "id": "a+b/c==",
        "operator": "zz.sandbox",
        "sentTimestamp": "2015-11-19T09:37:35Z",
        "timestamp": "2015-11-19T09:37:35Z",
        "resultCode": "1001",
        "operatorResultCode": "2",
        "segments": "1",
        "gateCustomParameters": None,
    }
    pairs = root.findall("customParameters/keyValue")
    assert {pair.findtext("key"): pair.findtext("value") for pair in pairs} == {
        "received": "2015-11-19 09:37:35",
        "source": "A&B <\N{REPLACEMENT CHARACTER}>",
        "destination": "+99955501234",
    }


def test_form_and_query_carry_the_same_pairs() -> None:
    form = write(report_to(), Format.FORM)
    query = write(report_to(), Format.QUERY)
    assert form.content_type == "application/x-www-form-urlencoded"
    assert query == Written(query=form.body.decode())
    assert parse_qsl(query.query, keep_blank_values=True) == [
        ("refId", ""),
        ("id", "a+b/c=="),
        ("operator", "zz.sandbox"),
        ("sentTimestamp", "2015-11-19T09:37:35Z"),
        ("timestamp", "2015-11-19T09:37:35Z"),
        ("resultCode", "1001"),
        ("operatorResultCode", "2"),
        ("segments", "1"),
        ("customParameters.received", "2015-11-19 09:37:35"),
        ("customParameters.source", "2333"),
        ("customParameters.destination", "+99955501234"),
    ]


def test_times_are_utc_whatever_the_clock_says() -> None:
    elsewhere = CAME.astimezone(datetime.now().astimezone().tzinfo)
    (report,) = tell(plan_for("+9995"), replace(message(), received_at=elsewhere), 0)
    assert b'"sentTimestamp": "2015-11-19T09:37:35Z"' in write(report, Format.JSON).body


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("to", ["+99955501234", "+99900002106", "+99930000004"])
def test_what_is_written_is_what_is_read(format_: Format, to: str) -> None:
    sent = message(to, 2, ReferenceId="a+b/c&d", Source="Å {€}")
    for part, report in enumerate(tell(plan_for(to), sent, 1)):
        written = write(report, format_)
        got = read_callback(
            body=written.body, query=written.query, content_type=written.content_type
        )
        assert got == (
            Report(
                id=f"a+b/c==${part}",
                message_id="a+b/c==",
                part=part,
                result_code=report.result_code,
                operator=report.operator,
                operator_result_code=report.operator_result_code,
                segments=2,
                ref_id="a+b/c&d",
                source="Å {€}",
                destination=to,
                sent_timestamp="2015-11-19T09:37:35Z",
                timestamp="2015-11-19T09:37:36Z",
                gate_custom_parameters={},
                custom_parameters={
                    "received": "2015-11-19 09:37:36",
                    "source": "Å {€}",
                    "destination": to,
                },
                format=Format.JSON if to == "+99930000004" else format_,
            ),
        )
