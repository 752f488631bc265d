"""The parts of a result, and the exit code of several."""

from itertools import combinations, permutations

import pytest

from linksms_cli.errors import ExitCode
from linksms_cli.sms.dlr.delivery import added_up
from linksms_cli.sms.mt.result import combined
from tests.results import accepted

SEVERAL = [
    ([], 0),
    ([0, 0, 0], 0),
    ([5, 5], 5),
    ([4, 4], 4),
    ([8, 8], 8),
    ([7, 7], 7),
    ([0, 7], 7),
    ([7, 8], 7),
    ([5, 7], 7),
    ([4, 5, 7], 7),
    ([0, 5], 9),
    ([4, 6], 9),
    ([5, 8], 9),
    ([6, 10], 9),
    ([0, 8], 8),
]


@pytest.mark.parametrize(("codes", "expected"), SEVERAL)
def test_several_results_end_with_the_worst_that_can_be_said(
    codes: list[int], expected: int
) -> None:
    for order in permutations(codes):
        assert combined(map(ExitCode, order)) == expected


def test_one_that_is_unknown_decides_over_every_other() -> None:
    for others in combinations(ExitCode, 2):
        assert combined([ExitCode.UNKNOWN, *others]) is ExitCode.UNKNOWN


def test_the_reports_say_how_many_parts_there_are_else_our_own_count() -> None:
    result = accepted("+99955500001", "id")._replace(parts=2)
    assert (result.parts_expected, result.parts_reported) == (2, 0)
    reported = result._replace(delivery=added_up(((1, 1001),), 3, 1, 2))
    assert (reported.parts_expected, reported.parts_reported) == (3, 1)
