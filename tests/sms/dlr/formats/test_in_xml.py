"""A report in XML is read whatever its root, namespaces and case are."""

from typing import Any

import pytest

from linksms_cli.sms.dlr.formats.fields import MAX_DEPTH, UnreadableError
from linksms_cli.sms.dlr.formats.in_xml import read as found_in
from linksms_cli.sms.dlr.report import Format
from tests.shapes import EXPECTED, XML, read


@pytest.mark.parametrize("body", XML.values(), ids=XML)
def test_xml_in_every_shape_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED._replace(format=Format.XML)


def test_xml_may_say_its_own_encoding() -> None:
    body = '<?xml version="1.0" encoding="koi8-r"?><r id="a" resultCode="1" operator="Билайн"/>'
    assert read(body=body.encode("koi8-r")).operator == "Билайн"


def test_a_field_may_hold_elements_of_its_own() -> None:
    body = b"<r><id>a</id><resultCode>1</resultCode><operator>no.<b>telenor</b></operator></r>"
    assert read(body=body).operator == "no.telenor"


def test_only_a_field_that_is_nil_has_no_value() -> None:
    body = b"""<r xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><id>a</id>
    <resultCode>1</resultCode><operator lang="no">no.telenor</operator>
    <x i:nil="true">0</x><y i:nil="1">0</y><z i:nil="false">0</z></r>"""
    report = read(body=body)
    assert report.operator == "no.telenor"
    assert report.custom_parameters == {"x": None, "y": None, "z": "0"}


def test_what_the_schema_says_of_an_element_is_no_field() -> None:
    body = b"""<r xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="u v"
    i:type="dlr"><id>a</id><resultCode>1</resultCode></r>"""
    assert read(body=body).custom_parameters == {}


def listed(parameters: str) -> bytes:
    lists = f"<customParameters>{parameters}</customParameters>"
    return f"<r><id>a</id><resultCode>1</resultCode>{lists}</r>".encode()


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("<a/>", {"a": ""}),
        ('<e key="a"><value/></e>', {"a": ""}),
        ("<e><key>a</key><value/></e><b> 2 </b>", {"a": "", "b": "2"}),
        ('<e key="a">1</e><e key="b" lang="no">2</e>', {"a": "1", "e": "2"}),
        (" all in one ", {"0": "all in one"}),
        ("null", {}),
    ],
)
def test_a_list_keeps_each_parameter(parameters: str, expected: dict[str, Any]) -> None:
    assert read(body=listed(parameters)).custom_parameters == expected


@pytest.mark.parametrize("around", ["elements", "parameters"])
def test_elements_stand_within_elements_as_deep_as_the_limit(around: str) -> None:
    def nested(levels: int) -> bytes:
        opening, closing = "<x>" * levels, "</x>" * levels
        if around == "parameters":
            return listed(f"{opening}<k>v</k>{closing}")
        return f"{opening}{listed('<k>v</k>').decode()}{closing}".encode()

    assert read(body=nested(MAX_DEPTH)).custom_parameters == {"k": "v"}
    with pytest.raises(UnreadableError, match="XML nested too deeply"):
        read(body=nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(("mark", "other"), ["'\"", "\"'"])
def test_a_namespace_may_be_as_long_as_the_limit_says(mark: str, other: str) -> None:
    def within(length: int) -> bytes:
        namespace = f"xmlns={mark}{'u' * length}{mark}"
        return f"<r {namespace} id={other}a{other} resultCode={mark}1{mark}/>".encode()

    assert read(body=within(300)).id == "a"
    with pytest.raises(UnreadableError, match="a namespace that is too long"):
        read(body=within(301))


ONE, TWO = ({"id": name, "resultCode": name} for name in "12")
A, B, NONE = "<dlr id='1' resultCode='1'/>", "<dlr id='2' resultCode='2'/>", "<dlr/>"


@pytest.mark.parametrize(
    ("inside", "missed"),
    [
        (f"{A}{B}", 0),
        (f"{A}{NONE}<note><x/></note>{B}", 1),
        (f"<page>{A}{NONE}</page><page>{B}{NONE}</page>", 2),
        (f"<page>{A}{NONE}{NONE}</page><page>{B}</page>{NONE}<page/>", 3),
    ],
)
def test_what_stands_beside_two_reports_is_counted_where_it_might_be_one(
    inside: str, missed: int
) -> None:
    assert found_in(f"<all>{inside}</all>") == ([ONE, TWO], missed)
