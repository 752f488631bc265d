"""Rules about reports: acknowledged, stored, told, and forwarded."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.soak.books import Books, Message, Posted, ReportKey, StoredReport, grouped, ids_of

# Reports that a receiver may have stored and not told yet when it is killed.
_UNTOLD = 100


def acknowledged_is_stored(books: Books) -> Iterator[str]:
    """What was answered 200 is in the store, and what came again is marked there."""
    passed, acknowledged = Counter[ReportKey](), Counter[ReportKey]()
    for one in books.posted:
        passed[one.key] += one.passed_on
        acknowledged[one.key] += one.acknowledged
    stored = Counter(one.key for one in books.reports)
    first = Counter(one.key for one in books.reports if not one.duplicate)
    for key in passed | stored:
        if not acknowledged[key] <= stored[key] <= passed[key]:
            yield (
                f"{key} was passed on {passed[key]} times, acknowledged {acknowledged[key]} times, "
                f"and is stored {stored[key]} times"
            )
        if stored[key] and first[key] != 1:
            yield f"{key} is stored {first[key]} times without being marked"


def reports_of_the_last_life(books: Books) -> Iterator[str]:
    """A gateway that lives on delivers every report that it owes."""
    last = books.taken[-1] if books.taken else []
    yield from (f"{to}: a report was not acknowledged" for to in owed(last, books.posted))


def owed(taken: Iterable[Message], posted: Iterable[Posted]) -> list[str]:
    """Return whose messages were taken, and have not had all their reports acknowledged."""
    had = {one.key.id for one in posted if one.acknowledged}
    return [
        message["to"]
        for message in taken
        if message["message_id"] and not had >= ids_of(message["message_id"], message["parts"])
    ]


def told_in_order(books: Books) -> Iterator[str]:
    """A receiver has printed what it stored, in that order, all of it up to where it was killed."""
    place = 0
    for life, told in enumerate(books.told):
        if not told:
            continue
        begin = place
        while life and begin < len(books.reports) and books.reports[begin] != told[0]:
            begin += 1  # stored in an earlier life, and killed before it was told
        if begin > place + _UNTOLD:
            yield f"{begin - place} reports were not told before life {life} of the receiver"
        if books.reports[begin : begin + len(told)] != told:
            yield f"life {life} of the receiver has told what is stored otherwise"
        place = begin + len(told)
    if place < len(books.reports):
        yield f"the receiver has not told {books.reports[place:]}"


def forwarded_in_order(books: Books) -> Iterator[str]:
    """Every stored report has reached the target, in order; repeats have the id of the first."""
    first: dict[str, StoredReport] = {}
    for one in books.arrived:
        if first.setdefault(one.webhook_id, one.report) != one.report:
            yield f"{one.webhook_id} came with {one.report} and {first[one.webhook_id]}"
    came = grouped((report.message_id, report) for report in first.values())
    stored = grouped((report.message_id, report) for report in books.reports)
    for message in {**came, **stored}:
        if came.get(message) != stored.get(message):
            yield f"{message} is stored as {stored.get(message)}, and came as {came.get(message)}"
