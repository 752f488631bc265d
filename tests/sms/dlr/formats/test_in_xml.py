"""A report in XML is read whatever its root, namespaces and case are."""

import pytest

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
