"""What a store promises to those who forward what it holds."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linksms_cli.adapters.store import Forwards, Store, store_in
from linksms_cli.sms.forward.due import Attempted, Due, Settled, State, settled
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.timestamp import rfc3339
from tests.reporting import INCOMING, keep, report

LEASE = timedelta(seconds=40)
NOW = datetime.now(UTC)
EVENT = Target(url="http://h/secret", form=ForwardAs.EVENT, name="http://h/…")
RAW = Target(url="http://h/secret", form=ForwardAs.RAW, name="http://h/…")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Store:
    return store_in(folder)


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    with ExitStack() as ends:
        yield ends


def opened(ends: ExitStack, store: Store, target: Target = EVENT, owner: str = "a") -> Forwards:
    return ends.enter_context(closing(store.forwards(target, owner)))


def claim(
    forwards: Forwards,
    settled: Sequence[Settled] = (),
    *,
    limit: int = 100,
    at: datetime = NOW,
    held: Sequence[int] = (),
) -> list[Due]:
    return forwards.advance(settled, held=held, limit=limit, now=at, lease=LEASE)


def numbers(dues: Sequence[Due]) -> list[int]:
    return [due.number for due in dues]


def forwarded(*dues: Due) -> list[Settled]:
    return [Settled(due.number, State.FORWARDED, rfc3339(NOW), status=200) for due in dues]


def failed(due: Due, at: datetime = NOW) -> list[Settled]:
    return [settled(due, Attempted(500, None), now=at, patience=timedelta(days=1), chance=0)]


def test_a_new_target_gets_what_comes_from_now_on(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    keep(folder, report(id="old"))
    forwards = opened(ends, store)
    keep(folder, report(id="new"))
    assert numbers(claim(forwards)) == [2]


def test_what_came_while_nobody_forwarded_is_forwarded_later(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    opened(ends, store).close()
    keep(folder, *(report(id=f"m{number}") for number in range(1200)))
    forwards, seen = opened(ends, store), []
    while forwards.next_due() is not None:
        dues = claim(forwards)
        seen += numbers(dues)
        claim(forwards, forwarded(*dues), limit=0)
    assert sorted(seen) == list(range(1, 1201))


def test_reports_of_a_message_go_one_after_the_other(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(
        folder, report(id="a$0"), report(id="b"), report(id="a$1"), report(id="a", resultCode=2104)
    )
    first = claim(forwards)
    assert numbers(first) == [1, 2]
    assert numbers(claim(forwards, failed(first[0]))) == []
    later = NOW + timedelta(seconds=2)
    again = claim(forwards, at=later)
    assert (numbers(again), again[0].attempts) == ([1], 1)
    assert again[0].webhook_id == first[0].webhook_id
    second = claim(forwards, forwarded(*again), at=later)
    assert numbers(second) == [3]
    set_aside = Settled(3, State.SET_ASIDE, rfc3339(later), status=400)
    assert numbers(claim(forwards, [set_aside], at=later)) == [4]


def test_a_claim_is_nobody_elses_until_its_lease_ends(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    one, other = opened(ends, store), opened(ends, store, owner="b")
    keep(folder, report(id="m"))
    (due,) = claim(one)
    assert claim(other) == []
    assert claim(one, held=[1], at=NOW + LEASE / 2) == []
    assert claim(other, at=NOW + LEASE) == []
    (taken,) = claim(other, at=NOW + LEASE * 1.5)
    assert taken.webhook_id == due.webhook_id
    # The first, which was too slow, settles nothing any more.
    claim(one, forwarded(due), at=NOW + LEASE * 1.5)
    assert [state.state for state in store.not_forwarded()] == [State.WAITING]
    claim(other, forwarded(taken), at=NOW + LEASE * 1.5)
    assert list(store.not_forwarded()) == []


def test_what_is_released_is_due_at_once(folder: Path, store: Store, ends: ExitStack) -> None:
    one, other = opened(ends, store), opened(ends, store, owner="b")
    keep(folder, report(id="m"))
    (due,) = claim(one)
    claim(one, [settled(due, Attempted(None, None), now=NOW, patience=LEASE, chance=0)], limit=0)
    (taken,) = claim(other)
    assert taken.attempts == 0


def test_targets_know_nothing_of_one_another(folder: Path, store: Store, ends: ExitStack) -> None:
    one = opened(ends, store)
    two = opened(ends, store, Target(url="http://other/", form=ForwardAs.EVENT, name="o"))
    keep(folder, report(id="m"), report(id="m", resultCode=2104))
    (due,) = claim(one)
    claim(one, failed(due))
    assert numbers(claim(two, forwarded(*claim(two)))) == [2]


def test_events_are_what_could_be_read(folder: Path, store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(folder, b"\xff\x00", INCOMING, b"[" + report(id="a") + b"," + report(id="b") + b"]")
    assert numbers(claim(forwards)) == [2, 3, 4]


def test_a_request_that_holds_several_is_one_and_waits_for_all_its_messages(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store, RAW)
    both = b"[" + report(id="a", resultCode=1005) + b"," + report(id="b", resultCode=1005) + b"]"
    keep(folder, report(id="a"), report(id="b"), both, b"\xff\x00", report(id="b", resultCode=1))
    first, second, unreadable = claim(forwards)
    assert numbers([first, second, unreadable]) == [1, 2, 5]
    assert unreadable.callback.body == b"\xff\x00"
    assert claim(forwards, forwarded(second)) == []
    (request,) = claim(forwards, forwarded(first))
    assert (request.number, request.callback.body) == (3, both)
    assert numbers(claim(forwards, forwarded(request))) == [6]
    with closing(store.stories()) as stories:
        story = stories.story("b")
        assert story
        assert [[one.state for one in seen.forwards] for seen in story.reports] == [
            [State.FORWARDED],
            [State.FORWARDED],
            [State.WAITING],
        ]


def test_what_waited_behind_a_target_that_was_down_too_long_is_set_aside(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(folder, report(id="a"), report(id="a", resultCode=2104), report(id="b"))
    (due,) = claim(forwards, limit=1)
    claim(forwards, failed(due), limit=0)
    assert forwards.give_up(NOW - timedelta(seconds=1), "down") == 0
    assert forwards.give_up(NOW + timedelta(hours=1), "down") == 3
    assert {state.state for state in store.not_forwarded()} == {State.SET_ASIDE}
    assert forwards.again(NOW) == 3
    assert numbers(claim(forwards)) == [1, 3]


def test_it_is_not_set_aside_if_the_target_has_answered_since(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(folder, report(id="a"), report(id="b"))
    one, two = claim(forwards)
    claim(forwards, failed(one))
    claim(forwards, forwarded(two))
    assert forwards.give_up(NOW + timedelta(hours=1), "down") == 0


def test_what_waits_behind_a_forgotten_report_has_its_turn(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(folder, report(id="a"))
    (due,) = claim(forwards)
    before = rfc3339(datetime.now(UTC) + timedelta(milliseconds=1))
    while rfc3339(datetime.now(UTC)) <= before:
        pass
    keep(folder, report(id="a", resultCode=2104))
    claim(forwards, failed(due), limit=0)
    store.forget(before)
    assert numbers(claim(forwards)) == [2]


def test_numbers_that_are_given_again_are_forwarded_too(
    folder: Path, store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(folder, report(id="a"), report(id="b"))
    claim(forwards, forwarded(*claim(forwards)))
    store.forget(rfc3339(datetime.now(UTC) + timedelta(days=1)))
    keep(folder, report(id="c"))
    assert numbers(claim(forwards)) == [1]


def test_no_url_stands_in_the_store(folder: Path, store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(folder, report(id="a"))
    claim(forwards)
    assert not any(b"h/secret" in file.read_bytes() for file in folder.iterdir())


def test_another_store_in_its_place_is_noticed(folder: Path, store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    assert not forwards.is_moved()
    folder.rename(folder.with_name("elsewhere"))
    assert forwards.is_moved()
