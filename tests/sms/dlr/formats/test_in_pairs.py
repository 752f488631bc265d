"""A report in key-value pairs is read in every spelling."""

from typing import Any

import pytest

from linksms_cli.sms.dlr import reading
from linksms_cli.sms.dlr.report import Format
from tests.shapes import CUSTOM, EXPECTED, PAIRS, PLAIN, form, read


@pytest.mark.parametrize("pairs", PAIRS.values(), ids=PAIRS)
def test_pairs_in_every_spelling_are_the_same_report(pairs: bytes) -> None:
    assert read(body=pairs + b"\r\n") == EXPECTED._replace(format=Format.FORM)
    assert read(body=b"", query=pairs.decode()) == EXPECTED._replace(format=Format.QUERY)


def test_a_semicolon_within_a_value_stays_there() -> None:
    report = read(body=b"id=a&resultCode=1001&operator=x;y&source=p;q")
    assert (report.operator, report.source) == ("x;y", "p;q")


@pytest.mark.parametrize("name", ["source", "destination", "Source"])
def test_a_number_whose_plus_was_not_escaped_has_it_again(name: str) -> None:
    for key in (name, f"customParameters.{name}"):
        report = read(body=f"id=a&resultCode=1001&{key}=+99955501234".encode())
        assert report.custom_parameters.get(name, getattr(report, name.lower())) == "+99955501234"


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_form_may_begin_with_a_byte_order_mark(mark: str) -> None:
    body = form(PLAIN, CUSTOM).decode().encode(mark)
    assert read(body=body, content_type=f"text/plain; charset={mark}") == EXPECTED._replace(
        format=Format.FORM
    )


def test_a_list_that_is_broken_json_is_kept_as_it_came() -> None:
    report = read(body=b"id=a&resultCode=1001&customParameters={x")
    assert report.custom_parameters == {"0": "{x"}


def test_a_line_end_within_a_value_stays_there() -> None:
    assert read(body=b"id=a&operator=x\ny&resultCode=1001").operator == "x\ny"


def test_a_form_in_plain_text_has_a_line_for_each_pair() -> None:
    body = form(PLAIN, CUSTOM).replace(b"&", b"\r\n")
    assert read(body=body) == EXPECTED._replace(format=Format.FORM)


def test_a_query_is_utf8_or_else_windows_1252() -> None:
    query = "id=a&resultCode=1&operator=%C3%85l%C3%A6nd&source=%C5l%E6nd"
    report = read(body=b"", query=query)
    assert (report.operator, report.source) == ("Ålænd", "Ålænd")


LONG = "k" * 65


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (f"customParameters[{LONG}]=v&{LONG}s=w", {LONG: "v", f"{LONG}s": "w"}),
        ("my+key=1&my%2Bkey=2", {"my key": "1", "my+key": "2"}),
        (".a=1&[b]=2&operator.name=x", {".a": "1", "[b]": "2", "operator.name": "x"}),
        ("note=10:37:00%200100&a=b=c", {"note": "10:37:00 0100", "a": "b=c"}),
        ("customParameters= {%22a%22:1}", {"a": 1}),
        ("customParameters={%22source%22:5,%22b%22:%22%201%22}", {"source": 5, "b": " 1"}),
        ("customParameters.destination=+99955501234", {"destination": "+99955501234"}),
    ],
)
def test_what_is_not_one_of_the_fields_keeps_its_key_and_value(
    pairs: str, expected: dict[str, Any]
) -> None:
    assert read(body=f"id=a&resultCode=1&{pairs}".encode()).custom_parameters == expected


@pytest.mark.parametrize("name", ["id", "messageId"])
def test_what_ids_hold_may_be_escaped_or_not(name: str) -> None:
    identity = "Dcsh+/P+b=="
    for written in (identity, identity.replace("+", "%20"), "Dcsh%2B%2FP%2Bb%3D%3D"):
        report = read(body=f"{name}={written}$2&resultCode=1&refId={identity}".encode())
        assert (report.message_id, report.part, report.ref_id) == (identity, 2, identity)


def test_two_reports_in_lines_are_two_in_the_charset_that_is_named() -> None:
    lines = [f"id={name}&resultCode=1&operator=Билайн&город={name}" for name in "ab"]
    first, second = reading.read(
        body="\n".join(lines).encode("koi8-r"), content_type="x; charset=koi8-r"
    )
    assert first == read(body=lines[0].encode())
    assert second == read(body=lines[1].encode())


def test_a_pair_in_each_line_is_in_the_charset_that_is_named() -> None:
    pairs = "id=a\nresultCode=1\noperator=Билайн"
    report = read(body=pairs.encode("koi8-r"), content_type="text/plain; charset=koi8-r")
    assert report.operator == "Билайн"


@pytest.mark.parametrize("between", ["&", ";", "&amp;"])
def test_a_form_may_have_as_many_pairs_as_the_limit_says(between: str) -> None:
    pairs = ["id=a", "resultCode=1", *(f"x={number}" for number in range(998))]
    assert read(body=between.join(pairs).encode()).custom_parameters == {"x": "997"}
