"""A query string as it was really sent."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.adapters.sandbox.request import NAMES, Query, parse

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_guides_names_are_read() -> None:
    raw = "&".join(f"{name}={name.upper()}%20%26" for name in NAMES)
    expected = {name: f"{name.upper()} &" for name in NAMES}
    assert parse(raw) == Query(values=expected, faults={}, remarks=())


@given(TEXTS)
def test_what_is_percent_encoded_comes_back(text: str) -> None:
    assert parse(f"Userdata={quote(text, safe='')}").values == {"Userdata": text}


@given(st.text())
def test_anything_gives_a_query(raw: str) -> None:
    query = parse(raw)
    assert set(query.values) <= set(NAMES)
    assert not set(query.values) & set(query.faults)


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ("", {}),
        ("Source=a+b", {"Source": "a b"}),
        ("Source=a=b", {"Source": "a=b"}),
        ("Source", {"Source": ""}),
        ("Source=%e2%82%AC", {"Source": "€"}),
        ("Source=a;b", {"Source": "a;b"}),
    ],
)
def test_decoding(raw: str, values: dict[str, str]) -> None:
    assert parse(raw) == Query(values=values, faults={}, remarks=())


@pytest.mark.parametrize(
    ("raw", "faults"),
    [
        ("Source=a&Source=a", {"Source": "Source is given more than once"}),
        ("Source=a&source=a", {"Source": "Source is given more than once"}),
        ("chargeonly=true", {"ChargeOnly": "chargeonly is spelt ChargeOnly in the guide"}),
        (
            "Userdata=100%",
            {
                "Userdata": "Userdata is not percent-encoded: "
                "a '%' has no two hexadecimal digits behind it"
            },
        ),
        (
            "Userdata=p\xe5",
            {"Userdata": "Userdata is not percent-encoded: a byte above 0x7F stands in the query"},
        ),
        ("Userdata=p%E5", {"Userdata": "Userdata is not UTF-8"}),
        ("Userdata=%ED%A0%80", {"Userdata": "Userdata is not UTF-8"}),
    ],
)
def test_a_parameter_wrongly_written_has_no_value(raw: str, faults: dict[str, str]) -> None:
    assert parse(raw) == Query(values={}, faults=faults, remarks=())


@pytest.mark.parametrize(
    ("raw", "remarks"),
    [
        ("To=1", ("the guide knows no parameter To",)),
        ("To=1&To=2", ("the guide knows no parameter To",)),
        ("=1", ("a parameter has a name that the guide does not know",)),
        ("%1b[31m=1", ("a parameter has a name that the guide does not know",)),
        ("&", ("a parameter has a name that the guide does not know",)),
    ],
)
def test_what_the_guide_does_not_know_is_remarked(raw: str, remarks: tuple[str, ...]) -> None:
    assert parse(raw) == Query(values={}, faults={}, remarks=remarks)


def test_the_rest_of_a_password_with_an_ampersand_is_not_repeated() -> None:
    query = parse("Password=top&secret&word=x&Source=a&Other=b")
    assert query.shown() == {"Source": "a"}
    assert query.remarks == (
        "what follows Password is no parameter of the guide; is an '&' in it not %26?",
        "the guide knows no parameter Other",
    )
