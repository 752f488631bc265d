"""The books compared: each rule yields what it finds wrong, and nothing if all is well."""

from collections.abc import Callable, Iterator

from tests.soak import reported, sent
from tests.soak.books import Books, StoredReport, Submission, grouped, ids_of
from tests.soak.flatness import growths

Rule = Callable[[Books], Iterator[str]]
# What the sandbox reports that is final and no delivery.
_FAILED = 2104


def status_agrees(books: Books) -> Iterator[str]:
    """`status` says of each batch what its rows and their reports add up to."""
    stored = {one.to: one for one in books.submissions}
    reports = grouped((one.message_id, one) for one in books.reports)
    for rows, shown in zip(books.rows, books.statuses, strict=True):
        expected = {
            to: _standing(stored[to], reports.get(stored[to].message_id or "", []))
            for to in rows
            if to in stored
        }
        found = {record["to"]: record["outcome"] for record in shown}
        wrong = {to for to in expected | found if expected.get(to) != found.get(to)}
        if wrong or len(shown) != len(found):
            some = [(to, expected.get(to), found.get(to)) for to in sorted(wrong)]
            yield f"status says otherwise, or says it twice: {some[:5]}"


def _standing(one: Submission, reports: list[StoredReport]) -> str:
    """Return what a message has come to."""
    if one.outcome != "accepted" or one.message_id is None:
        return one.outcome or "unknown"
    if any(report.key.code == _FAILED for report in reports):
        return "failed"
    delivered = {report.key.id for report in reports if report.key.code == 1001}
    return "delivered" if delivered >= ids_of(one.message_id, one.parts) else "pending"


def flat(books: Books) -> Iterator[str]:
    """Who lives long needs no more and more."""
    yield from (f"not flat: {one}" for one in growths(books.samples) if not one.is_flat)


def no_complaints(books: Books) -> Iterator[str]:
    """Nothing was said or done that should not have been."""
    yield from books.complaints


RULES: tuple[Rule, ...] = (
    sent.taken_once,
    sent.gateway_books,
    sent.stored_outcomes,
    sent.unknown_after_kills,
    sent.sums_of_runs,
    sent.told_rows,
    reported.acknowledged_is_stored,
    reported.reports_of_the_last_life,
    reported.told_in_order,
    reported.forwarded_in_order,
    status_agrees,
    flat,
    no_complaints,
)


def differences(books: Books) -> dict[str, list[str]]:
    """Return what each rule finds wrong, by the rule's name; nothing for one that holds."""
    found = {rule.__name__: list(rule(books)) for rule in RULES}
    return {name: wrong for name, wrong in found.items() if wrong}
