"""The pace of a batch, by a clock that the test holds: the rate is kept, and a gateway obeyed."""

from random import Random

import pytest

from linksms_cli.actions.send.batch.pace import Pace

WINDOW = 10.0


def leavings(rate: float, seconds: float, steps: Random, longest: float) -> list[float]:
    """Return when requests leave if somebody looks from time to time, `longest` apart at most."""
    pace, now, left = Pace(rate=rate, concurrency=64), 1000.0, []
    while now < 1000.0 + seconds:
        while pace.due(now) <= now:
            pace.leave(now)
            left.append(now)
        now += steps.uniform(0, longest)
    return left


@pytest.mark.parametrize("rate", [0.5, 1, 7.5, 33, 200, 1500])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("longest", [0.001, 0.02, 0.1])
def test_the_rate_is_held_within_two_percent_over_any_ten_seconds(
    rate: float, seed: int, longest: float
) -> None:
    left = leavings(rate, 3 * WINDOW, Random(seed), longest)  # noqa: S311 - no secret
    most = rate * WINDOW * 1.02 + 1  # a message is a message: of half a one there is none
    after = 0
    for number, begun in enumerate(left):
        while after < len(left) and left[after] < begun + WINDOW:
            after += 1
        assert after - number <= most
        if begun < left[0] + 2 * WINDOW:
            assert after - number >= rate * WINDOW * 0.98 - 1


def test_a_pause_is_not_made_up_for_by_a_burst() -> None:
    pace = Pace(rate=100, concurrency=64)
    pace.leave(0.0)
    now, burst = 60.0, 0
    while pace.due(now) <= now:
        pace.leave(now)
        burst += 1
    assert burst == 11  # a tenth of a second's worth, and the one that is due


def test_without_a_rate_nothing_waits() -> None:
    pace = Pace(rate=None, concurrency=8)
    for _ in range(1000):
        assert pace.due(5.0) == 5.0
        pace.leave(5.0)
    assert [pace.room(out) for out in (0, 7, 8, 20)] == [8, 1, 0, 0]


def test_a_gateway_that_throttles_is_left_alone_and_asked_for_less() -> None:
    pace = Pace(rate=None, concurrency=8)
    pace.throttle(100.0, None)
    assert pace.due(100.0) > 100.0
    assert pace.room(0) == 4
    pace.throttle(100.0, None)  # one that was out with it
    assert pace.room(0) == 4
    resumed = pace.due(100.0)
    assert pace.due(resumed) == resumed
    pace.throttle(resumed, 20.0)
    assert pace.due(resumed) >= resumed + 20.0
    assert pace.room(0) == 2
    for _ in range(60):
        pace.answered()
    assert pace.room(0) == 8


def test_however_often_it_throttles_one_may_go_out() -> None:
    pace, now = Pace(rate=None, concurrency=64), 0.0
    for _ in range(50):
        pace.throttle(now, None)
        later = pace.due(now)
        assert later - now <= 60.0
        now = later
    assert pace.room(0) == 1
