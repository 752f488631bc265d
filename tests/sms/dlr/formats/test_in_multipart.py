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


def in_parts(*parts: str) -> bytes:
    return "".join(f"--b\r\n{part}\r\n" for part in parts).encode("koi8-r") + b"--b--\r\n"


def part(name: str, value: str, *, headers: str = "") -> str:
    return f'{headers}Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'


@pytest.mark.parametrize(
    "other",
    [
        "Content-Type: text/plain\r\n\r\nno name",
        f"X: y\r\n\r\n{part('operator', 'a value that looks like a part')}",
        part("operator", "behind too many headers", headers=f"X: {'y' * 1000}\r\n"),
        "no end of headers",
    ],
)
def test_what_is_no_field_keeps_no_field_away(other: str) -> None:
    report = read(body=in_parts(part("id", "a"), other, part("resultCode", "1")))
    assert (report.id, report.result_code, report.operator) == ("a", 1, None)
    assert report.custom_parameters == {}


def test_a_part_is_in_the_charset_of_the_whole_unless_it_names_its_own() -> None:
    named = part("operator", "Билайн\r\nContent-Type: text/plain; charset=latin-1")
    body = in_parts(part("id", "a"), part("resultCode", "1"), named, part("город", "Омск"))
    report = read(body=body, content_type="multipart/form-data; boundary=b; charset=koi8-r")
    assert report.operator == "Билайн\r\nContent-Type: text/plain; charset=latin-1"
    assert report.custom_parameters == {"город": "Омск"}


def test_a_form_may_have_as_many_parts_as_the_limit_says() -> None:
    others = [part("x", str(number)) for number in range(997)]
    report = read(body=in_parts(part("id", "a"), part("resultCode", "1"), *others))
    assert report.custom_parameters == {"x": "996"}
