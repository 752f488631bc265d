"""A message's state: what its reports add up to, in whatever order they arrive."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linksms_cli.errors import ExitCode
from linksms_cli.sms.codes import Certainty, Retry, table
from linksms_cli.sms.dlr.delivery import Delivery
from linksms_cli.sms.dlr.tally import PartStatus, fold
from linksms_cli.sms.outcome import Outcome

UNKNOWN_CODE = 7777


def reported(
    code: int, part: int | None = None, second: int = 0, *, segments: int | None = None
) -> PartStatus:
    return PartStatus(
        part=part,
        result_code=code,
        timestamp=f"2026-01-01T00:00:{second:02}Z",
        segments=segments,
        received_at="2026-01-01T00:01:00.000Z",
    )


def state(*reports: PartStatus, own_parts: int | None = None) -> tuple[str, bool, str, str, str]:
    found = fold(reports, own_parts)
    return (found.outcome, found.final, found.delivered, found.billed, found.retry)


DELIVERED = ("delivered", True, "yes", "yes", "done")
PENDING = ("pending", False, "no", "no", "wait")


def test_a_message_without_reports_is_pending() -> None:
    assert fold([], None) == Delivery(
        outcome=Outcome.PENDING,
        final=False,
        delivered=Certainty.NO,
        billed=Certainty.NO,
        retry=Retry.WAIT,
        result_code=None,
        parts_expected=None,
        parts_reported=0,
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1001, DELIVERED),
        (1000, PENDING),
        (1007, ("pending", False, "yes", "no", "wait")),
        (1008, ("pending", False, "no", "yes", "wait")),
        (1006, ("failed", True, "no", "no", "safe")),
        (2104, ("failed", True, "no", "no", "pointless")),
        (2103, ("failed", True, "no", "no", "pointless")),
        (1009, ("failed", True, "no", "yes", "never")),
        (1010, ("unknown", True, "unknown", "unknown", "never")),
        (UNKNOWN_CODE, ("pending", False, "unknown", "unknown", "never")),
    ],
)
def test_a_message_of_one_part_is_what_its_code_says(
    code: int, expected: tuple[str, bool, str, str, str]
) -> None:
    assert state(reported(code, segments=1)) == expected
    assert state(reported(code)) == expected
    assert state(reported(code, part=0), own_parts=1) == expected


def test_a_final_state_is_never_taken_back_by_a_temporary_one() -> None:
    assert state(reported(1001, second=1), reported(1000, second=9)) == DELIVERED
    assert state(reported(1001, second=1), reported(UNKNOWN_CODE, second=9)) == DELIVERED


def test_yes_and_no_replace_unknown_and_never_the_reverse() -> None:
    early_unknown, late_unknown = reported(1010, second=1), reported(1010, second=9)
    assert state(early_unknown, reported(1001, second=5)) == DELIVERED
    assert state(late_unknown, reported(1001, second=5)) == DELIVERED
    assert state(late_unknown, reported(2104, second=5))[0] == "failed"


def test_else_the_later_time_wins_then_the_later_arrival() -> None:
    assert state(reported(2104, second=9), reported(1001, second=1))[0] == "failed"
    assert state(reported(2104, second=1), reported(1001, second=1))[0] == "delivered"
    assert fold([reported(1000, second=2), reported(1005, second=1)], None).result_code == 1000
    finer = reported(1000, second=1)._replace(timestamp="2026-01-01T00:00:01.5Z")
    assert fold([finer, reported(1005, second=1)], None).result_code == 1000


def test_a_report_without_a_time_is_as_late_as_its_arrival() -> None:
    timeless = reported(1005)._replace(timestamp="just now")
    assert fold([timeless, reported(1000, second=59)], None).result_code == 1005
    later = reported(1000)._replace(timestamp="2026-01-01T00:02:00Z")
    assert fold([timeless, later], None).result_code == 1000


def test_of_reports_with_one_time_the_last_to_arrive_counts() -> None:
    found = [reported(code) for code in (2103, 2106, 2104)]
    assert fold(found, None).result_code == 2104
    assert fold(found[::-1], None).result_code == 2103


def test_a_final_report_counts_whatever_is_said_later() -> None:
    for code in (1001, 2104, 5):
        final = state(reported(code, second=1))
        assert final[1]
        assert state(reported(code, second=1), reported(1000, second=9)) == final


def test_all_parts_delivered_make_a_message_delivered() -> None:
    first, second = reported(1001, 0, segments=2), reported(1001, 1, segments=2)
    assert state(first) == ("pending", False, "no", "yes", "wait")
    assert state(second, first) == DELIVERED


def test_one_part_finally_not_delivered_fails_the_message_before_it_is_final() -> None:
    failed = reported(2104, 1, segments=3)
    assert state(failed) == ("failed", False, "no", "no", "wait")
    done = [reported(1001, 0, segments=3), reported(1001, 2, segments=3)]
    assert state(failed, *done) == ("failed", True, "no", "yes", "never")
    assert fold([failed, *done], None).result_code == 2104


def test_a_part_that_stays_unknown_makes_the_message_unknown() -> None:
    parts = [reported(1001, 0, segments=2), reported(5, 1, segments=2)]
    assert state(*parts) == ("unknown", True, "unknown", "yes", "never")
    assert fold(parts, None).result_code == 5


def test_a_part_not_delivered_leaves_the_message_so_whatever_became_of_the_others() -> None:
    parts = reported(2104, 0, segments=2), reported(1010, 1, segments=2)
    assert state(*parts) == ("failed", True, "no", "unknown", "never")


def test_the_code_shown_is_that_of_the_part_which_is_waited_for() -> None:
    parts = reported(1010, 0, segments=2), reported(1000, 1, segments=2)
    assert fold(parts, None).result_code == 1000


def test_a_report_with_the_bare_id_says_no_more_once_each_part_has_its_own() -> None:
    parts = [reported(1007, part, second=9, segments=2) for part in (0, 1)]
    assert state(reported(1000, segments=2), *parts) == ("pending", False, "yes", "no", "wait")


@pytest.mark.parametrize(
    ("segments", "own_parts", "expected", "final"),
    [(2, None, 2, True), (2, 3, 2, True), (None, 2, 2, True), (None, 3, 3, False)],
)
def test_the_reports_segments_come_before_our_own_count(
    segments: int | None, own_parts: int | None, expected: int, final: bool
) -> None:
    parts = [reported(1001, part, segments=segments) for part in (0, 1)]
    found = fold(parts, own_parts)
    assert (found.parts_expected, found.parts_reported, found.final) == (expected, 2, final)


def test_parts_that_nobody_counted_are_never_all_there() -> None:
    found = fold([reported(1001, 0), reported(1001, 1)], None)
    assert (found.outcome, found.final) == ("pending", False)
    assert (found.parts_expected, found.parts_reported) == (None, 2)


def test_segments_that_leave_a_part_no_place_are_no_count() -> None:
    parts = [reported(1001, 0, segments=3), reported(1001, 1, segments=1)]
    found = fold(parts, None)
    assert (found.outcome, found.parts_expected, found.parts_reported) == ("pending", 3, 2)
    found = fold([*parts, reported(2104, 2)], None)
    assert (found.outcome, found.parts_expected, found.parts_reported) == ("failed", 3, 3)
    assert fold([reported(1001, 1, segments=1)], None).parts_expected is None


def test_no_fewer_parts_are_expected_than_were_seen() -> None:
    first, second = reported(1001, 0, segments=1), reported(1000, 1, segments=2)
    found = fold([first, second], None)
    assert (found.final, found.parts_expected, found.parts_reported) == (True, 2, 2)
    assert fold([reported(1000, 2)], 1).parts_expected == 3


@pytest.mark.parametrize("segments", [0, -1])
def test_segments_that_count_nothing_are_no_count(segments: int) -> None:
    assert fold([reported(1001, 0, segments=segments)], None).parts_expected is None


@pytest.mark.parametrize("segments", [0, -1, 256, 1_000_000])
@pytest.mark.parametrize("part", [None, 0])
def test_a_count_that_no_message_can_have_counts_nothing(segments: int, part: int | None) -> None:
    found = fold([reported(1001, part, segments=segments)], None)
    assert (found.parts_expected, found.parts_reported) == (None, 1)
    assert found.final == (part is None)
    found = fold([reported(1001, part, segments=segments)], own_parts=1)
    assert (found.parts_expected, found.parts_reported, found.final) == (1, 1, True)
    assert fold([reported(1000, segments=255)], None).parts_expected == 255


def test_a_report_with_the_bare_id_speaks_for_every_part() -> None:
    bare = reported(1001, second=5, segments=3)
    assert state(bare) == DELIVERED
    assert fold([bare], None).parts_reported == 3
    assert fold([reported(1001)], None).parts_reported == 1
    # A part's own later word counts for that part.
    assert state(bare, reported(2104, 1, second=9))[0] == "failed"
    assert state(bare, reported(2104, 1, second=1)) == DELIVERED
    assert state(bare, reported(1000, 1, second=9)) == DELIVERED
    assert state(reported(1000, second=5, segments=2), reported(1001, 0, second=1)) == (
        *("pending", False, "no", "yes"),
        "wait",
    )


def test_exit_codes_are_those_of_a_command_that_waited() -> None:
    def exit_code(*codes: int) -> int:
        parts = [reported(code, part, segments=len(codes)) for part, code in enumerate(codes)]
        return fold(parts, None).exit_code

    assert exit_code(1001) == ExitCode.DONE
    assert exit_code(1001, 2104) == ExitCode.REJECTED
    assert exit_code(1001, 1010) == ExitCode.UNKNOWN
    assert exit_code(1000) == exit_code(UNKNOWN_CODE) == exit_code() == ExitCode.PENDING


CODES = [code.code for code in table()] + [UNKNOWN_CODE, -1]


@st.composite
def histories(draw: st.DrawFn, *, contradictory: bool = False) -> list[PartStatus]:
    """Reports of one message, all with distinct timestamps, that agree on their count if any."""
    count = draw(st.integers(1, 4))
    said = st.none() | (st.integers(0, 4) if contradictory else st.just(count))
    part = st.none() | st.integers(0, count - 1)
    one = st.builds(reported, st.sampled_from(CODES), part, segments=said)
    drawn = draw(st.lists(one, max_size=8))
    return [
        report._replace(
            timestamp=f"2026-01-01T00:00:{second:02}Z",
            received_at=f"2026-01-01T00:01:{second:02}.000Z",
        )
        for second, report in enumerate(drawn)
    ]


@given(st.data(), histories() | histories(contradictory=True), st.none() | st.integers(1, 5))
@settings(max_examples=400)
def test_any_order_and_repetition_ends_in_the_same_state(
    data: st.DataObject, reports: list[PartStatus], own_parts: int | None
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(reports), max_size=6)) if reports else []
    shuffled = data.draw(st.permutations(reports + repeated))
    assert fold(shuffled, own_parts) == fold(reports, own_parts)


@given(histories())
@settings(max_examples=400)
def test_the_state_only_moves_forward(reports: list[PartStatus]) -> None:
    states = [fold(reports[:length], None) for length in range(len(reports) + 1)]
    # That a yes or a no never becomes unknown again is a rule of each part. Where there are
    # several, a failed one may be taken back by a later yes, and then the others decide.
    alone = len({report.part for report in reports}) == 1
    lasting = {"delivered", "failed"} if alone else {"delivered"}
    for before, after in pairwise(states):
        assert after.final >= before.final
        assert after.parts_reported >= before.parts_reported
        if before.final and before.outcome in lasting:
            assert after.outcome != "unknown"


@given(histories(contradictory=True))
@settings(max_examples=400)
def test_a_final_state_stays_so_whatever_the_reports_count(reports: list[PartStatus]) -> None:
    states = [fold(reports[:length], None) for length in range(len(reports) + 1)]
    for before, after in pairwise(states):
        assert after.final >= before.final


@given(histories(contradictory=True), st.none() | st.integers(1, 5))
def test_no_part_is_one_too_many(reports: list[PartStatus], own_parts: int | None) -> None:
    found = fold(reports, own_parts)
    last = max((report.part for report in reports if report.part is not None), default=0)
    if found.parts_expected is not None:
        assert found.parts_expected >= max(found.parts_reported, last + 1)


def test_a_failure_that_is_taken_back_leaves_what_is_said_of_the_other_parts() -> None:
    def at(second: int, part: int | None, code: int) -> PartStatus:
        return PartStatus(
            part=part,
            result_code=code,
            timestamp=f"2026-01-01T00:00:0{second}Z",
            segments=None,
            received_at=f"2026-01-01T00:01:0{second}.000Z",
        )

    reports = [at(0, 0, 0), at(1, None, 4), at(2, 0, 1001)]
    assert [fold(reports[:n], None).outcome for n in (1, 2, 3)] == ["failed", "failed", "unknown"]


@given(histories(), st.none() | st.integers(1, 5))
def test_the_values_of_a_state_agree_with_its_outcome(
    reports: list[PartStatus], own_parts: int | None
) -> None:
    found = fold(reports, own_parts)
    delivered = {"delivered": {"yes"}, "failed": {"no"}, "unknown": {"unknown"}}
    assert found.delivered in delivered.get(found.outcome, {"yes", "no", "unknown"})
    assert found.final or found.outcome in {"pending", "failed"}
    assert (found.retry == "done") == (found.outcome == "delivered")
    assert (found.outcome == "pending") == (found.exit_code == ExitCode.PENDING)


def test_a_part_beyond_our_own_count_does_not_make_a_message_final() -> None:
    second = PartStatus(
        part=1,
        result_code=1001,
        timestamp="2026-01-01T00:00:00Z",
        segments=None,
        received_at="2026-01-01T00:01:00.000Z",
    )
    alone = fold([second], own_parts=1)
    assert (alone.final, alone.outcome, alone.parts_expected) == (False, "pending", 2)
    both = fold([second, second._replace(part=0)], own_parts=1)
    assert (both.final, both.outcome, both.delivered) == (True, "delivered", "yes")
