"""The gateway's answer, as it comes and as it might."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.mt import answer
from linksms_cli.sms.mt.answer import Answer
from linksms_cli.sms.text.decoding import visible

ID = "Dcshuhod0PMAAAFQ+/PbnR3x"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"1005;Queued;{ID}", Answer(code=1005, description="Queued", message_id=ID)),
        (f"1005;Queued;{ID}\r\n", Answer(code=1005, description="Queued", message_id=ID)),
        (f" 1005 ; Queued ; {ID} ", Answer(code=1005, description="Queued", message_id=ID)),
        (f"\ufeff1005;Queued;{ID}", Answer(code=1005, description="Queued", message_id=ID)),
        (f"1005;Queued; or so;{ID}", Answer(code=1005, description="Queued; or so", message_id=ID)),
        ("1005;Queued;", Answer(code=1005, description="Queued", message_id=None)),
        ("1005;Queued", Answer(code=1005, description="Queued", message_id=None)),
        ("1005;Queued;abc;", Answer(code=1005, description="Queued", message_id="abc")),
        ("1005; Queued ; abc ; ", Answer(code=1005, description="Queued", message_id="abc")),
        ("1001;a; b;abc;", Answer(code=1001, description="a; b", message_id="abc")),
        (
            "2000;Bad; source;",
            Answer(code=2000, description="Bad; source", message_id=None),
        ),
        (
            "1005;Queued; for later;",
            Answer(code=1005, description="Queued; for later;", message_id=None),
        ),
        *(
            (f"1005;Queued;{nothing}", Answer(code=1005, description="Queued", message_id=None))
            for nothing in ("null", "NULL", "(null)", "None", "nil", "undefined", "null;")
        ),
        (
            "1005;Queued;ab\ufffdc",
            Answer(code=1005, description="Queued", message_id=None, doubtful_id="ab\ufffdc"),
        ),
        ("1005;;abc", Answer(code=1005, description="", message_id="abc")),
        ("1005;", Answer(code=1005, description="", message_id=None)),
        (
            "2000;Invalid source; the source is invalid",
            Answer(code=2000, description="Invalid source; the source is invalid", message_id=None),
        ),
        (
            "104;Bad \x1b[31mthing\x07",
            Answer(code=104, description="Bad \\x1b[31mthing\\x07", message_id=None),
        ),
        (
            "1005;Queued;\x1b]0;title\x07",
            Answer(code=1005, description="Queued;\\x1b]0;title\\x07", message_id=None),
        ),
        ("123456;Something new;x1", Answer(123456, "Something new", "x1")),
        ("9999;Something new;x1", Answer(code=9999, description="Something new", message_id="x1")),
    ],
)
def test_an_answer_is_read(body: str, expected: Answer) -> None:
    assert answer.parse(body) == expected


@pytest.mark.parametrize("sign", ["\ufeff", " ", "\t", "\r", "\n"])
def test_a_blank_or_a_mark_around_an_answer_is_none_of_it(sign: str) -> None:
    expected = Answer(code=1005, description="Queued", message_id=ID)
    assert answer.parse(f"{sign}{sign}1005;Queued;{ID}{sign}") == expected
    assert answer.parse(f"X1005;Queued;{ID}") is None
    assert answer.parse(f"1005;Queued;{ID}X") == expected._replace(message_id=f"{ID}X")


@pytest.mark.parametrize(
    "body",
    [
        "",
        " \r\n",
        "1005",
        "OK",
        "Queued;1005;id",
        "-1;x;y",
        "1005 Queued id",
        "<html><body>1005;Queued;id</body></html>",
        "1234567;Queued;id",
        "١٠٠٥;Queued;id",
        "{}",
        "100\x1c;Queued;id",
    ],
)
def test_anything_else_is_none(body: str) -> None:
    assert answer.parse(body) is None


@pytest.mark.parametrize("body", [f"\ufeff\r\n 1005 ;Queued;{ID}", "3;Väntar; på;", "104;\n"])
def test_an_answer_that_is_cut_anywhere_may_still_be_one(body: str) -> None:
    octets = body.encode()
    assert all(answer.may_begin(octets[:end]) for end in range(len(octets) + 1))


@pytest.mark.parametrize(
    "octets", [b"OK", b"<html>", b"10x", b"1005 Queued", b"12345678", b"-1", b"{}", b"\r\n-1"]
)
def test_what_begins_otherwise_is_no_answer(octets: bytes) -> None:
    assert not answer.may_begin(octets)


@given(st.text())
def test_any_text_is_an_answer_or_none(body: str) -> None:
    found = answer.parse(body)
    if found:
        assert found.message_id != ""
        assert visible(found.description) == found.description


def test_what_is_longer_than_any_id_belongs_to_the_description() -> None:
    longest = "i" * 256
    assert answer.parse(f"1005;Queued;{longest}") == Answer(
        code=1005, description="Queued", message_id=longest
    )
    assert answer.parse(f"1005;Queued;{longest}i") == Answer(
        code=1005, description=f"Queued;{longest}i", message_id=None
    )
