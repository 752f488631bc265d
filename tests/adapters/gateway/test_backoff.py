"""How long a sender pauses: half a second at first, then longer, and never above half a minute."""

import pytest

from linksms_cli.adapters.gateway.backoff import Backoff

ATTEMPTS = range(200)


def test_the_first_pause_lets_a_gateway_breathe_and_keeps_senders_apart() -> None:
    pauses = [Backoff().pause(None) for _ in ATTEMPTS]
    assert 0.5 <= min(pauses) < 0.55
    assert 0.7 < max(pauses) <= 0.75


@pytest.mark.parametrize(("number", "least"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0)])
def test_each_pause_is_twice_the_one_before(number: int, least: float) -> None:
    backoff = Backoff()
    pause = [backoff.pause(None) for _ in range(number)][-1]
    assert least <= pause <= least + 0.25


def test_no_pause_is_longer_than_half_a_minute() -> None:
    backoff = Backoff()
    assert [backoff.pause(None) for _ in range(50)][-1] == 30


def test_what_the_server_asks_for_is_granted() -> None:
    assert Backoff().pause(12.0) == 12
    assert Backoff().pause(0.1) >= 0.5
