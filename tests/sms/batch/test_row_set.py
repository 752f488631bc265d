"""A set of rows is a set, in a bit for each."""

from hypothesis import example, given
from hypothesis import strategies as st

from linksms_cli.sms.batch.row_set import RowSet

# Rows that share an octet, or stand in the first octet behind the last.
NEAR = st.integers(0, 40)


@given(rows=st.lists(NEAR | st.integers(0, 5000)), others=st.lists(NEAR | st.integers(0, 50_000)))
@example(rows=list(range(200)), others=[])
@example(rows=[0], others=[7, 8])
def test_it_holds_what_was_put_in_and_nothing_else(rows: list[int], others: list[int]) -> None:
    found = RowSet()
    for row in rows:
        found.add(row)
    assert len(found) == len(set(rows))
    assert {row for row in (*rows, *others) if row in found} == set(rows)
