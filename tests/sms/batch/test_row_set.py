"""A set of rows is a set, in a bit for each."""

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.batch.row_set import RowSet


@given(rows=st.lists(st.integers(0, 5000)), others=st.lists(st.integers(0, 50_000)))
def test_it_holds_what_was_put_in_and_nothing_else(rows: list[int], others: list[int]) -> None:
    found = RowSet()
    for row in rows:
        found.add(row)
    assert len(found) == len(set(rows))
    assert {row for row in (*rows, *others) if row in found} == set(rows)
