"""No cell of a text is a formula, whatever the spreadsheet takes for the end of a cell."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.formula import defused

DELIMITERS = ",;\t|"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
DROPPED = " \"'\u00a0\u200b\ufeff\t\r\n\0\x1b"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("delivered", "delivered"),
        ("X-1 aX=1", "X-1 aX=1"),
        ("2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"),
        ("k+7R0XQ5EtBz==", "k+7R0XQ5EtBz=="),
        # A plain number is read as a number, which an MSISDN has to survive.
        ("+46701740605", "+46701740605"),
        ("-12", "-12"),
        ("=1+1", "'=1+1"),
        ("+1-1", "'+1-1"),
        ("-", "'-"),
        ("@SUM(1)", "'@SUM(1)"),
        *((f"{sign}1+1", f"'{sign}1+1") for sign in "=+-@\uff1d\uff0b\uff0d\uff20"),
        (" =1", " '=1"),
        ('"=1', "\"'=1"),
        ("'=1", "''=1"),
        ("\u00a0\ufeff=1", "\u00a0\ufeff'=1"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        # It is quoted, but a quote in the middle of a cell means nothing.
        ("not routed;=1", "not routed;'=1"),
        ("not routed|\t -1", "not routed|\t '-1"),
        ('not routed\n"@x', "not routed\n\"'@x"),
        # The file's own delimiter is where a quoted cell begins.
        ("not routed, -1", "not routed, -1"),
    ],
)
def test_an_apostrophe_stands_before_what_begins_a_formula(text: str, cell: str) -> None:
    assert defused(text, ",") == cell


@pytest.mark.parametrize(("own", "others"), [(",", ";|"), (";", ",|"), ("|", ",;"), ("\t", ",;|")])
def test_what_another_delimiter_would_part_is_looked_at(own: str, others: str) -> None:
    for delimiter in others:
        assert defused(f"not routed{delimiter}=1", own) == f"not routed{delimiter}'=1"


@given(
    text=st.text(st.sampled_from(f"{DELIMITERS}{SIGNS}{DROPPED}x1")),
    own=st.sampled_from(DELIMITERS),
    theirs=st.sampled_from(DELIMITERS),
)
def test_no_spreadsheet_finds_a_formula(text: str, own: str, theirs: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=own, lineterminator="\r\n").writerow(["x", defused(text, own), "y"])
    for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=theirs):
        for cell in row:
            seen = cell.lstrip(DROPPED.replace("'", ""))
            assert not seen.startswith(tuple(SIGNS)) or text.lstrip("+-").isdigit(), (cell, row)


def test_a_text_of_blanks_takes_no_time() -> None:
    for blanks in ("\t" * 65_536, " \t" * 32_768, " " * 65_536):
        assert defused(f"x{blanks}", ",") == f"x{blanks}"
        assert defused(f"x\t{blanks}=", ",") == f"x\t{blanks}'="
