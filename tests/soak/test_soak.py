"""A short soak, in which nothing may be lost or doubled; and faults in its books, which are found.

The long form is `python tests/soak`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from tests.soak import comparing, reported, sent
from tests.soak.books import ACCEPTED, Books, Posted, Submission
from tests.soak.comparing import RULES, Rule, differences
from tests.soak.flatness import Sample
from tests.soak.soaking import PARTIES, Plan, Soak, Strike

KILLS = 2
One = TypeVar("One")

# The soak takes 12 seconds on a quiet machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Soak, Books]]:
    folder = tmp_path_factory.mktemp("soak")
    plan = Plan(
        strikes=[Strike(number, PARTIES[number % 4]) for number in range(4 * KILLS)],
        seconds=8,
        rows=60,
        rate=30,
        seed=1,
        forwarder_too=False,  # its claims would last for another 40 s
        patience=90,
    )
    with Soak(plan, folder, str(folder / "state")) as soak:
        yield soak, soak.run()


def test_nothing_is_lost_or_doubled(soaked: tuple[Soak, Books]) -> None:
    soak, books = soaked
    assert differences(books) == {}
    assert all(soak.kills[party] == KILLS for party in ("gateway", "receiver", "target"))
    assert 1 <= soak.kills["batch"] <= KILLS  # it may just have ended by itself
    accepted = {one.message_id for one in books.submissions if one.outcome == "accepted"}
    assert len(accepted) > len(books.submissions) // 2
    assert len({one.message_id for one in books.reports} & accepted) > len(accepted) // 2


def without(book: Sequence[One], place: int) -> list[One]:
    return [*book[:place], *book[place + 1 :]]


def changed(book: Sequence[One], place: int, one: One) -> list[One]:
    return [*book[:place], one, *book[place + 1 :]]


def an_accepted(books: Books) -> tuple[int, Submission]:
    """Return the place of a message in the outbox that was accepted as clearly as can be."""
    out = frozenset[str]().union(*books.out)
    clear = {one.to for one in books.submitted if one.is_clear and one.code == ACCEPTED} - out
    return next((at, one) for at, one in enumerate(books.submissions) if one.to in clear)


def with_outcome(books: Books, outcome: str | None) -> Books:
    place, one = an_accepted(books)
    later = one._replace(outcome=outcome, message_id=None)
    return replace(books, submissions=changed(books.submissions, place, later))


def passed_on_again(books: Books) -> Books:
    _, message = an_accepted(books)
    again = next(one for one in books.submitted if one.to == message.to)
    return replace(books, submitted=[*books.submitted, again])


def taken_again(books: Books) -> Books:
    last = books.taken[-1]
    first = next(message for message in last if message["message_id"])
    again = {**first, "serial": len(last) + 1, "message_id": "another"}
    return replace(books, taken=[*books.taken[:-1], [*last, again]])


def not_printed(books: Books) -> Books:
    last = books.taken[-1]
    cut = max(place for place, message in enumerate(last) if message["result_code"] == ACCEPTED)
    return replace(books, taken=[*books.taken[:-1], last[:cut]])


def not_stored(books: Books) -> Books:
    return replace(books, submissions=without(books.submissions, an_accepted(books)[0]))


def never_accepted(books: Books) -> Books:
    place, one = an_accepted(books)
    other = one._replace(message_id="another")
    return replace(books, submissions=changed(books.submissions, place, other))


def too_many_out(books: Books) -> Books:
    return replace(books, out=[*books.out, frozenset(books.rows[0][:9])])


def run_without_a_row(books: Books) -> Books:
    place = next(at for at, run in enumerate(books.runs) if run.summary)
    run = books.runs[place]
    return replace(books, runs=changed(books.runs, place, replace(run, records=run.records[1:])))


def told_as_accepted_again(books: Books) -> Books:
    place, row = next(
        (at, row)
        for at, run in enumerate(books.runs)
        for row in run.rows
        if row["outcome"] == "accepted"
    )
    run = books.runs[place]
    return replace(
        books, runs=changed(books.runs, place, replace(run, records=[row, *run.records]))
    )


def acknowledged_and_not_stored(books: Books) -> Books:
    return replace(books, reports=books.reports[1:])


def unmarked_duplicate(books: Books) -> Books:
    one = next(one for one in books.reports if not one.duplicate)
    again = Posted(key=one.key, passed_on=1, acknowledged=1)
    return replace(books, posted=[*books.posted, again], reports=[*books.reports, one])


def never_reported(books: Books) -> Books:
    message = next(one for one in books.taken[-1] if one["message_id"])
    rest = [one for one in books.posted if not one.key.id.startswith(message["message_id"])]
    return replace(books, posted=rest)


def not_told(books: Books) -> Books:
    return replace(books, told=[*books.told[:-1], without(books.told[-1], 1)])


def told_again(books: Books) -> Books:
    return replace(books, told=[*books.told[:-1], [*books.told[-1], books.told[-1][-1]]])


def last_not_told(books: Books) -> Books:
    return replace(books, told=[*books.told[:-1], books.told[-1][:-1]])


def hardly_told(books: Books) -> Books:
    more = [books.reports[0]._replace(received_at=str(number)) for number in range(200)]
    return replace(books, reports=[*books.reports, *more], told=[*books.told, more[-1:]])


def not_forwarded(books: Books) -> Books:
    lost = books.arrived[0].webhook_id
    return replace(books, arrived=[one for one in books.arrived if one.webhook_id != lost])


def forwarded_under_another_id(books: Books) -> Books:
    again = books.arrived[0]._replace(webhook_id="another")
    return replace(books, arrived=[*books.arrived, again])


def forwarded_in_another_order(books: Books) -> Books:
    reports = Counter(one.report.message_id for one in books.arrived)
    several = next(message for message, count in reports.items() if count > 1)
    moved = next(one for one in books.arrived if one.report.message_id == several)
    rest = [one for one in books.arrived if one.webhook_id != moved.webhook_id]
    return replace(books, arrived=[*rest, moved])


def status_otherwise(books: Books) -> Books:
    record = {**books.statuses[0][0], "outcome": "not_sent"}
    return replace(books, statuses=[[record, *books.statuses[0][1:]], *books.statuses[1:]])


def growing(books: Books) -> Books:
    samples = [Sample("receiver", 0, 30.0 + age, 20 + age, 50_000) for age in range(80)]
    return replace(books, samples=samples)


def complained(books: Books) -> Books:
    return replace(books, complaints=["gateway ended 1"])


PLANTED: tuple[tuple[Callable[[Books], Books], Rule], ...] = (
    (passed_on_again, sent.taken_once),
    (taken_again, sent.taken_once),
    (not_printed, sent.gateway_books),
    (not_stored, sent.stored_outcomes),
    (never_accepted, sent.stored_outcomes),
    (lambda books: with_outcome(books, None), sent.stored_outcomes),
    (lambda books: with_outcome(books, "unknown"), sent.stored_outcomes),
    (lambda books: with_outcome(books, "rejected"), sent.stored_outcomes),
    (lambda books: with_outcome(books, "not_sent"), sent.stored_outcomes),
    (too_many_out, sent.unknown_after_kills),
    (run_without_a_row, sent.sums_of_runs),
    (told_as_accepted_again, sent.told_rows),
    (acknowledged_and_not_stored, reported.acknowledged_is_stored),
    (unmarked_duplicate, reported.acknowledged_is_stored),
    (never_reported, reported.reports_of_the_last_life),
    (not_told, reported.told_in_order),
    (told_again, reported.told_in_order),
    (last_not_told, reported.told_in_order),
    (hardly_told, reported.told_in_order),
    (not_forwarded, reported.forwarded_in_order),
    (forwarded_under_another_id, reported.forwarded_in_order),
    (forwarded_in_another_order, reported.forwarded_in_order),
    (status_otherwise, comparing.status_agrees),
    (growing, comparing.flat),
    (complained, comparing.no_complaints),
)


def test_a_fault_in_any_book_is_found(soaked: tuple[Soak, Books]) -> None:
    _, books = soaked
    for plant, rule in PLANTED:
        assert rule.__name__ in differences(plant(books)), (plant.__name__, rule.__name__)
    assert {rule for _, rule in PLANTED} == set(RULES)
