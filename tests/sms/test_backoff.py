"""Pauses between attempts."""

from hypothesis import given
from hypothesis import strategies as st

from linksms_cli.actions.send.turns import PAUSES


def test_a_sender_lets_the_gateway_breathe_and_never_waits_half_a_minute_unasked() -> None:
    assert (PAUSES.first, PAUSES.longest) == (0.5, 30.0)


def test_each_pause_is_twice_the_one_before_up_to_the_longest() -> None:
    pauses = [PAUSES.pause(failures) for failures in range(1, 9)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_chance_spreads_them_by_half_of_the_first() -> None:
    assert [PAUSES.pause(2, chance) for chance in (0.0, 0.5, 1.0)] == [1.0, 1.125, 1.25]


def test_what_the_server_asks_for_is_granted() -> None:
    assert [PAUSES.pause(1, asked=asked) for asked in (None, 0.1, 12.0, 90.0)] == [0.5, 0.5, 12, 90]


@given(failures=st.integers(1, 10**9), chance=st.floats(0, 1))
def test_none_is_shorter_than_the_first_or_longer_than_the_longest(
    failures: int, chance: float
) -> None:
    assert PAUSES.first <= PAUSES.pause(failures, chance) <= PAUSES.longest
