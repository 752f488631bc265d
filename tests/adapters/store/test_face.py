"""What a store promises, whatever database keeps it."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linksms_cli.adapters.store import Outbox, Store, find_store
from linksms_cli.adapters.store.sql import batches, once
from linksms_cli.errors import StoreError
from linksms_cli.sms.codes import Certainty
from linksms_cli.sms.dlr.reading import read_callback
from linksms_cli.sms.dlr.receiving import Callback, ReceivedReport, StoredCallback
from linksms_cli.sms.forward.due import Settled, State
from linksms_cli.sms.forward.target import ForwardAs, Target
from linksms_cli.sms.mt.batch import BatchIdentity
from linksms_cli.sms.mt.result import Result
from linksms_cli.sms.mt.submission import Intent, OnceConflictError, OnceKey, Submission
from linksms_cli.sms.mt.twin import Bar, Twin
from linksms_cli.sms.outcome import Outcome
from linksms_cli.sms.search import CountField, Search
from linksms_cli.sms.story import Chore
from tests import results
from tests.conftest import on_every_way, until
from tests.reporting import report

_LATER = "2026-07-01T12:00:00.000Z"
KEY = OnceKey("https://h/x", 1, "k")
pytestmark = on_every_way

Reopen = Callable[[], Store]


@pytest.fixture
def reopen(state: str) -> Reopen:
    """Find the same store again, as another process would."""
    return lambda: find_store({"LINKSMS_STATE": state})


@pytest.fixture
def store(reopen: Reopen) -> Store:
    return reopen()


def parameters(number: int, text: str = "x") -> list[tuple[str, str]]:
    return [("Destination", f"+99955501{number:03}"), ("Userdata", text)]


def intent(number: int, claim: int | None = None, **changes: Any) -> Intent:
    made = Intent(
        base_url=KEY.base_url,
        service_id=1,
        profile=None,
        destination=f"+99955501{number:03}",
        source="LINK",
        encoding=None,
        parts=1,
        claim=claim,
        slot=number,
        parameters=parameters(number),
    )
    return made._replace(**changes)


def accepted(number: int, message_id: str) -> Result:
    return results.accepted(f"+99955501{number:03}", message_id)


def claimed(outbox: Outbox, numbers: int, text: str = "x") -> int:
    claim = outbox.claim(KEY, [parameters(number, text) for number in range(numbers)])
    assert claim is not None
    return claim


def callback(body: bytes) -> Callback:
    return Callback(
        received_at="2026-07-01T10:00:00.000Z",
        remote="192.0.2.1",
        method="POST",
        query="",
        headers=(("content-type", "application/json"),),
        body=body,
        contents=read_callback(body=body, query="", content_type=None),
    )


def receive(store: Store, *batch: Callback) -> list[StoredCallback]:
    async def put() -> list[StoredCallback]:
        with closing(store.inbox()) as inbox:
            return [event for events in await inbox.store(batch) for event in events]

    return asyncio.run(put())


def test_it_is_there_once_somebody_has_opened_a_side_that_writes(
    store: Store, reopen: Reopen
) -> None:
    assert not store.exists()
    with pytest.raises(StoreError):
        store.outbox(read_only=True)
    assert not store.exists()
    with closing(store.outbox()) as outbox:
        assert outbox.created
    assert reopen().exists()
    with closing(reopen().outbox()) as outbox:
        assert not outbox.created


def test_intents_are_stored_as_a_group_or_not_at_all(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        numbers = outbox.begin([intent(number) for number in range(3)])
        nobody: Any = None
        with pytest.raises(StoreError):
            outbox.begin([intent(3), intent(4, destination=nobody)])
        with closing(reopen().stories()) as stories:
            assert [story.outcome for story in stories.search(Search(), 9)] == [Outcome.UNKNOWN] * 3
        outbox.finish(
            [(number, accepted(place, f"m{place}")) for place, number in enumerate(numbers)]
        )
    with closing(reopen().stories()) as stories:
        found = {story.message_id: story.to for story in stories.search(Search(), 9)}
    assert found == {f"m{number}": f"+99955501{number:03}" for number in range(3)}


def test_what_a_message_came_to_is_settled_by_its_id(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        (number,) = outbox.begin([intent(0)])
        outbox.finish([(number, accepted(0, "m"))])
        delivered = accepted(0, "m")._replace(outcome=Outcome.DELIVERED, final=True)
        outbox.settle([delivered, accepted(1, "of another store")])
    with closing(reopen().stories()) as stories:
        story = stories.story("m")
        assert story
        assert (story.outcome, story.final) == (Outcome.DELIVERED, True)
        assert stories.story("of another store") is None


def test_claims_of_several_orders_are_kept_apart(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        one = claimed(outbox, 2)
        other = outbox.claim(KEY._replace(key="other"), [parameters(0)])
        (number,) = outbox.begin([intent(0, one)])
        outbox.finish([(number, accepted(0, "m"))])
        assert other is not None
        assert outbox.earlier(other, 0) is None
        assert outbox.earlier(one, 1) is None
    with closing(reopen().outbox()) as outbox:
        assert claimed(outbox, 2) == one
        earlier = outbox.earlier(one, 0)
        assert earlier
        assert (earlier.outcome, earlier.message_id) == (Outcome.ACCEPTED, "m")
        with pytest.raises(OnceConflictError):
            claimed(outbox, 2, text="another")


def test_an_intent_whose_end_nobody_saw_uses_its_key_up(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        outbox.begin([intent(0, claimed(outbox, 1))])
    with closing(reopen().outbox(read_only=True)) as outbox:
        earlier = outbox.earlier(claimed(outbox, 1), 0)
    assert earlier
    assert earlier.outcome is Outcome.UNKNOWN


def test_what_had_no_effect_leaves_its_key_free(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        claim = claimed(outbox, 1)
        (number,) = outbox.begin([intent(0, claim)])
        outbox.finish([(number, accepted(0, "m")._replace(outcome=Outcome.NOT_SENT))])
    with closing(reopen().outbox()) as outbox:
        assert outbox.earlier(claim, 0) is None
        assert claimed(outbox, 1, text="another") == claim


def test_a_read_only_outbox_claims_nothing(store: Store, reopen: Reopen) -> None:
    store.outbox().close()
    with closing(reopen().outbox(read_only=True)) as outbox:
        assert outbox.claim(KEY, [parameters(0)]) is None
        with pytest.raises(StoreError):
            outbox.begin([intent(0)])


def test_a_key_is_held_by_one_at_a_time(store: Store, reopen: Reopen) -> None:
    store.outbox().close()
    with store.hold(KEY) as first, reopen().hold(KEY) as second:
        assert (first, second) == (True, False)
        with reopen().hold(KEY._replace(key="other")) as other:
            assert other
    with reopen().hold(KEY) as again:
        assert again


def test_a_receiver_is_seen_while_it_works(store: Store, reopen: Reopen) -> None:
    store.inbox().close()
    assert not reopen().has_receiver()
    with store.receiving(), reopen().receiving():
        assert reopen().has_receiver()
    assert not reopen().has_receiver()


def test_a_batch_that_came_in_is_read_again_as_it_was(store: Store, reopen: Reopen) -> None:
    came = receive(
        store,
        callback(report(id="m$0", segments=2)),
        callback(b"neither"),
        callback(report(id="m$1", segments=2)),
    )
    came += receive(reopen(), callback(report(id="m$0", segments=2)))
    assert list(reopen().callbacks()) == came
    assert list(reopen().callbacks(first=2, last=3)) == came[1:3]
    assert list(reopen().callbacks(since="2027")) == []
    reports = [event for event in came if isinstance(event, ReceivedReport)]
    assert [event.duplicate for event in reports] == [False, False, True]
    assert [event.delivery.outcome for event in reports] == ["pending", "delivered", "delivered"]


def test_a_request_is_read_again_with_every_byte(store: Store, reopen: Reopen) -> None:
    came = callback(bytes(range(256)))._replace(query="a=%00")
    receive(store, callback(b"[" + report(id="a") + b"," + report(id="b") + b"]"), came)
    assert reopen().request(3) == came._replace(contents=())
    assert reopen().request(1) == reopen().request(2)
    assert reopen().request(4) is None


def test_who_looks_sees_that_somebody_has_committed(store: Store, reopen: Reopen) -> None:
    with closing(store.stories()) as stories:
        before = stories.version()
        assert (stories.version(), stories.delivery("m")) == (before, None)
        receive(reopen(), callback(report(id="m")))
        assert stories.version() != before
        delivery = stories.delivery("m")
        assert delivery
        assert delivery.outcome is Outcome.DELIVERED
        assert (stories.find("m"), stories.find("x")) == ("m", None)


def test_forgetting_deletes_what_is_old_and_keeps_what_a_key_protects(
    store: Store, reopen: Reopen
) -> None:
    with closing(store.outbox()) as outbox:
        claim = claimed(outbox, 1)
        numbers = outbox.begin([intent(0, claim), intent(1)])
        outbox.finish(
            [(number, accepted(place, f"m{place}")) for place, number in enumerate(numbers)]
        )
    receive(store, callback(report(id="m1")))
    assert (reopen().forgettable("2020").messages, reopen().forget("2020").messages) == (0, 0)
    told = reopen().forgettable("9999")
    gone = reopen().forget("9999")
    assert (told.messages, told.reports) == (gone.messages, gone.reports) == (2, 1)
    assert (list(reopen().callbacks()), reopen().recent(9)) == ([], [])
    with closing(reopen().stories()) as stories:
        assert list(stories.search(Search(), 9)) == []
    with closing(reopen().outbox()) as outbox:
        assert outbox.earlier(claim, 0)


def test_forgetting_leaves_what_has_no_outcome_yet(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        numbers = outbox.begin([intent(0), intent(1)])
        assert (reopen().forgettable("9999").messages, reopen().forget("9999").messages) == (0, 0)
        outbox.finish([(numbers[0], accepted(0, "m0"))])
    with closing(reopen().stories()) as stories:
        assert stories.find("m0") == "m0"
        assert [story.to for story in stories.search(Search(), 9)] == [
            "+99955501001",
            "+99955501000",
        ]


def test_what_becomes_known_of_a_forgotten_message_is_said_of_no_other(
    store: Store, reopen: Reopen
) -> None:
    with closing(store.outbox()) as outbox:
        (waited_for,) = outbox.begin([intent(0)])
        outbox.finish([(waited_for, accepted(0, "m0"))])
        assert reopen().forget("9999").messages == 1
        (number,) = outbox.begin([intent(1)])
        outbox.finish([(waited_for, accepted(0, "m0"))])
    assert number != waited_for
    with closing(reopen().stories()) as stories:
        assert [story.outcome for story in stories.search(Search(), 9)] == [Outcome.UNKNOWN]


@pytest.mark.parametrize("form", ForwardAs)
def test_what_waits_for_a_target_is_spared_for_a_while(
    store: Store, reopen: Reopen, form: ForwardAs
) -> None:
    def forget(sparing: str) -> int:
        gone = reopen().forget_gently("2030", sparing=sparing, rest=lambda _took: True)
        return gone.reports

    target = Target(url="http://h/", form=form, name="h")
    store.inbox().close()
    with closing(store.forwards(target, "a")) as forwards:
        two = callback(b"[" + report(id="a") + b"," + report(id="b") + b"]")
        receive(store, two, callback(report(id="c")), two._replace(received_at=_LATER))
        assert forget("2020") == 0  # nobody has looked at them yet
        now = datetime(2026, 7, 2, tzinfo=UTC)
        dues = forwards.advance((), held=(), limit=9, now=now, lease=timedelta(minutes=1))
        done = [
            Settled(due.number, State.FORWARDED, _LATER, status=200)
            for due in dues
            if due.number not in {2, 4}
        ]
        forwards.advance(done, held=(), limit=0, now=now, lease=timedelta(minutes=1))
        # Of a request, the first holds the bytes of all; 5 waits behind 2, which is of its message.
        waits, kept = ([2, 4, 5], [1, 2, 4, 5]) if form is ForwardAs.EVENT else ([4], [4, 5])
        assert forget("2020") == 5 - len(kept)
        assert [event.number for event in reopen().callbacks()] == kept
        assert [one.number for one in reopen().not_forwarded()] == waits
        assert forget("2026-07-01T11:00:00.000Z") == len(kept) - 2  # the rest came in later
        assert forget("2030") == 2
    assert list(reopen().callbacks()) == []


def test_a_chore_is_done_by_one_at_a_time(store: Store, reopen: Reopen) -> None:
    store.inbox().close()
    with store.hold(Chore.FORGETTING) as ours, reopen().hold(Chore.FORGETTING) as theirs:
        assert (ours, theirs) == (True, False)

    def is_free() -> bool:
        with reopen().hold(Chore.FORGETTING) as theirs:
            return theirs

    until(is_free)  # a server frees it when it has seen that the connection ended


def test_the_latest_messages_are_offered_first(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        numbers = outbox.begin([intent(number) for number in range(3)])
        outbox.finish(
            [(number, accepted(place, f"m{place}")) for place, number in enumerate(numbers)]
        )
    assert [message_id for message_id, _ in reopen().recent(2)] == ["m2", "m1"]


IDENTITY = BatchIdentity(b"a digest")


def row(number: int, batch: int) -> Intent:
    return intent(number, batch=batch, row=number, twin=twin_of(number))


def twin_of(number: int, bar: Bar = Bar.MAYBE_SENT) -> Twin:
    return Twin((f"+99955501{number:03}", "x", "LINK", ""), is_key=False, bar=bar)


def test_a_batch_is_found_again_with_what_its_rows_came_to(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()) as outbox:
        assert outbox.batch(IDENTITY) is None
        batch = outbox.begin_batch(IDENTITY, again=False)
        one, two = outbox.begin([row(1, batch.number), row(2, batch.number)])
        (four,) = outbox.advance([(one, accepted(1, "a"))], [row(4, batch.number)])
        assert isinstance(four, int)
        outbox.advance([(four, accepted(4, "d"))], ())
    assert one < two < four
    with closing(reopen().outbox()) as outbox:
        assert outbox.batch(IDENTITY) == batch
        assert outbox.batch(BatchIdentity(b"another")) is None
        found = outbox.rows_after(batch.number, 0, 10)
        assert [(stored.row, stored.submission.outcome) for stored in found] == [
            (1, "accepted"),
            (2, "unknown"),
            (4, "accepted"),
        ]
        assert [stored.row for stored in outbox.rows_after(batch.number, 1, 1)] == [2]
        outbox.finish_batch(batch.number)
        finished = outbox.batch(IDENTITY)
        assert finished is not None
        assert finished.finished_at is not None
        again = outbox.begin_batch(IDENTITY, again=True)
        assert outbox.batch(IDENTITY) == again
        assert outbox.rows_after(again.number, 0, 10) == []


def test_an_equal_row_of_another_batch_bars_a_row_unless_it_was_not_sent(store: Store) -> None:
    with closing(store.outbox()) as outbox:
        first = outbox.begin_batch(IDENTITY, again=False)
        other = outbox.begin_batch(BatchIdentity(b"another"), again=False).number
        begun = outbox.advance((), [row(n, first.number) for n in (1, 2, 3)])
        sent, rejected, _ = (number for number in begun if isinstance(number, int))
        not_taken = accepted(2, "b")._replace(outcome=Outcome.REJECTED, billed=Certainty.NO)
        outbox.advance([(sent, accepted(1, "a")), (rejected, not_taken)], ())

        def twins(bar: Bar, besides: int) -> list[Outcome | None]:
            found = outbox.twins([twin_of(n, bar) for n in (1, 2, 3, 4)], besides=besides)
            return [one.outcome if one else None for one in found]

        assert twins(Bar.MAYBE_SENT, other) == ["accepted", None, "unknown", None]
        assert twins(Bar.SENT, other) == ["accepted", None, None, None]
        assert twins(Bar.NONE, other) == twins(Bar.MAYBE_SENT, first.number) == [None] * 4
        barred, two, *rest = outbox.advance((), [row(n, other) for n in (1, 2, 3, 4)])
        assert isinstance(barred, Submission)
        assert (barred.to, barred.message_id, isinstance(two, int)) == ("+99955501001", "a", True)
        assert [isinstance(one, int) for one in rest] == [False, True]
        assert [one.row for one in outbox.rows_after(other, 0, 9)] == [2, 4]
        unbarred = [
            row(1, other)._replace(twin=twin_of(1, Bar.NONE)),
            row(3, other)._replace(twin=twin_of(3, Bar.SENT)),
        ]
        assert all(isinstance(one, int) for one in outbox.advance((), unbarred))


def test_forgetting_keeps_what_keeps_a_row_from_being_sent_again(
    store: Store, reopen: Reopen, monkeypatch: pytest.MonkeyPatch
) -> None:
    equal, key = twin_of(1), Twin(("key", "o-7"), is_key=True, bar=Bar.MAYBE_SENT)
    with closing(store.outbox()) as outbox:
        batch = outbox.begin_batch(IDENTITY, again=False).number
        intents = [row(1, batch), row(2, batch)._replace(twin=key)]
        numbers = outbox.begin(intents)
        outbox.finish([(number, accepted(n, f"m{n}")) for n, number in enumerate(numbers, 1)])
        outbox.finish_batch(batch)

    def sent_before() -> list[bool]:
        with closing(reopen().outbox()) as outbox:
            found = outbox.twins([equal, key], besides=0)
            return [one is not None and one.to == "" for one in found]

    assert (reopen().forgettable("9999").messages, reopen().forget("9999").messages) == (2, 2)
    assert sent_before() == [True, True]  # an equal row counts for 24 hours
    monkeypatch.setattr(batches, "REMEMBERED", timedelta(0))
    assert (reopen().forgettable("9999").messages, reopen().forget("9999").messages) == (1, 1)
    assert sent_before() == [False, True]


def test_a_batch_is_held_against_everybody_else(store: Store, reopen: Reopen) -> None:
    with closing(store.outbox()), store.hold(IDENTITY) as first:
        with reopen().hold(IDENTITY) as second:
            assert (first, second) == (True, False)
        with reopen().hold(BatchIdentity(b"another")) as third:
            assert third


@pytest.mark.parametrize("field", CountField)
def test_all_messages_are_counted_as_those_of_a_time_are(store: Store, field: CountField) -> None:
    with closing(store.outbox()) as outbox:
        outbox.begin([intent(1)])  # unknown, without a code
    with closing(store.stories()) as stories:
        stories.refresh(lambda _left: None, lambda: False)
        assert stories.count(Search(until=0), [field]) == []
    receive(
        store,
        *(callback(report(id=f"d{n}", operator=f"o{n % 2}")) for n in range(5)),
        callback(report(id="f", resultCode=2104, operator=None)),
        callback(report(id="p", resultCode=1000)),
    )
    with closing(store.stories()) as stories:
        stories.refresh(lambda _left: None, lambda: False)
        counted = stories.count(Search(), [field])
        each = stories.count(Search(since=0), [field])
    assert sorted(counted, key=str) == sorted(each, key=str)
    assert sum(count for _, count in counted) == 8


class Interrupted:
    """A connection after each of whose statements something happens."""

    def __init__(self, connection: Any, happens: Callable[[], object]) -> None:
        self._connection = connection
        self._happens = happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, *asked: Any) -> Any:
        cursor = self._connection.execute(*asked)
        self._happens()
        return cursor


def test_a_key_that_is_claimed_while_a_dry_run_looks_is_no_damage(reopen: Reopen) -> None:
    with closing(reopen().outbox()) as sender, closing(reopen().outbox(read_only=True)) as looking:
        connection: Any = Interrupted(
            vars(looking)["_connection"], lambda: sender.claim(KEY, [parameters(1)])
        )
        assert once.peek(connection, KEY, [parameters(1)]).number is None
        assert once.peek(connection, KEY, [parameters(1)]).number == 1
