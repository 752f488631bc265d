"""A report in the parts of a form is read."""

import pytest

from linksms_cli.sms.dlr.report import Format
from tests.shapes import EXPECTED, MULTIPART, parts, read


@pytest.mark.parametrize("body", MULTIPART.values(), ids=MULTIPART)
def test_a_form_in_parts_is_the_same_report(body: bytes) -> None:
    assert read(body=body) == EXPECTED._replace(format=Format.FORM)


def test_a_part_may_name_its_charset() -> None:
    headers = "\r\nContent-Type: text/plain; charset=iso-8859-15"
    body = parts({"id": "a", "resultCode": "1", "operator": "€"}, headers=headers)
    assert read(body=body.decode().encode("iso8859-15")).operator == "€"
