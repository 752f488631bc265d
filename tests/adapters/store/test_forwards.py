"""What a store promises to those who forward what it holds."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta

import pytest

from linksms_cli.adapters.store import Forwards, Store, find_store
from linksms_cli.sms.dlr.receiving import ReceivedReport
from linksms_cli.sms.forward.due import Attempted, Due, Settled, State, settled
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.timestamp import rfc3339
from tests.conftest import on_every_way
from tests.reporting import INCOMING, keep, report
from tests.stored import everything

pytestmark = on_every_way

LEASE = timedelta(seconds=40)
NOW = datetime.now(UTC)
EVENT = Target(url="http://h/secret", form=ForwardAs.EVENT, name="http://h/…")
RAW = Target(url="http://h/secret", form=ForwardAs.RAW, name="http://h/…")


@pytest.fixture
def store(state: str) -> Store:
    return find_store({"LINKSMS_STATE": state})


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


def test_a_new_target_gets_what_comes_from_now_on(store: Store, ends: ExitStack) -> None:
    keep(store, report(id="old"))
    forwards = opened(ends, store)
    keep(store, report(id="new"))
    assert numbers(claim(forwards)) == [2]


def test_what_came_while_nobody_forwarded_is_forwarded_later(store: Store, ends: ExitStack) -> None:
    opened(ends, store).close()
    keep(store, *(report(id=f"m{number}") for number in range(1200)))
    forwards, seen = opened(ends, store), []
    while forwards.next_due() is not None:
        dues = claim(forwards)
        seen += numbers(dues)
        claim(forwards, forwarded(*dues), limit=0)
    assert sorted(seen) == list(range(1, 1201))


def test_reports_of_a_message_go_one_after_the_other(store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a$0"), report(id="b"), report(id="a$1"), report(id="a", resultCode=2104))
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


def test_a_claim_is_nobody_elses_until_its_lease_ends(store: Store, ends: ExitStack) -> None:
    one, other = opened(ends, store), opened(ends, store, owner="b")
    keep(store, report(id="m"))
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


def test_what_is_released_is_due_at_once(store: Store, ends: ExitStack) -> None:
    one, other = opened(ends, store), opened(ends, store, owner="b")
    keep(store, report(id="m"))
    (due,) = claim(one)
    claim(one, [settled(due, Attempted(None, None), now=NOW, patience=LEASE, chance=0)], limit=0)
    (taken,) = claim(other)
    assert taken.attempts == 0


def test_targets_know_nothing_of_one_another(store: Store, ends: ExitStack) -> None:
    one = opened(ends, store)
    two = opened(ends, store, Target(url="http://other/", form=ForwardAs.EVENT, name="o"))
    keep(store, report(id="m"), report(id="m", resultCode=2104))
    (due,) = claim(one)
    claim(one, failed(due))
    assert numbers(claim(two, forwarded(*claim(two)))) == [2]


def test_events_are_what_could_be_read(store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(store, b"\xff\x00", INCOMING, b"[" + report(id="a") + b"," + report(id="b") + b"]")
    assert numbers(claim(forwards)) == [2, 3, 4]


def test_a_request_that_holds_several_is_one_and_waits_for_all_its_messages(
    store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store, RAW)
    both = b"[" + report(id="a", resultCode=1005) + b"," + report(id="b", resultCode=1005) + b"]"
    keep(store, report(id="a"), report(id="b"), both, b"\xff\x00", report(id="b", resultCode=1))
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


@pytest.mark.parametrize("target", [EVENT, RAW])
def test_what_was_set_aside_is_tried_again_in_its_order(
    store: Store, ends: ExitStack, target: Target
) -> None:
    forwards = opened(ends, store, target)
    other = opened(ends, store, Target(url="http://o/", form=ForwardAs.EVENT, name="http://o/"))
    many = b"[" + b",".join(report(id=f"m{number}") for number in range(300)) + b"]"
    keep(store, *(report(id=f"m{number}", resultCode=1005) for number in range(400)), many, b"?")
    for one in (forwards, other):
        while dues := claim(one):
            aside = [Settled(due.number, State.SET_ASIDE, rfc3339(NOW), status=404) for due in dues]
            claim(one, aside, limit=0)
    count = 402 if target is RAW else 700
    assert store.forward_again("nobody") == {}
    assert store.forward_again(target.name) == {target.name: count}
    assert store.forward_again(target.name) == {target.name: 0}
    assert {state.target for state in store.not_forwarded() if state.state is State.WAITING} == {
        target.name
    }
    seen = []
    while dues := claim(forwards):
        seen += numbers(dues)
        claim(forwards, forwarded(*dues), limit=0)
    assert len(seen) == count
    places = {number: place for place, number in enumerate(seen)}
    later = [401] * 300 if target is RAW else range(401, 701)
    assert all(
        places[first] < places[then] for first, then in zip(range(1, 301), later, strict=True)
    )
    assert store.forward_again() == {target.name: 0, "http://o/": 700}


def test_what_waited_behind_a_target_that_was_down_too_long_is_set_aside(
    store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a"), report(id="a", resultCode=2104), report(id="b"))
    (due,) = claim(forwards, limit=1)
    claim(forwards, failed(due), limit=0)
    assert forwards.give_up(NOW - timedelta(seconds=1), "down") == 0
    assert forwards.give_up(NOW + timedelta(hours=1), "down") == 3
    assert {state.state for state in store.not_forwarded()} == {State.SET_ASIDE}
    assert store.forward_again() == {EVENT.name: 3}
    assert forwards.give_up(NOW + timedelta(hours=1), "down") == 0  # its patience begins anew
    assert numbers(claim(forwards)) == [1, 3]


def test_it_is_not_set_aside_if_the_target_has_answered_since(
    store: Store, ends: ExitStack
) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a"), report(id="b"))
    one, two = claim(forwards)
    claim(forwards, failed(one))
    claim(forwards, forwarded(two))
    assert forwards.give_up(NOW + timedelta(hours=1), "down") == 0


def test_what_waits_behind_a_forgotten_report_has_its_turn(store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a"))
    (due,) = claim(forwards)
    before = rfc3339(datetime.now(UTC) + timedelta(milliseconds=1))
    while rfc3339(datetime.now(UTC)) <= before:
        pass
    keep(store, report(id="a", resultCode=2104))
    claim(forwards, failed(due), limit=0)
    store.forget(before)
    assert numbers(claim(forwards)) == [2]


def test_numbers_that_are_given_again_are_forwarded_too(store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a"), report(id="b"))
    claim(forwards, forwarded(*claim(forwards)))
    store.forget(rfc3339(datetime.now(UTC) + timedelta(days=1)))
    keep(store, report(id="c"))
    assert numbers(claim(forwards)) == [1]


def test_no_url_stands_in_the_store(store: Store, ends: ExitStack, state: str) -> None:
    forwards = opened(ends, store)
    keep(store, report(id="a"))
    claim(forwards)
    assert b"h/secret" not in everything(state)


def test_several_who_forward_share_what_several_receive(store: Store) -> None:
    messages, reports, seen, taken = 12, 10, Counter[str](), threading.Lock()
    order: dict[str, list[int]] = {}
    received = threading.Event()
    store.forwards(EVENT, "").close()

    def receive(receiver: int) -> None:
        for code in range(reports):
            ids = [f"m{number}" for number in range(receiver, messages, 2)]
            keep(store, *(report(id=one, resultCode=1000 + code) for one in ids))

    def forward(owner: str) -> None:
        with closing(store.forwards(EVENT, owner)) as forwards:
            dues: list[Due] = []
            while dues or not received.is_set() or forwards.next_due() is not None:
                dues = claim(forwards, forwarded(*dues), limit=5, at=datetime.now(UTC))
                for due in dues:
                    assert isinstance(due.told, ReceivedReport)
                    message_id = due.told.report.message_id
                    with taken:
                        seen[f"{due.number}"] += 1
                        order.setdefault(message_id, []).append(due.number)

    with ThreadPoolExecutor(5) as pool:
        forwarding = [pool.submit(forward, owner) for owner in "abc"]
        for one in [pool.submit(receive, receiver) for receiver in range(2)]:
            one.result(60)
        received.set()
        for one in forwarding:
            one.result(60)
    assert sorted(map(int, seen)) == list(range(1, messages * reports + 1))
    assert set(seen.values()) == {1}
    assert all(numbers == sorted(numbers) for numbers in order.values())
    assert list(store.not_forwarded()) == []


def test_a_clock_that_is_put_back_holds_nothing_up(store: Store, ends: ExitStack) -> None:
    mine, others = opened(ends, store), opened(ends, store, owner="b")
    keep(store, report(id="tried"), report(id="claimed"), report(id="renewed"))
    tried, claimed, renewed = claim(mine)
    back = NOW - timedelta(hours=3)
    claim(mine, failed(tried), at=NOW, limit=0)
    # Whoever lives renews a claim, by the same clock.
    assert claim(others, at=back) == []
    assert claim(mine, at=back, held=[renewed.number], limit=0) == []
    claim(mine, at=back + LEASE / 2, held=[renewed.number], limit=0)
    due = numbers(claim(others, at=back + LEASE + timedelta(seconds=1)))
    assert due == [tried.number, claimed.number]


def test_a_target_may_ask_to_be_left_alone_for_an_hour(store: Store, ends: ExitStack) -> None:
    forwards = opened(ends, store)
    keep(store, report())
    (due,) = claim(forwards)
    asks = Attempted(503, None, retry_after=9e9)
    claim(forwards, [settled(due, asks, now=NOW, patience=timedelta(days=1), chance=0)], limit=0)
    assert claim(forwards, at=NOW + timedelta(minutes=59)) == []
    assert numbers(claim(forwards, at=NOW + timedelta(hours=1, seconds=1))) == [due.number]
