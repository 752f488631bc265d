"""What there is in the books of a soak, in figures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.soak.books import ACCEPTED, Books
from tests.soak.flatness import growths


def counts(books: Books) -> dict[str, Any]:
    """Return how much of everything there is; of those who live long, medians of two quarters."""
    outcomes = Counter(one.outcome or "unknown" for one in books.submissions)
    taken = {message["message_id"] for life in books.taken for message in life} - {None}
    reported = {one.message_id for one in books.reports}
    arrived = len({one.webhook_id for one in books.arrived})
    return {
        "batches": len(books.rows),
        "runs": len(books.runs),
        "rows": sum(map(len, books.rows)),
        "requests": len(books.submitted),
        "accepted_by_gateway": sum(one.code == ACCEPTED for one in books.submitted),
        "stored": dict(sorted(outcomes.items())),
        "out_at_kills_of_batch": sum(map(len, books.out)),
        "reports_posted": len(books.posted),
        "reports_acknowledged": sum(one.acknowledged for one in books.posted),
        "reports_stored": len(books.reports),
        "marked_as_duplicates": sum(one.duplicate for one in books.reports),
        "reports_told": sum(map(len, books.told)),
        "reports_at_target": arrived,
        "repeats_at_target": len(books.arrived) - arrived,
        "messages_whose_reports_died_with_gateway": len(taken - reported),
        "second_quarter_and_last": {
            one.party: {"age": round(one.age), "files": one.files, "memory_kib": one.memory}
            for one in growths(books.samples)
        },
    }


def lines(record: Mapping[str, Any], margin: str = "") -> Iterator[str]:
    """Yield a record as a person reads it."""
    for name, value in record.items():
        label = f"{margin}{name.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield label if value else f"{label}  none"
            yield from lines(value, margin + "  ")
        elif isinstance(value, list):
            yield label
            yield from (f"{margin}  {one}" for one in value)
        else:
            yield f"{label:45}  {value}"
