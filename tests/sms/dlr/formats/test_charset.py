"""The charset of a report is the one it names, or guessed; none is looked up that is made up."""

import encodings

import pytest

from linksms_cli.sms.dlr.formats.charset import decode, decode_part
from tests.shapes import parts, read


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (None, "utf-8"),
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", "latin-1"),
        ('application/json; charset="windows-1252"', "cp1252"),
        ("text/xml; charset=iso-8859-15; x=y", "iso8859-15"),
        ("text/plain; charset=idna", "utf-8"),
        ("text/plain; charset=utf-8", "cp1252"),
        ("text/plain; charset=us-ascii", "utf-8"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        '{"id":"a","resultCode":1001,"operator":"Ålænd"}',
        "<r><id>a</id><resultCode>1001</resultCode><operator>Ålænd</operator></r>",
        "id=a&resultCode=1001&operator=Ålænd",
    ],
)
def test_the_charset_is_the_named_one_or_guessed(
    text: str, content_type: str | None, charset: str
) -> None:
    assert read(body=text.encode(charset), content_type=content_type).operator == "Ålænd"


@pytest.mark.parametrize(
    "body",
    [
        '{"id":"a","resultCode":1001,"operator":"Билайн"}'.encode("koi8-r"),
        "<r id='a' resultCode='1001' operator='Билайн'/>".encode("koi8-r"),
        "id=a&resultCode=1001&operator=Билайн".encode("koi8-r"),
        b"id=a&resultCode=1001&operator=%E2%C9%CC%C1%CA%CE",
        parts({"id": "a", "resultCode": 1001, "operator": "Билайн"}).decode().encode("koi8-r"),
    ],
    ids=["JSON", "XML", "a form", "percent signs", "parts"],
)
@pytest.mark.parametrize("named", ["koi8-r", '"KOI8-R"', "koi8_r ; x=y", "koi8r"])
def test_the_charset_that_is_named_counts_where_a_guess_would_be_wrong(
    body: bytes, named: str
) -> None:
    assert read(body=body, content_type=f"a/b; charset={named}").operator == "Билайн"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('<?xml version="1.0" encoding="{}"?><r id="a" resultCode="1"/>', "text/xml"),
        ('{{"id":"å","resultCode":1}}', "application/json; charset={}"),
        ("id=å&resultCode=1", "application/x-www-form-urlencoded; charset={}"),
    ],
    ids=["XML", "JSON", "form"],
)
def test_python_is_asked_for_no_charset_that_a_report_makes_up(
    body: str, content_type: str
) -> None:
    def ask(name: str) -> None:
        read(body=body.format(name).encode("latin-1"), content_type=content_type.format(name))

    ask("x-first")  # what is guessed then is looked up, once
    known = set(vars(encodings)["_cache"])
    for name in ("x-made-up", "zlib", "idna", "m" * 30_000):
        ask(name)
    assert set(vars(encodings)["_cache"]) == known


def test_a_byte_order_mark_that_lies_costs_no_report() -> None:
    assert decode(b"\xff\xfeab\xff", None) == "ÿþabÿ"


def test_a_doubled_byte_order_mark_is_none_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbf" * 2 + b"ab") == "ab"


def test_the_charset_that_is_named_comes_before_a_guess_that_fits() -> None:
    assert decode("Ã¥".encode("latin-1"), "latin-1") == "Ã¥"
    assert decode("Ã¥".encode("latin-1")) == "å"


def test_no_byte_costs_a_report() -> None:
    assert decode(b"\x81a\xff") == "\ufffda\xff"


# Names of IANA's registry: what is compared with is what Python itself makes of each.
EIGHT_BITS = [
    *("KOI8-R", "KOI8-U", "latin1"),
    *(f"ISO-8859-{part}" for part in range(1, 17) if part != 12),
    *(f"windows-{page}" for page in range(1250, 1259)),
    *(f"cp{page}" for page in range(1250, 1259)),
]


@pytest.mark.parametrize("name", EIGHT_BITS)
def test_a_charset_of_eight_bits_is_known_by_its_name(name: str) -> None:
    raw = bytes(range(0x80, 0x100)).decode(name, "ignore").encode(name)
    assert len(raw) > 60
    assert decode_part(raw, name) == raw.decode(name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *((name, "Å€") for name in ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE")),
        *((name, "ドコモ") for name in ("Shift_JIS", "EUC-JP")),
        ("EUC-KR", "통신"),
        ("Big5", "中華電信"),
        *((name, "中国移动") for name in ("GB2312", "GBK", "GB18030")),
    ],
)
def test_a_charset_of_more_octets_is_known_by_its_name(name: str, text: str) -> None:
    # What is named behind it takes any octets.
    assert decode_part(text.encode(name), name, "ISO-8859-1") == text


@pytest.mark.parametrize(
    "name", ["ISO-8859-0", "ISO-8859-12", "ISO-8859-17", "windows-1249", "windows-1259", "cp1259"]
)
def test_the_next_number_is_no_charset(name: str) -> None:
    assert decode_part(b"\x80\xc5", name) == "€Å"
