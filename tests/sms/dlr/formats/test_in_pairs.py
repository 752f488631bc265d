"""A report in key-value pairs is read in every spelling."""

import pytest

from linksms_cli.sms.dlr.report import Format
from tests.shapes import CUSTOM, EXPECTED, PAIRS, PLAIN, form, read


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
