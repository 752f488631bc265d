"""The user data header: hexadecimal, honest about its length, and what it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.errors import UsageError
from linksms_cli.sms.mt import udh
from linksms_cli.sms.text.segments import Encoding


def test_a_header_is_read_with_its_length_octet() -> None:
    assert udh.parse("050003CC0201") == bytes([5, 0, 3, 0xCC, 2, 1])
    assert udh.parse("050003cc0201") == bytes([5, 0, 3, 0xCC, 2, 1])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("xyz", "the header 'xyz' is not hexadecimal"),
        ("050003CC020", "the header '050003CC020' is not hexadecimal"),
        ("", "the header is empty"),
        ("060003CC0201", "the header's length octet says 6, but 5 octets follow"),
        ("040003CC0201", "the header's length octet says 4, but 5 octets follow"),
        ("050004CC0201", "the header's information element at octet 1 overruns its end"),
        ("0100", "the header's information element at octet 1 overruns its end"),
        ("8C008A" + "00" * 138, "the header has 141 octets; a part holds 140 in all"),
    ],
)
def test_a_header_that_lies_is_refused(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        udh.parse(typed)
    assert caught.value.message == message


def test_the_concatenation_header_leaves_the_known_room() -> None:
    header = udh.parse("050003CC0201")
    assert udh.room(header, Encoding.GSM7) == 153
    assert udh.room(header, Encoding.UCS2) == 67


@given(st.text(max_size=40) | st.binary(max_size=150).map(bytes.hex))
def test_any_text_is_a_header_or_our_error(typed: str) -> None:
    try:
        header = udh.parse(typed)
    except UsageError:
        return
    assert header[0] == len(header) - 1


@pytest.mark.parametrize(
    ("header", "septets", "units"),
    [
        ("00", 158, 69),  # its length octet alone
        ("0401020304", 154, 67),
        ("050003CC0201", 153, 67),
        ("06050400017F02", 152, 66),
        ("8B0089" + "00" * 137, 0, 0),  # it fills the part
    ],
)
def test_a_header_leaves_what_it_does_not_take(header: str, septets: int, units: int) -> None:
    octets = bytes.fromhex(header)
    assert udh.room(octets, Encoding.GSM7) == septets
    assert udh.room(octets, Encoding.UCS2) == units


@pytest.mark.parametrize(
    "header",
    [
        "00",
        "020000",  # an element without octets
        "050003CC0201",
        "0B0003CC0201050400017F02",  # two elements, one after the other
        "8B0089" + "00" * 137,  # as long as a part
    ],
)
def test_elements_that_fill_the_header_are_taken(header: str) -> None:
    assert udh.parse(header) == bytes.fromhex(header)


@pytest.mark.parametrize(
    ("header", "at"),
    [("0100", 1), ("020001", 1), ("0600000003CC02", 3), ("060003CC020105", 6)],
)
def test_an_element_that_overruns_the_end_is_named_by_its_place(header: str, at: int) -> None:
    with pytest.raises(UsageError, match=f"element at octet {at} overruns its end"):
        udh.parse(header)


@pytest.mark.parametrize(("header", "right"), [("060003CC0201", "05"), ("00" * 300, "FF")])
def test_the_right_length_octet_is_offered(header: str, right: str) -> None:
    with pytest.raises(UsageError) as caught:
        udh.parse(header)
    assert caught.value.hint == f"The first octet counts the others: here {right}."
