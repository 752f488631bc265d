"""A crowd of connections: who is cut, and when nobody is read."""

import asyncio

import pytest

from linksms_cli.adapters.http import crowd as crowds
from linksms_cli.adapters.http.crowd import Crowd
from linksms_cli.adapters.http.limits import HttpLimits


class Member:
    def __init__(self, crowd: Crowd) -> None:
        self.held = 0
        self.crowd = crowd
        self.words: list[str] = []
        crowd.enter(self)

    def abort(self) -> None:
        self.words.append("abort")
        self.crowd.leave(self)

    def pause(self) -> None:
        self.words.append("pause")

    def resume(self) -> None:
        self.words.append("resume")

    def finish(self) -> None:
        raise NotImplementedError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        self.now += 0.001  # no two things happen at once
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(crowds, "time", clock)
    return clock


LIMITS = HttpLimits(request_seconds=10, answer_seconds=5, held=1000, connections=3)


def test_each_debt_has_its_time(clock: Clock) -> None:
    crowd = Crowd(LIMITS)
    waits, reads, works = (Member(crowd) for _ in range(3))
    crowd.owes_taking(reads)
    crowd.owes_nothing(works)
    clock.now += 6
    crowd.cut_the_late()
    assert (waits.words, reads.words, works.words) == ([], ["abort"], [])
    clock.now += 6
    crowd.cut_the_late()
    assert (waits.words, works.words) == (["abort"], [])
    assert crowd.members == {works}


@pytest.mark.usefixtures("clock")
def test_one_too_many_takes_the_place_of_the_longest_debtor() -> None:
    crowd = Crowd(LIMITS)
    first, second, third = (Member(crowd) for _ in range(3))
    crowd.owes_taking(first)
    crowd.owes_nothing(second)
    fourth = Member(crowd)
    assert (first.words, third.words) == ([], ["abort"])
    crowd.owes_nothing(fourth)
    Member(crowd)
    assert first.words == ["abort"]
    last = Member(crowd)
    assert crowd.members == {second, fourth, last}


def test_nobody_is_read_while_too_much_is_ours_to_answer(clock: Clock) -> None:
    crowd = Crowd(LIMITS)
    works, waits = Member(crowd), Member(crowd)
    crowd.owes_nothing(works)
    crowd.holds(waits, 100)
    crowd.holds(works, 901)
    assert (works.words, waits.words, crowd.paused) == (["pause"], ["pause"], True)
    clock.now += 60  # nobody reads what it may have said meanwhile
    crowd.cut_the_late()
    crowd.holds(works, 401)
    assert crowd.paused
    crowd.holds(works, 400)
    assert (works.words, waits.words, crowd.paused) == (["pause", "resume"],) * 2 + (False,)
    crowd.cut_the_late()  # its time has begun again
    assert crowd.members == {works, waits}


@pytest.mark.usefixtures("clock")
def test_who_holds_room_and_owes_longest_goes_where_nothing_is_ours_to_answer() -> None:
    crowd = Crowd(LIMITS)
    idle, old, young = (Member(crowd) for _ in range(3))
    crowd.holds(old, 600)
    crowd.holds(young, 401)
    assert (idle.words, old.words, young.words) == (
        ["pause", "resume"],
        ["pause", "abort"],
        ["pause", "resume"],
    )
    assert (crowd.held, crowd.paused) == (401, False)


def test_it_says_when_all_have_left() -> None:
    async def wait() -> None:
        crowd = Crowd(LIMITS)
        await crowd.gone()
        member = Member(crowd)
        asyncio.get_running_loop().call_soon(crowd.leave, member)
        await crowd.gone()
        assert not crowd.members

    asyncio.run(wait())
