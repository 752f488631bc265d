"""How the reports of a message are kept: in a line that does not grow with their number."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.sms.dlr.tally import MOST_KEYS, PartStatus, Tally, key_of

TIMES = st.sampled_from([None, "", "soon", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z"])
REPORTS = st.builds(
    PartStatus,
    part=st.none() | st.integers(0, 254),
    result_code=st.sampled_from([1001, 1000, 2104, 4, 7777, -1]),
    timestamp=TIMES,
    segments=st.none() | st.integers(-1, 300),
    received_at=st.sampled_from(["2026-01-01T00:01:00.000Z", "2026-01-01T00:01:00.123Z"]),
)


@given(st.lists(REPORTS, max_size=40), st.none() | st.integers(0, 9), st.integers(0, 40))
def test_a_tally_goes_on_from_what_was_written_of_it(
    reports: list[PartStatus], own_parts: int | None, written_after: int
) -> None:
    whole, kept = Tally(own_parts), Tally(own_parts)
    for number, report in enumerate(reports):
        if number == written_after:
            kept = Tally.of(str(kept))
        whole.add(report, str(number))
        kept.add(report, str(number))
    assert str(kept) == str(whole) == str(Tally.of(str(whole)))
    assert kept.delivery() == Tally.of(str(whole)).delivery() == whole.delivery()
    assert kept.knows_all == (len(reports) <= MOST_KEYS)
    known = [kept.knows(str(number)) for number in range(len(reports))]
    assert known == [number < MOST_KEYS for number in range(len(reports))]


def at(second: int, code: int, part: int | None = None) -> PartStatus:
    return PartStatus(
        part=part,
        result_code=code,
        timestamp=f"2026-01-01T00:00:{second:02}Z",
        segments=3,
        received_at="2026-01-01T00:01:00.000Z",
    )


LINE = "2,3,2,4|1,1001,2026-01-01T00:00:05Z,0;,1000,2026-01-01T00:00:09Z,1|k1,k2"


def test_what_older_versions_have_stored_is_known() -> None:
    tally = Tally(4)
    tally.add(at(5, 1001, 1), "k1")
    tally.add(at(9, 1000), "k2")
    assert str(tally) == LINE
    kept = Tally.of(LINE)
    assert (kept.own_parts, kept.knows("k2"), kept.knows("k3")) == (4, True, False)
    assert kept.delivery() == tally.delivery()
    # What comes after another one may have been said before it.
    kept.add(at(8, 1007), "k3")
    assert str(kept) == LINE.replace("2,3,2,4", "3,3,2,4") + ",k3"
    assert key_of(None, 1001, None, None) == "5864b3d728880a23"
    assert key_of(0, 1001, "2", "2026-01-01T00:00:05Z") == "5d073306248010e6"


@pytest.mark.parametrize("count", [0, 1, MOST_KEYS - 1, MOST_KEYS, MOST_KEYS + 1, MOST_KEYS + 2])
def test_a_tally_says_whether_it_knows_all_reports(count: int) -> None:
    tally = Tally()
    for number in range(count):
        tally.add(at(0, 1000), f"k{number}")
    assert tally.knows_all == (count <= MOST_KEYS)
    assert [tally.knows(f"k{number}") for number in range(count)] == [
        number < MOST_KEYS for number in range(count)
    ]


def test_a_line_does_not_grow_with_the_number_of_reports() -> None:
    tally = Tally()
    lengths = []
    for number in range(10_000):
        report = PartStatus(
            part=number % 3,
            result_code=1000,
            timestamp=f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}Z",
            segments=3,
            received_at="2026-01-01T00:01:00.000Z",
        )
        tally.add(report, key_of(number % 3, 1000, None, report.timestamp))
        lengths.append(len(str(tally)))
    assert max(lengths) < 800


@pytest.mark.parametrize("text", ["", "1,,0,", "x,,0,||", "1,,0,|1001|", "1,,0,|,1001,now|"])
def test_what_was_never_written_is_no_tally(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|literal"):
        Tally.of(text)


def test_keys_tell_reports_apart_by_what_makes_them_the_same() -> None:
    different = [
        (None, 1001, None, None),
        (0, 1001, None, None),
        (1, 1001, None, None),
        (None, 1000, None, None),
        (None, 1001, "2", None),
        (None, 1001, None, "2"),
        (None, 1001, "a", "bc"),
        (None, 1001, "ab", "c"),
        (None, 1001, "\ud800", None),
    ]
    assert all(key_of(*one) != key_of(*other) for one, other in combinations(different, 2))
    assert key_of(0, 1001, "2", "3") == key_of(0, 1001, "2", "3")
