"""Columns by their own name or another one, and what is wrong with a header, told at once."""

from shlex import quote

import pytest

from linksms_cli.errors import UsageError
from linksms_cli.sms.batch import columns


def test_another_column_may_hold_a_field() -> None:
    assert columns.named(["to=Mobil 1", "text=a=b"]) == {"to": "Mobil 1", "text": "a=b"}
    assert columns.field_columns({"to": "Mobil"})["to"] == "Mobil"
    assert columns.field_columns({})["reference_id"] == "reference_id"


@pytest.mark.parametrize("typed", ["to", "to=", "to= ", "phone=x", "=x", "TO=x", ""])
def test_what_names_no_field_or_no_column_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="does not say which column holds what"):
        columns.named([typed])


def test_a_field_has_one_column() -> None:
    with pytest.raises(UsageError, match="--column names to twice"):
        columns.named(["to=a", "to=b"])


def test_a_long_header_is_cut_where_it_is_shown() -> None:
    header = [*(f"c{number}" for number in range(20)), "x" * 100]
    with pytest.raises(UsageError) as failure:
        columns.of_header(header, {})
    shown = ", ".join(f"'c{number}'" for number in range(8))
    assert failure.value.message == f"no column is called 'to'; the first row is {shown}, …"
    with pytest.raises(UsageError) as failure:
        columns.of_header(header[:9], {})
    assert failure.value.message.endswith(", …")
    with pytest.raises(UsageError, match=f"the first row is '{'x' * 40}'$"):
        columns.of_header(["x" * 100], {})


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        (["Namn", "Mobile Number"], "with --column to='Mobile Number', or"),
        (["Namn", "Telefon", "Mobil"], "with --column to=Telefon, or"),
        (["Namn", "To"], "with --column to=To, or"),
        (["Namn"], "with --column to=COLUMN, or"),
    ],
)
def test_the_column_that_is_likely_meant_is_offered(header: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as failure:
        columns.of_header(header, {})
    assert hint in str(failure.value.hint)


@pytest.mark.parametrize(
    "name",
    [
        *("msisdn", "number", "phone", "phone number", "mobile", "mobile number", "cell"),
        *("recipient", "destination", "tel", "telephone", "telefon", "mobil", "nummer"),
        *("mottagare", "telefonnummer", "mobilnummer", "handy", "puhelin", "puhelinnumero"),
    ],
)
def test_what_people_call_the_recipients_is_known(name: str) -> None:
    for written in (name, name.upper()):
        with pytest.raises(UsageError) as failure:
            columns.of_header(["Namn", written], {})
        assert f"--column to={quote(written)}, or" in str(failure.value.hint)


def test_a_column_that_is_there_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="the column 'text' is in the header twice"):
        columns.of_header(["to", "text", "x", "text"], {})


def test_a_header_without_a_name_is_called_empty() -> None:
    with pytest.raises(UsageError, match=r"the first row is empty$"):
        columns.of_header(["", ""], {})


def test_a_header_that_has_what_is_named_is_fine() -> None:
    columns.of_header(["", "Mobil", "", "Text"], {"to": "Mobil"})
    columns.of_header(["to"], {}, are_numbers=True)
